import assert from "node:assert/strict";
import { test } from "node:test";
import { fitting } from "./rows.ts";

const shape = { width: 420, height: 100, gap: 10, widest: 300 };

test("a row ends where the next picture does not fit beside the others and their gaps", () => {
  assert.equal(fitting([1, 1, 1, 1, 1], 1, shape), 3);
  assert.equal(fitting([1, 1, 1, 1, 1], 2, shape), 5);
  assert.equal(fitting([1, 1, 1, 1], 1, { ...shape, width: 430 }), 4);
});

test("a picture is never wider than the widest one; one wider than the row fills it", () => {
  assert.equal(fitting([9, 1, 1], 1, shape), 2);
  assert.equal(fitting([9, 9, 9], 2, { ...shape, width: 200 }), 2);
});

test("fewer pictures than fit are all shown", () => {
  assert.equal(fitting([1], 2, shape), 1);
  assert.equal(fitting([], 2, shape), 0);
});
