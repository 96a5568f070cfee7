/** What the dashboard tells, out of the documents of the API. */
import type { Provider } from "../../api/providers.ts";
import type { components } from "../../api/schema.d.ts";

type Operation = components["schemas"]["Operation"];
type Job = components["schemas"]["ListedJob"];

export interface Studio {
  id: string;
  operations: number;
  /** An enabled provider with a key makes at least one of the operations. */
  ready: boolean;
}

/** Returns the studios in the order of their first operation. */
export function studiosOf(
  operations: readonly Operation[],
  providers: readonly Pick<Provider, "id" | "enabled" | "configured">[],
): Studio[] {
  const usable = new Set(
    providers
      .filter((provider) => provider.enabled !== false && provider.configured !== "none")
      .map((provider) => provider.id),
  );
  const studios = new Map<string, Studio>();
  for (const operation of operations) {
    const ready = operation.providers.some((provider) => usable.has(provider));
    const studio = studios.get(operation.studio);
    if (!studio) studios.set(operation.studio, { id: operation.studio, operations: 1, ready });
    else {
      studio.operations += 1;
      studio.ready ||= ready;
    }
  }
  return [...studios.values()];
}

export interface Needs {
  failedImages: number;
  unknownCosts: number;
}

/** Counts failed images and calls of unknown cost in the jobs since a time. */
export function needsOf(
  jobs: readonly Pick<Job, "counts" | "cost" | "created_at">[],
  since: number,
): Needs {
  const recent = jobs.filter((job) => Date.parse(job.created_at) >= since);
  return {
    failedImages: recent.reduce((sum, job) => sum + job.counts.failed, 0),
    unknownCosts: recent.reduce((sum, job) => sum + job.cost.unknown_entries, 0),
  };
}

export type TimeOfDay = "morning" | "afternoon" | "evening";

export function timeOfDay(hour: number): TimeOfDay {
  if (hour < 5 || hour >= 18) return "evening";
  return hour < 12 ? "morning" : "afternoon";
}

/** Tells whether two times are on the same day of the local calendar. */
export function sameDay(first: Date, second: Date): boolean {
  return first.toDateString() === second.toDateString();
}
