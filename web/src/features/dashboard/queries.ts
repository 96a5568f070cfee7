import { useQueries, useQuery } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { listAssets } from "../../api/assets.ts";
import { providerHealth } from "../../api/providers.ts";
import * as studio from "../../api/studio.ts";
import { useApi } from "../../studio.tsx";

const RECENT_PICTURES = 24;
const RECENT_JOBS = 100;
const HEALTH_EVERY = 30_000;

export function useOperations() {
  const api = useApi();
  return useQuery({
    queryKey: ["operations"],
    queryFn: ({ signal }) => studio.operations(api, signal),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** Reads again when a key changes. A request that is under way serves. */
function useRefetch(refetch: (options: { cancelRefetch: boolean }) => unknown, key: string): void {
  const last = useRef(key);
  useEffect(() => {
    if (last.current === key) return;
    last.current = key;
    void refetch({ cancelRefetch: false });
  }, [refetch, key]);
}

/** The newest pictures. `key` changes when jobs end, and asks again. */
export function useRecentPictures(key: string) {
  const api = useApi();
  const pictures = useQuery({
    queryKey: ["assets", "recent"],
    queryFn: async ({ signal }) => (await listAssets(api, { limit: RECENT_PICTURES }, signal)).data,
  });
  useRefetch(pictures.refetch, key);
  return pictures;
}

/** The newest jobs. `key` changes when jobs end, and asks again. */
export function useRecentJobs(key: string) {
  const api = useApi();
  const jobs = useQuery({
    queryKey: ["jobs", "recent"],
    queryFn: async ({ signal }) => (await studio.jobs(api, { limit: RECENT_JOBS }, signal)).data,
  });
  useRefetch(jobs.refetch, key);
  return jobs;
}

export function useProviders() {
  const api = useApi();
  return useQuery({
    queryKey: ["providers"],
    queryFn: ({ signal }) => studio.providers(api, signal),
    refetchInterval: HEALTH_EVERY,
  });
}

/** The health of the providers with a breaker that blocks calls; others are not asked. */
export function useBreakers() {
  const api = useApi();
  const unhealthy = (useProviders().data ?? []).filter((provider) => provider.healthy === false);
  const answers = useQueries({
    queries: unhealthy.map((provider) => ({
      queryKey: ["providers", provider.id, "health"],
      queryFn: ({ signal }: { signal: AbortSignal }) => providerHealth(api, provider.id, signal),
      refetchInterval: HEALTH_EVERY,
    })),
  });
  return unhealthy.flatMap((provider, index) => {
    const models = answers[index]?.data?.models.filter((model) => model.state !== "closed") ?? [];
    return models.length > 0 ? [{ provider, models }] : [];
  });
}
