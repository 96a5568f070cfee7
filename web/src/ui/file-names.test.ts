import assert from "node:assert/strict";
import { test } from "node:test";
import { fileName } from "./file-names.ts";

test("a file name has letters and digits of any script and the suffix of its type", () => {
  assert.equal(
    fileName(["Köln: 2/3?", "Featured Image"], "image/jpeg"),
    "köln-2-3-featured-image.jpg",
  );
  assert.equal(fileName(["商品写真"], "image/png"), "商品写真.png");
  assert.equal(fileName(["../..", "!"], "image/webp"), "image.webp");
});
