import assert from "node:assert/strict";
import { test } from "node:test";
import { ratioOf, titleOf } from "./asset.ts";

test("an asset is called by its title, its label or its prompt", () => {
  assert.equal(titleOf({ title: "Mug", label: "front", recipe: { prompt: "a mug" } }), "Mug");
  assert.equal(titleOf({ title: null, label: "front", recipe: { prompt: "a mug" } }), "front");
  assert.equal(titleOf({ title: null, label: null, recipe: { prompt: "a mug" } }), "a mug");
  assert.equal(titleOf({ title: null, label: null, recipe: {} }), null);
});

test("an asset without a size is drawn as a square", () => {
  assert.equal(ratioOf({ width: 300, height: 200 }), 1.5);
  assert.equal(ratioOf({ width: null, height: null }), 1);
});
