/** Calls about contents, their images, their queue and their runs. */
import { type Api, bodyOf } from "./client.ts";
import { pageAt } from "./paging.ts";
import type { components } from "./schema.d.ts";

type Schemas = components["schemas"];

export type Content = Schemas["Content"];
export type Article = Schemas["ContentWithImages"];
export type ContentBody = Schemas["ContentBody"];
export type ContentChange = Schemas["ContentChangeBody"];
export type ContentQueue = Schemas["ContentQueue"];
export type Slot = Schemas["ContentImage"];
export type SlotBody = Schemas["ContentImageBody"];
export type SlotChange = Schemas["ContentImageChangeBody"];
export type RunBody = Schemas["ContentRunBody"];
export type ImageSettings = Schemas["ImageGenerationConfig"];

/** A document with the tag that a change of it has to name. */
export interface Tagged<Document> {
  document: Document;
  etag: string;
}

export interface ContentFilter {
  status?: Slot["status"] | undefined;
  external_ref?: string | undefined;
}

export async function listContents(
  api: Api,
  filter: ContentFilter,
  cursor: string,
  signal: AbortSignal,
): Promise<Schemas["ContentList"]> {
  const query = {
    ...pageAt(cursor),
    ...(filter.status && { status: filter.status }),
    ...(filter.external_ref && { external_ref: filter.external_ref }),
  };
  return bodyOf(await api.GET("/v1/contents", { params: { query }, signal }));
}

export async function readContent(
  api: Api,
  id: string,
  signal?: AbortSignal,
): Promise<Tagged<Article>> {
  const path = { content_id: id };
  return tagged(
    await api.GET("/v1/contents/{content_id}", { params: { path }, ...(signal && { signal }) }),
  );
}

export async function createContent(api: Api, body: ContentBody): Promise<Article> {
  return bodyOf(await api.POST("/v1/contents", { body }));
}

export async function changeContent(
  api: Api,
  id: string,
  etag: string,
  body: ContentChange,
): Promise<Article> {
  const params = { path: { content_id: id }, header: { "If-Match": etag } };
  return bodyOf(await api.PATCH("/v1/contents/{content_id}", { params, body }));
}

export async function deleteContent(api: Api, id: string, etag: string): Promise<void> {
  const params = { path: { content_id: id }, header: { "If-Match": etag } };
  await api.DELETE("/v1/contents/{content_id}", { params });
}

export async function readSlot(api: Api, slot: Slot): Promise<Tagged<Slot>> {
  const path = pathOf(slot);
  return tagged(await api.GET("/v1/contents/{content_id}/images/{image_id}", { params: { path } }));
}

export async function addSlot(api: Api, contentId: string, body: SlotBody): Promise<Slot> {
  const params = { path: { content_id: contentId } };
  return bodyOf(await api.POST("/v1/contents/{content_id}/images", { params, body }));
}

export async function changeSlot(
  api: Api,
  slot: Slot,
  etag: string,
  body: SlotChange,
): Promise<Slot> {
  const params = { path: pathOf(slot), header: { "If-Match": etag } };
  return bodyOf(await api.PATCH("/v1/contents/{content_id}/images/{image_id}", { params, body }));
}

export async function deleteSlot(api: Api, slot: Slot, etag: string): Promise<void> {
  const params = { path: pathOf(slot), header: { "If-Match": etag } };
  await api.DELETE("/v1/contents/{content_id}/images/{image_id}", { params });
}

/** Returns what a run would make now, what it leaves out, and its cost. Nothing runs. */
export async function previewQueue(
  api: Api,
  id: string,
  signal: AbortSignal,
): Promise<ContentQueue> {
  const params = { path: { content_id: id } };
  return bodyOf(await api.GET("/v1/contents/{content_id}/queue", { params, signal }));
}

/** Orders the images of a content. `key` is one for each press. */
export async function startRun(
  api: Api,
  id: string,
  body: RunBody,
  key: string,
): Promise<Schemas["Job"]> {
  const params = { path: { content_id: id }, header: { "Idempotency-Key": key } };
  return bodyOf(await api.POST("/v1/contents/{content_id}/jobs", { params, body }));
}

export async function readImageSettings(api: Api): Promise<ImageSettings> {
  return bodyOf(await api.GET("/v1/settings/image-generation")).config;
}

function pathOf(slot: Slot): { content_id: string; image_id: string } {
  return { content_id: slot.content_id, image_id: slot.id };
}

function tagged<Document>(answer: { data?: Document; response: Response }): Tagged<Document> {
  return { document: bodyOf(answer), etag: answer.response.headers.get("ETag") ?? "" };
}
