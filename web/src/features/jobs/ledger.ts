/** The ledger of a job as a table for other programs. */
import type { LedgerEntry } from "../../api/studio.ts";

const columns = [
  "at",
  "type",
  "run",
  "item",
  "attempt",
  "amount",
  "currency",
  "basis",
  "provider",
  "model",
  "operation",
  "provider_request_id",
  "price_version",
  "reservation_used",
  "duration_ms",
  "id",
] as const satisfies readonly (keyof LedgerEntry)[];

// A spreadsheet would run a cell that begins with one of these as a formula.
const formula = /^[=+@\t\r]|^-(?![\d.])/;

function cell(value: string | number | null): string {
  if (value === null) return "";
  const text = formula.test(String(value)) ? `'${value}` : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Returns the entries as CSV (RFC 4180). An unknown amount is an empty cell with the basis `unknown`. */
export function ledgerCsv(entries: readonly LedgerEntry[]): string {
  const lines = entries.map((entry) => columns.map((column) => cell(entry[column])).join(","));
  return [columns.join(","), ...lines, ""].join("\r\n");
}
