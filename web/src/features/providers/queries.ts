import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import {
  deleteKey,
  imagePrices,
  listIntegrations,
  type Provider,
  providerHealth,
  storeKey,
  switchProvider,
  testKey,
} from "../../api/providers.ts";
import { providers } from "../../api/studio.ts";
import { useApi } from "../../studio.tsx";

const HEALTH_EVERY = 15_000;

export function useProviders() {
  const api = useApi();
  return useQuery({
    queryKey: ["providers"],
    queryFn: ({ signal }) => providers(api, signal),
    refetchInterval: HEALTH_EVERY,
  });
}

export function useIntegrations() {
  const api = useApi();
  return useQuery({
    queryKey: ["integrations"],
    queryFn: ({ signal }) => listIntegrations(api, signal),
  });
}

export function useHealth(id: string) {
  const api = useApi();
  return useQuery({
    queryKey: ["providers", id, "health"],
    queryFn: ({ signal }) => providerHealth(api, id, signal),
    refetchInterval: HEALTH_EVERY,
  });
}

export function useImagePrices(provider: Provider) {
  const api = useApi();
  return useQuery({
    queryKey: ["providers", provider.id, "prices", provider.price_version],
    queryFn: ({ signal }) => imagePrices(api, provider, signal),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

function useReload() {
  const cache = useQueryClient();
  return () =>
    Promise.all([
      cache.invalidateQueries({ queryKey: ["providers"], exact: true }),
      cache.invalidateQueries({ queryKey: ["integrations"] }),
    ]);
}

export function useStoreKey(id: string) {
  const api = useApi();
  return useMutation({
    mutationFn: (key: string) => storeKey(api, id, key),
    onSuccess: useReload(),
    // The cache of mutations keeps what they were given: a key leaves it at once.
    gcTime: 0,
  });
}

export function useDeleteKey(id: string) {
  const api = useApi();
  return useMutation({ mutationFn: () => deleteKey(api, id), onSuccess: useReload() });
}

export function useTestKey(id: string) {
  const api = useApi();
  return useMutation({ mutationFn: () => testKey(api, id) });
}

export function useSwitchProvider(id: string) {
  const api = useApi();
  return useMutation({
    mutationFn: (enabled: boolean) => switchProvider(api, id, enabled),
    onSuccess: useReload(),
  });
}
