import assert from "node:assert/strict";
import { test } from "node:test";
import type { Pair } from "../../api/folders.ts";
import { isMaking, jobInWork, keyOf, withoutResult } from "./pairs.ts";

function pair(changes: Partial<Pair>): Pair {
  return {
    created_at: "2026-12-01T00:00:00Z",
    input_asset_id: "ast_1",
    input_name: "front.jpg",
    input_thumbnail_url: null,
    input_url: null,
    item: null,
    job_id: null,
    output_asset_id: null,
    output_name: null,
    output_url: null,
    status: "pending",
    thumbnail_url: null,
    ...changes,
  };
}

test("a photo without a job is not being made", () => {
  assert.equal(isMaking(pair({})), false);
  assert.equal(isMaking(pair({ job_id: "job_1" })), true);
  assert.equal(isMaking(pair({ job_id: "job_1", status: "failed" })), false);
});

test("results are made of photos that have none and wait for none", () => {
  const pairs = [
    pair({}),
    pair({ job_id: "job_1" }),
    pair({ job_id: "job_1", status: "failed" }),
    pair({ job_id: "job_1", status: "succeeded" }),
    pair({ input_asset_id: null, status: "failed" }),
  ];
  assert.deepEqual(
    withoutResult(pairs).map((one) => one.status),
    ["pending", "failed"],
  );
});

test("the queue is that of the newest job in work", () => {
  assert.equal(jobInWork([pair({ job_id: "job_1" }), pair({ job_id: "job_2" })]), "job_2");
  assert.equal(jobInWork([pair({ job_id: "job_1", status: "succeeded" })]), null);
});

test("a pair keeps its key while its result comes", () => {
  assert.equal(keyOf(pair({ output_asset_id: "ast_2" })), "ast_1");
  assert.equal(keyOf(pair({ input_asset_id: null, job_id: "job_1", item: 3 })), "job_1/3");
});
