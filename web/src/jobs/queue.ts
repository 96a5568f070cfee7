/** Rules of the queue: the curve of a bar, the rows, the counts and the sentences about them. No DOM. */
import type { components } from "../api/schema.d.ts";

export type Progress = components["schemas"]["Progress"];
export type Result = Progress["results"][number];
export type Phase = Progress["phase"];
type Waiting = NonNullable<Result["waiting"]>;

/** What a page knows of an image before the order is sent. */
export interface OrderedImage {
  number: number;
  label: string;
  contentTitle: string;
  imageUrl: string | null;
}

/** One image of the queue as it is shown. */
export interface QueueRow extends OrderedImage {
  status: Result["status"] | "waiting";
  /** 0 to 100, with fractions while the bar moves. */
  percent: number;
  error: string | null;
  waiting: Waiting | null;
}

/** Where the percentages of a phase begin and end. */
const bands: Record<Phase, readonly [number, number]> = {
  INIT: [0, 10],
  PREP: [10, 25],
  AI_CALL: [25, 70],
  PARSE: [70, 85],
  SAVE: [85, 98],
  DONE: [98, 100],
};

/** The phases that are shown as steps. */
export const steps = ["INIT", "PREP", "AI_CALL", "PARSE", "SAVE"] as const;
export type Step = (typeof steps)[number];

const CREEP_ENDS = 95;

/** Returns the percentage that a bar shows after some seconds of work on its image. */
export function curve(seconds: number): number {
  if (seconds <= 0) return 0;
  if (seconds <= 7) return (seconds / 7) * 50;
  if (seconds <= 12) return 50 + ((seconds - 7) / 5) * 25;
  return Math.min(CREEP_ENDS, 75 + (seconds - 12) * 2);
}

const openStatuses: readonly QueueRow["status"][] = ["queued", "running", "waiting"];

/** Tells whether work on an image with this status goes on. */
export function isOpen(status: QueueRow["status"]): boolean {
  return openStatuses.includes(status);
}

const openStates: readonly Progress["state"][] = ["queued", "running", "cancelling"];

/** Tells whether a job in this state goes on. */
export function isRunning(state: Progress["state"]): boolean {
  return openStates.includes(state);
}

/** Returns the percentage of an image. `now` is the server's time in milliseconds. */
export function percentOf(result: Result, now: number): number {
  if (result.status === "succeeded") return 100;
  if (result.started_at === null) return 0;
  const end = result.finished_at === null ? now : Date.parse(result.finished_at);
  const drawn = curve((end - Date.parse(result.started_at)) / 1000);
  const reached = result.stage === "DONE" ? 0 : bands[result.stage][0];
  return Math.max(drawn, reached);
}

/** Returns the rows before anything ran: all pending, or all refused. */
export function orderedRows(
  images: readonly OrderedImage[],
  refusal: string | null = null,
): QueueRow[] {
  const status = refusal === null ? "queued" : "failed";
  return images.map((image) => ({ ...image, status, percent: 0, error: refusal, waiting: null }));
}

/**
 * Returns the rows that the progress tells of. A bar never goes back, except when its image is made
 * again. `before` are the rows shown last.
 */
export function rowsOf(
  before: readonly OrderedImage[],
  results: readonly Result[],
  now: number,
): QueueRow[] {
  const shown = new Map(before.map((row) => [row.number, row as OrderedImage & Partial<QueueRow>]));
  return results.map((result) => {
    const last = shown.get(result.index);
    const again = last?.status !== undefined && !isOpen(last.status) && isOpen(result.status);
    const floor = again ? 0 : (last?.percent ?? 0);
    return {
      number: result.index,
      label: result.label,
      contentTitle: result.content_title ?? last?.contentTitle ?? "",
      imageUrl: result.thumbnail_url ?? (again ? null : (last?.imageUrl ?? null)),
      status: result.waiting && isOpen(result.status) ? "waiting" : result.status,
      percent: Math.max(floor, percentOf(result, now)),
      error: result.error,
      waiting: isOpen(result.status) ? result.waiting : null,
    };
  });
}

/** Returns how much of each step is done, 0 to 1. */
export function stepShares(phase: Phase, percent: number): Record<Step, number> {
  const at = phase === "DONE" ? steps.length : steps.indexOf(phase);
  const [start, end] = bands[phase];
  const part = Math.min(1, Math.max(0, (percent - start) / (end - start)));
  const shares = steps.map((step, index) => [step, index < at ? 1 : index === at ? part : 0]);
  return Object.fromEntries(shares);
}

/** Returns the whole seconds from now until a time, 0 if it passed. */
export function secondsUntil(iso: string, now: number): number {
  return Math.max(0, Math.ceil((Date.parse(iso) - now) / 1000));
}

/** Returns the seconds until a failed poll is tried again: 2, 4, then 8, or what the server asks. */
export function pollDelay(failures: number, asked: number | null): number {
  return asked ?? Math.min(8, 2 ** failures);
}

/** Returns the seconds from the first start to now, or to the last end; null before that. */
export function elapsed(progress: Progress, now: number): number | null {
  const starts = progress.results.flatMap((one) => one.started_at ?? []);
  if (starts.length === 0) return null;
  const ends = progress.results.flatMap((one) => one.finished_at ?? []);
  const end = isRunning(progress.state) ? now : Math.max(...ends.map((one) => Date.parse(one)));
  return Math.max(0, (end - Math.min(...starts.map((one) => Date.parse(one)))) / 1000);
}

/** Returns how many images may be ordered again by how they ended. */
export function redrivable(progress: Progress): { failed: number; unknown: number } {
  if (isRunning(progress.state)) return { failed: 0, unknown: 0 };
  return { failed: progress.failed, unknown: progress.unknown };
}

/** Returns a text that changes only when an image changes, not while a bar moves. */
export function signature(progress: Progress): string {
  const states = progress.results.map((result) => `${result.status}.${result.stage}`);
  return [progress.state, progress.message, ...states].join(" ");
}
