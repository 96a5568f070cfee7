import assert from "node:assert/strict";
import { test } from "node:test";
import { brokenRows, endedRows, isOpen, priceKind } from "./counts.ts";

const jobs = {
  total: 10,
  waiting: 2,
  running: 1,
  succeeded: 3,
  partially_succeeded: 1,
  failed: 2,
  cancelled: 1,
};

test("rows that wait or run have not ended", () => {
  assert.equal(endedRows({ jobs }), 7);
});

test("a row with a missing image counts as broken", () => {
  assert.equal(brokenRows({ jobs }), 3);
});

test("a price is never zero while a part of it is unknown", () => {
  const estimate = (amount: string, unknown_images: number) =>
    priceKind({ amount, currency: "USD", unknown_images });
  assert.equal(estimate("0.000000", 0), "free");
  assert.equal(estimate("0.040000", 0), "known");
  assert.equal(estimate("0.040000", 1), "part");
  assert.equal(estimate("0.000000", 1), "unknown");
});

test("a batch that is being cancelled is still open", () => {
  assert.equal(isOpen("cancelling"), true);
  assert.equal(isOpen("partially_succeeded"), false);
});
