import assert from "node:assert/strict";
import { test } from "node:test";
import { afterKey, lookAt, MAX_ZOOM, START, stageRatio, zoomed } from "./maths.ts";

test("arrows move the split by one percent, with Shift by ten, and stop at the edges", () => {
  assert.equal(afterKey(START, "ArrowLeft", false)?.x, 49);
  assert.equal(afterKey(START, "ArrowRight", true)?.x, 60);
  assert.equal(afterKey({ ...START, x: 95 }, "ArrowRight", true)?.x, 100);
  assert.equal(afterKey({ ...START, x: 0 }, "ArrowLeft", false)?.x, 0);
  assert.equal(afterKey(START, "Home", false)?.x, 0);
  assert.equal(afterKey(START, "End", false)?.x, 100);
});

test("plus and minus zoom between one and the limit, zero goes back", () => {
  const near = afterKey(START, "+", true);
  assert.equal(near?.zoom, 1.5);
  assert.equal(afterKey(START, "-", false)?.zoom, 1);
  assert.equal(zoomed(START, 20).zoom, MAX_ZOOM);
  assert.deepEqual(afterKey({ x: 30, y: 80, zoom: 4 }, "0", false), { x: 30, y: 50, zoom: 1 });
});

test("up and down look around only while zoomed", () => {
  assert.equal(afterKey(START, "ArrowUp", false)?.y, 50);
  assert.equal(afterKey({ ...START, zoom: 2 }, "ArrowUp", false)?.y, 49);
  assert.equal(afterKey({ ...START, zoom: 2 }, "ArrowDown", true)?.y, 60);
});

test("other keys are left to the page", () => {
  assert.equal(afterKey(START, "a", false), null);
  assert.equal(afterKey(START, "Tab", true), null);
});

test("a point of the stage becomes percentages", () => {
  const stage = { width: 400, height: 200 };
  assert.deepEqual(lookAt(START, 100, 20, stage), { x: 25, y: 50, zoom: 1 });
  assert.deepEqual(lookAt({ ...START, zoom: 2 }, 100, 20, stage), { x: 25, y: 10, zoom: 2 });
  assert.equal(lookAt(START, 900, 20, stage).x, 100);
  assert.deepEqual(lookAt(START, 1, 1, { width: 0, height: 0 }), START);
});

test("the stage takes the taller shape, so that both images fit by width", () => {
  const wide = { width: 1536, height: 1024 };
  assert.equal(stageRatio([wide, { width: 1024, height: 1024 }]), 1);
  assert.equal(stageRatio([wide, undefined]), 1.5);
  assert.equal(stageRatio([undefined, {}]), 1);
});
