/** Settings: of image generation and of new orders for the account, and the caller's own. */
import type { Api } from "./client.ts";
import { type Versioned, versionOf } from "./etag.ts";
import type { components } from "./schema.d.ts";

export type ImageGenerationSettings = components["schemas"]["ImageGenerationSettings"];
export type ImageGenerationConfig = components["schemas"]["ImageGenerationConfig"];
export type AccountSettings = components["schemas"]["AccountSettings"];
export type AccountDefaults = components["schemas"]["AccountDefaults"];
export type UserSettings = components["schemas"]["UserSettings"];
export type UserChange = components["schemas"]["SettingsBody"];

export async function imageGenerationSettings(
  api: Api,
  signal: AbortSignal,
): Promise<Versioned<ImageGenerationSettings>> {
  return versionOf(await api.GET("/v1/settings/image-generation", { signal }));
}

export async function storeImageGeneration(
  api: Api,
  etag: string,
  body: ImageGenerationConfig,
): Promise<Versioned<ImageGenerationSettings>> {
  const params = { header: { "If-Match": etag } };
  return versionOf(await api.PUT("/v1/settings/image-generation", { params, body }));
}

export async function accountSettings(
  api: Api,
  signal: AbortSignal,
): Promise<Versioned<AccountSettings>> {
  return versionOf(await api.GET("/v1/settings/account", { signal }));
}

export async function storeAccountDefaults(
  api: Api,
  etag: string,
  defaults: AccountDefaults,
): Promise<Versioned<AccountSettings>> {
  const params = { header: { "If-Match": etag } };
  return versionOf(await api.PUT("/v1/settings/account", { params, body: { defaults } }));
}

export async function userSettings(
  api: Api,
  signal: AbortSignal,
): Promise<Versioned<UserSettings>> {
  return versionOf(await api.GET("/v1/settings", { signal }));
}

export async function changeUserSettings(
  api: Api,
  etag: string,
  body: UserChange,
): Promise<Versioned<UserSettings>> {
  const params = { header: { "If-Match": etag } };
  return versionOf(await api.PATCH("/v1/settings", { params, body }));
}
