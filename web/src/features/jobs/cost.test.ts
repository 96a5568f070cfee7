import assert from "node:assert/strict";
import { test } from "node:test";
import { highestCost } from "./cost.ts";

const priced = (amount: string | null) => ({
  estimate: {
    amount,
    currency: "USD" as const,
    basis: amount === null ? ("unknown" as const) : ("estimated" as const),
  },
});

test("the highest cost of images is the sum of their estimates", () => {
  assert.equal(highestCost([priced("0.042000"), priced("0.063000")]), 105_000n);
  assert.equal(highestCost([]), 0n);
});

test("one unknown price makes the sum unknown, not smaller", () => {
  assert.equal(highestCost([priced("0.042000"), priced(null)]), null);
});
