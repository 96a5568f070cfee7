import assert from "node:assert/strict";
import { test } from "node:test";
import { fileNameOf, nameOf } from "./names.ts";

test("an asset is called by its title, its label or its prompt", () => {
  assert.equal(nameOf({ title: "Mug", label: "front", recipe: { prompt: "a mug" } }), "Mug");
  assert.equal(nameOf({ title: null, label: "front", recipe: { prompt: "a mug" } }), "front");
  assert.equal(nameOf({ title: null, label: null, recipe: { prompt: "a mug" } }), "a mug");
  assert.equal(nameOf({ title: null, label: null, recipe: {} }), null);
});

test("the name of a file keeps letters of any script and has the suffix of its type", () => {
  assert.equal(fileNameOf("A red mug!", "desktop", "image/webp"), "A-red-mug-desktop.webp");
  assert.equal(fileNameOf("商品写真", null, "image/jpeg"), "商品写真.jpg");
  assert.equal(fileNameOf("../..", null, "image/png"), "image.png");
  assert.equal(fileNameOf(null, null, "image/avif"), "image.avif");
});
