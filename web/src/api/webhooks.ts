/** Webhooks and their deliveries. */
import { type Api, bodyOf } from "./client.ts";
import { versionOf } from "./etag.ts";
import type { components } from "./schema.d.ts";

export type Webhook = components["schemas"]["Webhook"];
export type WebhookWithSecret = components["schemas"]["WebhookWithSecret"];
export type WebhookChange = components["schemas"]["WebhookChangeBody"];
export type Delivery = components["schemas"]["Delivery"];
export type DeliveryList = components["schemas"]["DeliveryList"];

const PAGE_SIZE = 25;

export async function listWebhooks(api: Api, signal: AbortSignal): Promise<Webhook[]> {
  return bodyOf(await api.GET("/v1/webhooks", { signal })).data;
}

export async function createWebhook(
  api: Api,
  url: string,
  events: string[],
): Promise<WebhookWithSecret> {
  return bodyOf(await api.POST("/v1/webhooks", { body: { url, events } }));
}

/** Changes a webhook as it stands now; the list has no ETags of its entries. */
export async function changeWebhook(
  api: Api,
  webhook_id: string,
  body: WebhookChange,
): Promise<Webhook> {
  const path = { webhook_id };
  const { etag } = versionOf(await api.GET("/v1/webhooks/{webhook_id}", { params: { path } }));
  const params = { path, header: { "If-Match": etag } };
  return bodyOf(await api.PATCH("/v1/webhooks/{webhook_id}", { params, body }));
}

export async function deleteWebhook(api: Api, webhook_id: string): Promise<void> {
  const path = { webhook_id };
  const { etag } = versionOf(await api.GET("/v1/webhooks/{webhook_id}", { params: { path } }));
  const params = { path, header: { "If-Match": etag } };
  await api.DELETE("/v1/webhooks/{webhook_id}", { params });
}

export async function rotateSecret(api: Api, webhook_id: string): Promise<WebhookWithSecret> {
  const params = { path: { webhook_id } };
  return bodyOf(await api.POST("/v1/webhooks/{webhook_id}/rotate-secret", { params }));
}

export async function testWebhook(api: Api, webhook_id: string): Promise<Delivery> {
  const params = { path: { webhook_id } };
  return bodyOf(await api.POST("/v1/webhooks/{webhook_id}/test", { params }));
}

export async function listDeliveries(
  api: Api,
  webhook_id: string,
  cursor: string,
  signal: AbortSignal,
): Promise<DeliveryList> {
  const query = { limit: PAGE_SIZE, ...(cursor ? { cursor } : {}) };
  const params = { path: { webhook_id }, query };
  return bodyOf(await api.GET("/v1/webhooks/{webhook_id}/deliveries", { params, signal }));
}

export async function redeliver(api: Api, delivery: Delivery): Promise<Delivery> {
  const path = { webhook_id: delivery.webhook_id, delivery_id: delivery.id };
  return bodyOf(
    await api.POST("/v1/webhooks/{webhook_id}/deliveries/{delivery_id}/redeliver", {
      params: { path },
    }),
  );
}
