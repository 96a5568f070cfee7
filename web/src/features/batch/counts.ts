/** Figures of a batch or of a checked table, as the pages show them. */
import type { Batch, BatchImport, BatchProgress } from "../../api/batches.ts";
import { microsOf } from "../../money.ts";

type Counted = Pick<Batch | BatchProgress, "jobs">;

const open: readonly Batch["status"][] = ["queued", "running", "cancelling"];

export function isOpen(state: Batch["status"]): boolean {
  return open.includes(state);
}

/** Returns the rows that have ended, however they ended. */
export function endedRows({ jobs }: Counted): number {
  return jobs.succeeded + jobs.partially_succeeded + jobs.failed + jobs.cancelled;
}

/** Returns the rows in which something is missing. */
export function brokenRows({ jobs }: Counted): number {
  return jobs.partially_succeeded + jobs.failed;
}

/** Tells how the price of a checked table reads: free, known, in part or wholly unknown. */
export function priceKind(
  estimate: BatchImport["estimate"],
): "free" | "known" | "part" | "unknown" {
  const amount = microsOf(estimate.amount ?? "0");
  if (estimate.unknown_images > 0) return amount > 0n ? "part" : "unknown";
  return amount > 0n ? "known" : "free";
}
