import assert from "node:assert/strict";
import { test } from "node:test";
import { amountText, dollars, microsOf, priceText, share } from "./money.ts";

test("amounts become whole micro-dollars", () => {
  assert.equal(microsOf("0.042000"), 42_000n);
  assert.equal(microsOf("12"), 12_000_000n);
  assert.equal(microsOf("-0.004"), -4_000n);
  assert.equal(microsOf("0.1") + microsOf("0.2"), microsOf("0.3"));
});

test("amounts show the decimals that are asked for, half rounded up", () => {
  assert.equal(dollars(0n), "$0.00");
  assert.equal(dollars(1_204_505_000n), "$1,204.51");
  assert.equal(dollars(999_995_000n), "$1,000.00");
  assert.equal(dollars(-4_000n, 6), "−$0.004000");
  assert.equal(dollars(5_000_000n, 0), "$5");
  assert.equal(amountText("0.063", 6), "$0.063000");
});

test("the price of an image has a third decimal only where it says something", () => {
  assert.equal(priceText("0.04"), "$0.04");
  assert.equal(priceText("0.003"), "$0.003");
  assert.equal(priceText("0.0005"), "$0.001");
});

test("a share of no limit is nothing or all", () => {
  assert.equal(share(1n, 4n), 0.25);
  assert.equal(share(0n, 0n), 0);
  assert.equal(share(1n, 0n), 1);
});
