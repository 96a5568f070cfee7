/** What would make the studio refuse an order, and what it merely says about one. */
import type { Estimate } from "../../api/studio.ts";
import { microsOf } from "../../money.ts";

export type Refusal =
  | { kind: "key"; provider: string }
  | { kind: "maxCost" }
  | { kind: "month"; over: bigint }
  | { kind: "unpriced"; text: string };

/** Returns the name of the member that a JSON pointer of an estimate names, such as `seed`. */
export function memberAt(pointer: string): string {
  return pointer.replace(/^\/jobs\/\d+\//, "").replace(/^\//, "");
}

function sentence(text: string): string {
  const plain = text.replace(/^job \d+: /, "");
  return `${plain.charAt(0).toUpperCase()}${plain.slice(1)}${/[.!?]$/.test(plain) ? "" : "."}`;
}

/** Returns the micro-dollars that the month has left after an order, or null without a limit. */
export function leftAfter(estimate: Pick<Estimate, "budget" | "held">): bigint | null {
  const { limit, committed } = estimate.budget;
  if (!limit) return null;
  return (
    microsOf(limit.amount) - microsOf(committed?.amount ?? "0") - microsOf(estimate.held.amount)
  );
}

/** Returns why an order would be refused, and the remarks that do not stop it. */
export function judge(estimate: Pick<Estimate, "budget" | "held" | "warnings">): {
  refusals: Refusal[];
  notes: string[];
} {
  const refusals: Refusal[] = [];
  const notes: string[] = [];
  for (const warning of estimate.warnings) {
    const key = /no key is stored for provider ([^\s:]+)$/.exec(warning);
    if (key?.[1]) refusals.push({ kind: "key", provider: key[1] });
    else if (warning.includes("above max_cost")) refusals.push({ kind: "maxCost" });
    else if (warning.includes("no cost limit can be kept"))
      refusals.push({ kind: "unpriced", text: sentence(warning) });
    else if (!warning.startsWith("the month's limit")) notes.push(sentence(warning));
  }
  const left = leftAfter(estimate);
  if (left !== null && left < 0n && microsOf(estimate.held.amount) > 0n)
    refusals.push({ kind: "month", over: -left });
  return { refusals, notes };
}
