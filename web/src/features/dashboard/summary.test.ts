import assert from "node:assert/strict";
import { test } from "node:test";
import type { components } from "../../api/schema.d.ts";
import { needsOf, sameDay, studiosOf, timeOfDay } from "./summary.ts";

type Operation = components["schemas"]["Operation"];

function operation(id: string, studio: string, providers: string[]): Operation {
  return {
    id,
    studio,
    providers,
    title: id,
    description: "",
    async: true,
    produces: "image",
    prompt: "none",
    mask: "none",
    inputs: [],
    one_of: [],
    models: {},
    phases: [],
  };
}

const operations = [
  operation("generate", "create", ["openai"]),
  operation("edit.inpaint", "edit", ["stability"]),
  operation("edit.general", "edit", ["builtin"]),
];

test("a studio is ready if one usable provider makes one of its operations", () => {
  const studios = studiosOf(operations, [
    { id: "openai", enabled: true, configured: "none" },
    { id: "stability", enabled: false, configured: "own" },
    { id: "builtin", enabled: true, configured: "stack" },
  ]);
  assert.deepEqual(studios, [
    { id: "create", operations: 1, ready: false },
    { id: "edit", operations: 2, ready: true },
  ]);
});

test("a provider that is switched off makes no studio ready", () => {
  const studios = studiosOf(operations.slice(1, 2), [
    { id: "stability", enabled: false, configured: "own" },
  ]);
  assert.deepEqual(studios, [{ id: "edit", operations: 1, ready: false }]);
});

test("a studio is not ready without its providers", () => {
  assert.deepEqual(
    studiosOf(operations, []).map((studio) => studio.ready),
    [false, false],
  );
});

test("failed images and unknown costs count from a time on", () => {
  const job = (created_at: string, failed: number, unknown_entries: number) => ({
    created_at,
    counts: { total: 9, succeeded: 0, failed, skipped: 0, cancelled: 0, unknown: 0 },
    cost: {
      amount: "0.000000",
      currency: "USD" as const,
      basis: "settled" as const,
      unknown_entries,
      reserved: "0.000000",
      max_cost: null,
    },
  });
  const jobs = [
    job("2026-12-01T10:00:00Z", 2, 1),
    job("2026-11-30T10:00:00Z", 1, 0),
    job("2026-11-01T10:00:00Z", 5, 5),
  ];
  assert.deepEqual(needsOf(jobs, Date.parse("2026-11-25T00:00:00Z")), {
    failedImages: 3,
    unknownCosts: 1,
  });
});

test("the day has three parts", () => {
  assert.deepEqual([4, 5, 11, 12, 17, 18].map(timeOfDay), [
    "evening",
    "morning",
    "morning",
    "afternoon",
    "afternoon",
    "evening",
  ]);
});

test("a day ends at midnight", () => {
  assert.equal(sameDay(new Date(2026, 11, 1, 0, 1), new Date(2026, 11, 1, 23, 59)), true);
  assert.equal(sameDay(new Date(2026, 11, 1, 23, 59), new Date(2026, 11, 2, 0, 1)), false);
});
