import assert from "node:assert/strict";
import { test } from "node:test";
import type { LedgerEntry } from "../../api/studio.ts";
import { ledgerCsv } from "./ledger.ts";

function entry(changes: Partial<LedgerEntry> = {}): LedgerEntry {
  return {
    amount: "-0.004000",
    at: "2026-05-04T10:00:00Z",
    attempt: 1,
    basis: "reported",
    currency: "USD",
    duration_ms: 1200,
    id: "led_1",
    item: 2,
    model: "gpt-image-1",
    operation: "generate",
    price_version: "2026-05-01",
    provider: "openai",
    provider_request_id: "req_1",
    reservation_used: "0.000000",
    run: 1,
    type: "release",
    ...changes,
  };
}

test("a ledger becomes one line an entry, in the order of events", () => {
  const lines = ledgerCsv([entry(), entry({ id: "led_2" })]).split("\r\n");
  assert.equal(lines.length, 4);
  assert.equal(lines[0]?.split(",").length, 16);
  assert.match(lines[1] ?? "", /^2026-05-04T10:00:00Z,release,1,2,1,-0\.004000,USD,reported,/);
  assert.match(lines[2] ?? "", /led_2$/);
});

test("an unknown amount is an empty cell, never a zero", () => {
  const [, line] = ledgerCsv([entry({ amount: null, basis: "unknown" })]).split("\r\n");
  assert.match(line ?? "", /,1,,USD,unknown,/);
});

test("quotes and commas are kept, and a formula is text", () => {
  const [, line] = ledgerCsv([
    entry({ provider_request_id: '=HYPERLINK("a,b")', model: "-cmd" }),
  ]).split("\r\n");
  assert.ok(line?.includes(`"'=HYPERLINK(""a,b"")"`));
  assert.ok(line?.includes(",'-cmd,"));
});
