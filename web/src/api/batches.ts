/** Calls about tables, their rows and the batches that run them. */
import { type Api, bodyOf } from "./client.ts";
import { pageAt } from "./paging.ts";
import type { components } from "./schema.d.ts";

type Schemas = components["schemas"];

export type BatchImport = Schemas["BatchImport"];
export type BatchImportBody = Schemas["BatchImportBody"];
export type ImportRow = Schemas["ImportRow"];
export type Batch = Schemas["Batch"];
export type BatchLine = Schemas["BatchLine"];
export type BatchProgress = Schemas["BatchProgress"];
export type SubmitBody = Schemas["SubmitBody"];

export async function listBatches(api: Api, cursor: string, signal: AbortSignal) {
  return bodyOf(await api.GET("/v1/batches", { params: { query: pageAt(cursor) }, signal }));
}

export async function listImports(api: Api, signal: AbortSignal) {
  return bodyOf(await api.GET("/v1/batch-imports", { params: { query: pageAt() }, signal }));
}

/** Checks and prices a table. Nothing runs. */
export async function checkTable(api: Api, body: BatchImportBody): Promise<BatchImport> {
  return bodyOf(await api.POST("/v1/batch-imports", { body }));
}

export async function readImport(api: Api, id: string, signal: AbortSignal): Promise<BatchImport> {
  const params = { path: { import_id: id } };
  return bodyOf(await api.GET("/v1/batch-imports/{import_id}", { params, signal }));
}

export async function listRows(
  api: Api,
  id: string,
  status: ImportRow["status"] | undefined,
  cursor: string,
  signal: AbortSignal,
) {
  const query = { ...pageAt(cursor), ...(status && { status }) };
  const params = { path: { import_id: id }, query };
  return bodyOf(await api.GET("/v1/batch-imports/{import_id}/rows", { params, signal }));
}

/** Returns the faulty rows as the table had them. */
export async function readErrors(api: Api, id: string): Promise<Blob> {
  const params = { path: { import_id: id } };
  const answer = await api.GET("/v1/batch-imports/{import_id}/errors.csv", {
    params,
    parseAs: "blob",
  });
  return bodyOf(answer as { data?: Blob });
}

/** Returns a table with every column. */
export async function readSample(api: Api): Promise<Blob> {
  const answer = await api.GET("/v1/batch-imports/template.csv", { parseAs: "blob" });
  return bodyOf(answer as { data?: Blob });
}

/** Runs the valid rows. `key` is one for each press. */
export async function submitImport(
  api: Api,
  id: string,
  body: SubmitBody,
  key: string,
): Promise<Batch> {
  const params = { path: { import_id: id }, header: { "Idempotency-Key": key } };
  return bodyOf(await api.POST("/v1/batch-imports/{import_id}/submit", { params, body }));
}

export async function readBatch(api: Api, id: string, signal: AbortSignal): Promise<Batch> {
  const params = { path: { batch_id: id } };
  return bodyOf(await api.GET("/v1/batches/{batch_id}", { params, signal }));
}

export async function readBatchProgress(
  api: Api,
  id: string,
  signal: AbortSignal,
): Promise<BatchProgress> {
  const params = { path: { batch_id: id } };
  return bodyOf(await api.GET("/v1/batches/{batch_id}/progress", { params, signal }));
}

export async function listLines(api: Api, id: string, cursor: string, signal: AbortSignal) {
  const params = { path: { batch_id: id }, query: pageAt(cursor) };
  return bodyOf(await api.GET("/v1/batches/{batch_id}/jobs", { params, signal }));
}

/** Stops the rows that have not started. */
export async function cancelBatch(api: Api, id: string): Promise<Batch> {
  const params = { path: { batch_id: id } };
  return bodyOf(await api.POST("/v1/batches/{batch_id}/cancel", { params, body: {} }));
}

/** Runs the rows that did not succeed again. */
export async function redriveBatch(api: Api, id: string, key: string): Promise<Batch> {
  const params = { path: { batch_id: id }, header: { "Idempotency-Key": key } };
  return bodyOf(await api.POST("/v1/batches/{batch_id}/redrive", { params, body: {} }));
}
