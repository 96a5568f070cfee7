import {
  type QueryKey,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
} from "@tanstack/react-query";
import type { Api } from "../../api/client.ts";
import type { Versioned } from "../../api/etag.ts";
import { providers } from "../../api/studio.ts";
import {
  type Delivery,
  listDeliveries,
  listWebhooks,
  redeliver,
  type Webhook,
} from "../../api/webhooks.ts";
import { useApi } from "../../studio.tsx";

const LOG_EVERY = 3_000;

/**
 * Settings as they stood when the page was opened.
 *
 * They are not read again while the page is open: a change of the user would be lost.
 */
export function useSettings<T>(
  key: QueryKey,
  load: (api: Api, signal: AbortSignal) => Promise<Versioned<T>>,
) {
  const api = useApi();
  return useQuery({
    queryKey: key,
    queryFn: ({ signal }) => load(api, signal),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });
}

/** Stores settings; the answer becomes what the page shows. */
export function useStoreSettings<T, Body>(
  key: QueryKey,
  store: (api: Api, etag: string, body: Body) => Promise<Versioned<T>>,
) {
  const api = useApi();
  const cache = useQueryClient();
  return useMutation({
    mutationFn: ({ etag, body }: { etag: string; body: Body }) => store(api, etag, body),
    onSuccess: (answer) => cache.setQueryData(key, answer),
  });
}

/** The providers that generate images. */
export function useGenerators() {
  const api = useApi();
  return useQuery({
    queryKey: ["providers"],
    queryFn: ({ signal }) => providers(api, signal),
    select: (all) =>
      all
        .map(({ id, title, models }) => ({
          id,
          title,
          models: models.filter((model) => model.operations.includes("generate")),
        }))
        .filter((provider) => provider.models.length > 0),
  });
}

const WEBHOOKS = ["webhooks"] as const;

export function useWebhooks() {
  const api = useApi();
  return useQuery({
    queryKey: WEBHOOKS,
    queryFn: ({ signal }) => listWebhooks(api, signal),
  });
}

/** An action on webhooks; the list is read again after it. */
export function useWebhookAction<Answer, Input = void>(
  act: (api: Api, input: Input) => Promise<Answer>,
) {
  const api = useApi();
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (input: Input) => act(api, input),
    onSuccess: () => cache.invalidateQueries({ queryKey: WEBHOOKS }),
  });
}

function waits(delivery: Delivery): boolean {
  return delivery.status === "waiting";
}

/** The log of a webhook; it is read every three seconds while a delivery waits. */
export function useDeliveries(webhook: Webhook) {
  const api = useApi();
  return useInfiniteQuery({
    queryKey: [...WEBHOOKS, webhook.id, "deliveries"],
    initialPageParam: "",
    queryFn: ({ pageParam, signal }) => listDeliveries(api, webhook.id, pageParam, signal),
    getNextPageParam: (page) => page.page.next_cursor ?? undefined,
    refetchInterval: (query) =>
      query.state.data?.pages.some((page) => page.data.some(waits)) ? LOG_EVERY : false,
  });
}

export function useRedeliver() {
  return useWebhookAction((api, delivery: Delivery) => redeliver(api, delivery));
}
