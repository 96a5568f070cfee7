import assert from "node:assert/strict";
import { test } from "node:test";
import { collapseEvents, expandEvents } from "./events.ts";

test("a wildcard stands for all events of its kind", () => {
  assert.deepEqual(
    [...expandEvents(["job.*", "batch.failed"])],
    ["job.succeeded", "job.partially_succeeded", "job.failed", "job.cancelled", "batch.failed"],
  );
});

test("all events of a kind become its wildcard, others stay single", () => {
  const chosen = new Set(expandEvents(["job.*", "upload.quarantined", "batch.failed"]));
  assert.deepEqual(collapseEvents(chosen), ["job.*", "batch.failed", "upload.*"]);
  assert.deepEqual(collapseEvents(new Set()), []);
});
