/** Calls about jobs: progress, images, money, log, cancel and redrive. */
import { type Api, bodyOf, idempotencyKey } from "./client.ts";
import type { components } from "./schema.d.ts";

type Schemas = components["schemas"];

export type Job = Schemas["Job"];
export type ListedJob = Schemas["ListedJob"];
export type Progress = Schemas["Progress"];
export type Item = Schemas["Item"];
export type LedgerEntry = Schemas["LedgerEntry"];
export type LogLine = Schemas["LogLine"];
export type Redrive = Schemas["RedriveBody"];

const PAGE_SIZE = 100;

export async function getJob(api: Api, id: string, signal?: AbortSignal): Promise<Job> {
  return bodyOf(await api.GET("/v1/jobs/{job_id}", { ...of(id), ...(signal && { signal }) }));
}

export async function getProgress(api: Api, id: string, signal?: AbortSignal): Promise<Progress> {
  const options = { ...of(id), ...(signal && { signal }) };
  return bodyOf(await api.GET("/v1/jobs/{job_id}/progress", options));
}

/** Returns the images of a job; a job has at most fifty. */
export async function listItems(api: Api, id: string, signal?: AbortSignal): Promise<Item[]> {
  const params = { path: { job_id: id }, query: { limit: PAGE_SIZE } };
  const options = { params, ...(signal && { signal }) };
  return bodyOf(await api.GET("/v1/jobs/{job_id}/items", options)).data;
}

/** Returns all ledger entries of a job, oldest first, with the sums that the server made. */
export async function readLedger(
  api: Api,
  id: string,
  signal?: AbortSignal,
): Promise<{ entries: LedgerEntry[]; totals: Schemas["LedgerTotals"] }> {
  const entries: LedgerEntry[] = [];
  let cursor: string | null = null;
  for (;;) {
    const query: { limit: number; cursor?: string } = { limit: PAGE_SIZE };
    if (cursor !== null) query.cursor = cursor;
    const options = { params: { path: { job_id: id }, query }, ...(signal && { signal }) };
    const page: Schemas["Ledger"] = bodyOf(await api.GET("/v1/jobs/{job_id}/ledger", options));
    entries.push(...page.data);
    cursor = page.page.next_cursor;
    if (cursor === null) return { entries, totals: page.totals };
  }
}

export async function listLogs(api: Api, id: string, signal?: AbortSignal): Promise<LogLine[]> {
  const options = { ...of(id), ...(signal && { signal }) };
  return bodyOf(await api.GET("/v1/jobs/{job_id}/logs", options)).data;
}

/** Stops what has not started; the image in work is finished. */
export async function cancelJob(api: Api, id: string): Promise<Job> {
  return bodyOf(await api.POST("/v1/jobs/{job_id}/cancel", { ...of(id), body: {} }));
}

/** Makes images of an ended job again, and pays for those alone. */
export async function redriveJob(
  api: Api,
  id: string,
  body: Redrive,
  key = idempotencyKey(),
): Promise<Job> {
  const params = { path: { job_id: id }, header: { "Idempotency-Key": key } };
  return bodyOf(await api.POST("/v1/jobs/{job_id}/redrive", { params, body }));
}

function of(id: string): { params: { path: { job_id: string } } } {
  return { params: { path: { job_id: id } } };
}
