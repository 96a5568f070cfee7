import assert from "node:assert/strict";
import { test } from "node:test";
import { isSize, normalSize } from "./size.ts";

test("a size has two sides of two to four digits", () => {
  assert.equal(isSize("1536x1024"), true);
  for (const wrong of ["", "1536", "1536x", "1536x10240", "1536 x 1024", "-10x20"]) {
    assert.equal(isSize(wrong), false, wrong);
  }
});

test("signs and spaces of people become those of the API", () => {
  assert.equal(normalSize(" 1536 × 1024 "), "1536x1024");
  assert.equal(normalSize("800X600"), "800x600");
});
