import type { Item } from "../../api/studio.ts";
import { microsOf } from "../../money.ts";

/** Returns the most in micro-dollars that images may cost again, null if a price is not known. */
export function highestCost(items: readonly Pick<Item, "estimate">[]): bigint | null {
  let sum = 0n;
  for (const { estimate } of items) {
    if (estimate.amount === null) return null;
    sum += microsOf(estimate.amount);
  }
  return sum;
}
