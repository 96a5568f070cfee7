/** What the workspace tells about photos and their results. */
import type { Pair } from "../../api/folders.ts";

/** The key of a pair: its photo, or the image of the job that has none. */
export function keyOf(pair: Pair): string {
  return pair.input_asset_id ?? pair.output_asset_id ?? `${pair.job_id}/${pair.item}`;
}

/** Tells whether a result is being made. A photo without a job waits for nothing. */
export function isMaking(pair: Pair): boolean {
  return pair.status === "pending" && pair.job_id !== null;
}

/** Returns the photos that have no result and no job that makes one. */
export function withoutResult(pairs: readonly Pair[]): Pair[] {
  return pairs.filter(
    (pair) => pair.status !== "succeeded" && !isMaking(pair) && pair.input_asset_id !== null,
  );
}

/** Returns the job that makes results now, the newest one. */
export function jobInWork(pairs: readonly Pair[]): string | null {
  return pairs.filter(isMaking).at(-1)?.job_id ?? null;
}
