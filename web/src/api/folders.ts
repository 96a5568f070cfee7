/** Calls about folders of SKUs: their photos, pairs, rules, refused files and archives. */
import { type Api, bodyOf } from "./client.ts";
import { pageAt } from "./paging.ts";
import type { components } from "./schema.d.ts";

type Schemas = components["schemas"];

export type Folder = Schemas["Folder"];
export type Pair = Schemas["Pair"];
export type Recipe = Schemas["Recipe"];
export type Download = Schemas["Download"];
export type DownloadBody = Schemas["DownloadBody"];

const MOST_RECIPES = 100;

export async function listFolders(api: Api, cursor: string, signal: AbortSignal) {
  return bodyOf(await api.GET("/v1/folders", { params: { query: pageAt(cursor) }, signal }));
}

export async function readFolder(api: Api, sku: string, signal: AbortSignal): Promise<Folder> {
  const params = { path: { sku } };
  return bodyOf(await api.GET("/v1/folders/{sku}", { params, signal }));
}

export async function changeFolder(
  api: Api,
  sku: string,
  body: Schemas["FolderChangeBody"],
): Promise<Folder> {
  const params = { path: { sku } };
  return bodyOf(await api.PATCH("/v1/folders/{sku}", { params, body }));
}

/** Returns a page of pairs of a photo and its result. */
export async function listPairs(api: Api, sku: string, cursor: string, signal: AbortSignal) {
  const params = { path: { sku }, query: pageAt(cursor) };
  return bodyOf(await api.GET("/v1/folders/{sku}/pairs", { params, signal }));
}

export async function listRecipes(api: Api, signal: AbortSignal): Promise<Recipe[]> {
  const query = { limit: MOST_RECIPES };
  return bodyOf(await api.GET("/v1/recipes", { params: { query }, signal })).data;
}

/** Sets the recipe that runs with each new photo, or none. */
export async function setRule(api: Api, sku: string, recipeId: string | null): Promise<void> {
  const params = { path: { sku } };
  if (recipeId === null) await api.DELETE("/v1/folders/{sku}/rule", { params });
  else await api.PUT("/v1/folders/{sku}/rule", { params, body: { recipe_id: recipeId } });
}

/** Returns the newest files that were refused, with their reasons. */
export async function listRefused(api: Api, signal: AbortSignal): Promise<Schemas["Upload"][]> {
  const query = { ...pageAt(), status: "quarantined" as const };
  return bodyOf(await api.GET("/v1/uploads", { params: { query }, signal })).data;
}

/** Orders an archive; it is packed while the page waits. */
export async function orderDownload(api: Api, body: DownloadBody): Promise<Download> {
  return bodyOf(await api.POST("/v1/downloads", { body }));
}

export async function readDownload(api: Api, id: string, signal: AbortSignal): Promise<Download> {
  const params = { path: { download_id: id } };
  return bodyOf(await api.GET("/v1/downloads/{download_id}", { params, signal }));
}
