/** Calls about finished pictures and their files. */
import { type Api, bodyOf } from "./client.ts";
import type { components } from "./schema.d.ts";

export type Asset = components["schemas"]["Asset"];

export async function getAsset(api: Api, id: string, signal: AbortSignal): Promise<Asset> {
  const params = { path: { asset_id: id } };
  return bodyOf(await api.GET("/v1/assets/{asset_id}", { params, signal }));
}

/** Returns the bytes of an asset, or of one of its renditions. */
export async function readFile(
  api: Api,
  id: string,
  rendition: string | null,
  signal?: AbortSignal,
): Promise<Blob> {
  const answer = await api.GET("/v1/assets/{asset_id}/content", {
    params: { path: { asset_id: id }, query: rendition === null ? {} : { rendition } },
    parseAs: "blob",
    ...(signal && { signal }),
  });
  return bodyOf(answer as { data?: Blob });
}

export type Rendition = components["schemas"]["Rendition"];
export type NewRendition = components["schemas"]["AssetRenditionBody"];

/** Returns a page of assets, newest first. */
export async function listAssets(
  api: Api,
  query: { limit: number; cursor?: string },
  signal: AbortSignal,
) {
  return bodyOf(await api.GET("/v1/assets", { params: { query }, signal }));
}

export async function listRenditions(
  api: Api,
  id: string,
  signal: AbortSignal,
): Promise<Rendition[]> {
  const params = { path: { asset_id: id } };
  return bodyOf(await api.GET("/v1/assets/{asset_id}/renditions", { params, signal })).data;
}

/** Makes a file of an asset at once. */
export async function makeRendition(api: Api, id: string, body: NewRendition): Promise<Rendition> {
  const params = { path: { asset_id: id } };
  return bodyOf(await api.POST("/v1/assets/{asset_id}/renditions", { params, body }));
}
