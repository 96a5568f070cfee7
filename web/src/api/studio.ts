/** Calls of the studio: catalogues, estimates, orders, and jobs with their images, money and log. */
import { type Api, bodyOf, idempotencyKey } from "./client.ts";
import type { components, paths } from "./schema.d.ts";

type Schemas = components["schemas"];

export type JobBody = Schemas["JobBody"];
export type Job = Schemas["Job"];
export type ListedJob = Schemas["ListedJob"];
export type JobFilter = NonNullable<paths["/v1/jobs"]["get"]["parameters"]["query"]>;
export type Progress = Schemas["Progress"];
export type Result = Schemas["Result"];
export type Estimate = Schemas["Estimate"];
export type Template = Schemas["Template"];
export type Provider = Schemas["ProviderList"]["data"][number];
export type Platform = Schemas["Platform"];
export type Item = Schemas["Item"];
export type LedgerEntry = Schemas["LedgerEntry"];
export type LogLine = Schemas["LogLine"];
export type Redrive = Schemas["RedriveBody"];

const PAGE_SIZE = 100;

export async function operations(api: Api, signal?: AbortSignal) {
  return bodyOf(await api.GET("/v1/operations", on(signal))).data;
}

export async function operation(
  api: Api,
  id: paths["/v1/operations/{operation_id}"]["get"]["parameters"]["path"]["operation_id"],
  signal?: AbortSignal,
) {
  const path = { operation_id: id };
  return bodyOf(
    await api.GET("/v1/operations/{operation_id}", { params: { path }, ...on(signal) }),
  );
}

export async function providers(api: Api, signal?: AbortSignal) {
  return bodyOf(await api.GET("/v1/providers", on(signal))).data;
}

export async function personas(api: Api, signal?: AbortSignal) {
  const params = { query: { limit: 100 } };
  return bodyOf(await api.GET("/v1/personas", { params, ...on(signal) })).data;
}

export async function templates(
  api: Api,
  query: NonNullable<paths["/v1/templates"]["get"]["parameters"]["query"]>,
  signal?: AbortSignal,
) {
  return bodyOf(await api.GET("/v1/templates", { params: { query }, ...on(signal) }));
}

export async function template(api: Api, id: string, signal?: AbortSignal) {
  const params = { path: { template_id: id } };
  return bodyOf(await api.GET("/v1/templates/{template_id}", { params, ...on(signal) }));
}

export async function findTemplates(
  api: Api,
  query: paths["/v1/templates/search"]["get"]["parameters"]["query"],
  signal?: AbortSignal,
) {
  return bodyOf(await api.GET("/v1/templates/search", { params: { query }, ...on(signal) })).data;
}

export async function recommendTemplates(
  api: Api,
  prompt: string,
  limit: number,
  signal?: AbortSignal,
) {
  const params = { query: { prompt, limit } };
  return bodyOf(await api.GET("/v1/templates/recommendations", { params, ...on(signal) })).data;
}

export async function platforms(api: Api, signal?: AbortSignal) {
  return bodyOf(await api.GET("/v1/platforms", on(signal))).data;
}

/** Returns the formats and the presets of a platform. */
export async function platformFormats(api: Api, id: Platform["id"], signal?: AbortSignal) {
  const params = { path: { platform_id: id } };
  const [formats, presets] = await Promise.all([
    api.GET("/v1/platforms/{platform_id}/formats", { params, ...on(signal) }),
    api.GET("/v1/platforms/{platform_id}/presets", { params, ...on(signal) }),
  ]);
  return { formats: bodyOf(formats).data, presets: bodyOf(presets).data };
}

export async function enhancePrompt(api: Api, prompt: string, personaId: string | null) {
  const body = { prompt, persona_id: personaId };
  return bodyOf(await api.POST("/v1/prompts/enhance", { body }));
}

/** Returns the cost of orders together; nothing runs. */
export async function estimate(api: Api, jobs: JobBody[], signal?: AbortSignal): Promise<Estimate> {
  return bodyOf(await api.POST("/v1/estimates", { body: { jobs }, ...on(signal) }));
}

/** Orders a job. The same key orders once, however often it is sent. */
export async function order(api: Api, body: JobBody, key: string): Promise<Job> {
  const params = { header: { "Idempotency-Key": key } };
  return bodyOf(await api.POST("/v1/jobs", { params, body }));
}

export async function jobs(api: Api, query: JobFilter, signal?: AbortSignal) {
  return bodyOf(await api.GET("/v1/jobs", { params: { query }, ...on(signal) }));
}

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

function on(signal: AbortSignal | undefined): { signal?: AbortSignal } {
  return signal ? { signal } : {};
}
