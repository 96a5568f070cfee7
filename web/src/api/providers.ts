/** Providers, their health, their prices and the keys of the account. */
import { type Api, bodyOf } from "./client.ts";
import { versionOf } from "./etag.ts";
import type { components } from "./schema.d.ts";
import { estimate, type JobBody, type Provider } from "./studio.ts";

export type { Provider } from "./studio.ts";

export type ProviderHealth = components["schemas"]["ProviderHealth"];
export type ModelHealth = components["schemas"]["ModelHealth"];
export type Integration = components["schemas"]["Integration"];
export type IntegrationTest = components["schemas"]["IntegrationTest"];
export type ItemEstimate = components["schemas"]["ItemEstimate"];

// An estimate prices at most 20 orders.
const MAX_ESTIMATES = 20;

export async function providerHealth(
  api: Api,
  provider_id: string,
  signal: AbortSignal,
): Promise<ProviderHealth> {
  return bodyOf(
    await api.GET("/v1/providers/{provider_id}/health", {
      params: { path: { provider_id } },
      signal,
    }),
  );
}

/** Returns the price of one standard image for each model that generates images. */
export async function imagePrices(
  api: Api,
  provider: Provider,
  signal: AbortSignal,
): Promise<Map<string, ItemEstimate>> {
  const models = provider.models
    .filter((model) => model.operations.includes("generate"))
    .slice(0, MAX_ESTIMATES)
    .map((model) => model.id);
  if (models.length === 0) return new Map();
  const jobs: JobBody[] = models.map((model) => ({
    operation: "generate",
    prompt: "price",
    provider: { id: provider.id, model },
  }));
  const { per_item } = await estimate(api, jobs, signal);
  const prices = new Map<string, ItemEstimate>();
  for (const item of per_item) {
    const model = models[item.job - 1];
    if (model !== undefined) prices.set(model, item);
  }
  return prices;
}

export async function listIntegrations(api: Api, signal: AbortSignal): Promise<Integration[]> {
  return bodyOf(await api.GET("/v1/integrations", { signal })).data;
}

export async function storeKey(api: Api, provider_id: string, api_key: string) {
  return bodyOf(
    await api.PUT("/v1/integrations/{provider_id}", {
      params: { path: { provider_id } },
      body: { api_key },
    }),
  );
}

export async function deleteKey(api: Api, provider_id: string): Promise<void> {
  await api.DELETE("/v1/integrations/{provider_id}", { params: { path: { provider_id } } });
}

export async function testKey(api: Api, provider_id: string): Promise<IntegrationTest> {
  return bodyOf(
    await api.POST("/v1/integrations/{provider_id}/test", { params: { path: { provider_id } } }),
  );
}

/** Switches a provider on or off for the account. The others stay as they are. */
export async function switchProvider(api: Api, id: string, enabled: boolean): Promise<void> {
  const { document, etag } = versionOf(await api.GET("/v1/settings/providers"));
  const others = document.disabled.filter((other) => other !== id);
  await api.PUT("/v1/settings/providers", {
    params: { header: { "If-Match": etag } },
    body: { disabled: enabled ? others : [...others, id] },
  });
}
