import assert from "node:assert/strict";
import { test } from "node:test";
import { judge, leftAfter, memberAt } from "./refusals.ts";

const dollars = (amount: string) => ({ amount, currency: "USD" as const });

function estimate(warnings: string[], limit: string | null = null, held = "0.160000") {
  return {
    warnings,
    held: { ...dollars(held), unpriced: 0 },
    budget: {
      limit: limit === null ? null : dollars(limit),
      committed: limit === null ? null : dollars("9.900000"),
    },
  };
}

test("a missing key refuses, a substitute for it does not", () => {
  assert.deepEqual(judge(estimate(["job 1: no key is stored for provider openai"])).refusals, [
    { kind: "key", provider: "openai" },
  ]);
  const replaced = judge(
    estimate(["job 1: no key is stored for provider openai: gemini instead."]),
  );
  assert.deepEqual(replaced.refusals, []);
  assert.deepEqual(replaced.notes, ["No key is stored for provider openai: gemini instead."]);
});

test("limits of the order and of the month refuse", () => {
  const above = "job 1: the estimate of 0.160000 USD is above max_cost 0.010000 USD";
  assert.deepEqual(judge(estimate([above])).refusals, [{ kind: "maxCost" }]);
  const over = judge(estimate(["the month's limit leaves 0.100000 USD, and"], "10.000000"));
  assert.deepEqual(over, { refusals: [{ kind: "month", over: 60_000n }], notes: [] });
});

test("an unknown price refuses where a limit applies", () => {
  const text = "job 1: 1 of 1 images have no known price, so no cost limit can be kept: why";
  assert.equal(judge(estimate([text])).refusals[0]?.kind, "unpriced");
});

test("the rest of the month is told only where there is a limit", () => {
  assert.equal(leftAfter(estimate([])), null);
  assert.equal(leftAfter(estimate([], "20.000000")), 9_940_000n);
});

test("a free order does not pass a used-up month", () => {
  assert.deepEqual(judge(estimate([], "9.000000", "0.000000")).refusals, []);
});

test("a pointer names the member of the order", () => {
  assert.equal(memberAt("/jobs/0/output/format"), "output/format");
  assert.equal(memberAt("/seed"), "seed");
});
