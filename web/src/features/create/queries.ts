import { keepPreviousData, useMutation, useQueries, useQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useState } from "react";
import { readFile } from "../../api/assets.ts";
import { ApiError, isOffline } from "../../api/problem.ts";
import * as studio from "../../api/studio.ts";
import { useApi } from "../../studio.tsx";

const CATALOGUE = { staleTime: 300_000 };
const EARLIER = 24;

/** Returns a value once it has not changed for some milliseconds. */
export function useSettled<Value>(value: Value, delay: number): Value {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), delay);
    return () => clearTimeout(timer);
  }, [value, delay]);
  return settled;
}

export function useOperation() {
  const api = useApi();
  return useQuery({
    queryKey: ["operation", "generate"],
    queryFn: ({ signal }) => studio.operation(api, "generate", signal),
    ...CATALOGUE,
  });
}

export function useProviders() {
  const api = useApi();
  return useQuery({
    queryKey: ["providers"],
    queryFn: ({ signal }) => studio.providers(api, signal),
    ...CATALOGUE,
  });
}

export function usePersonas() {
  const api = useApi();
  return useQuery({
    queryKey: ["personas"],
    queryFn: ({ signal }) => studio.personas(api, signal),
    ...CATALOGUE,
  });
}

export function useTemplate(id: string) {
  const api = useApi();
  return useQuery({
    queryKey: ["template", id],
    queryFn: ({ signal }) => studio.template(api, id, signal),
    enabled: id !== "",
    ...CATALOGUE,
  });
}

/** Templates for a prompt, or the first ones while there is none. */
export function useSuggestedTemplates(prompt: string, count: number) {
  const api = useApi();
  const settled = useSettled(prompt.trim().slice(0, 2000), 600);
  return useQuery({
    queryKey: ["templates", "suggested", settled, count],
    queryFn: async ({ signal }) => {
      const found = settled
        ? (await studio.recommendTemplates(api, settled, count, signal)).map((one) => one.template)
        : [];
      if (found.length > 0) return found;
      return (await studio.templates(api, { limit: count }, signal)).data;
    },
    placeholderData: keepPreviousData,
    ...CATALOGUE,
  });
}

export function useTemplateSearch(words: string, platform: string) {
  const api = useApi();
  const settled = useSettled(words.trim(), 250);
  return useQuery({
    queryKey: ["templates", "search", settled, platform],
    queryFn: async ({ signal }) => {
      const filter = platform ? { platform: [platform as studio.Platform["id"]] } : {};
      if (!settled) return (await studio.templates(api, { limit: 100, ...filter }, signal)).data;
      const found = await studio.findTemplates(api, { q: settled, limit: 50, ...filter }, signal);
      return found.map((one) => one.template);
    },
    placeholderData: keepPreviousData,
    ...CATALOGUE,
  });
}

/** The cost of an order while it is written, if it `fits`. An outdated request is cancelled. */
export function useEstimate(body: studio.JobBody, fits: boolean) {
  const api = useApi();
  const wanted = JSON.stringify({ ...body, prompt: body.prompt || "an image" });
  const settled = useSettled(wanted, 350);
  const query = useQuery({
    queryKey: ["estimate", settled],
    queryFn: ({ signal }) => studio.estimate(api, [JSON.parse(settled)], signal),
    enabled: fits,
    placeholderData: keepPreviousData,
    staleTime: 30_000,
  });
  return { ...query, outdated: settled !== wanted };
}

function mayPass(failures: number, error: Error): boolean {
  const passing = error instanceof ApiError ? error.problem.status >= 500 : isOffline(error);
  return passing && failures < 2;
}

/** Orders a job. The key belongs to the press and stays the same over retries. */
export function useOrder() {
  const api = useApi();
  return useMutation({
    mutationFn: ({ body, key }: { body: studio.JobBody; key: string }) =>
      studio.order(api, body, key),
    retry: mayPass,
  });
}

export function useRedrive(jobId: string) {
  const api = useApi();
  return useMutation({
    mutationFn: ({ item, key }: { item: number; key: string }) =>
      studio.redriveJob(api, jobId, { items: [item] }, key),
    retry: mayPass,
  });
}

export function useItems(jobId: string) {
  const api = useApi();
  return useQuery({
    queryKey: ["jobs", jobId, "items"],
    queryFn: ({ signal }) => studio.listItems(api, jobId, signal),
    ...CATALOGUE,
  });
}

/** The jobs of this kind since midnight here, newest first. */
export function useEarlier() {
  const api = useApi();
  const midnight = new Date();
  midnight.setHours(0, 0, 0, 0);
  const since = midnight.toISOString();
  return useQuery({
    queryKey: ["jobs", "earlier", since],
    queryFn: async ({ signal }) => {
      const filter = { operation: ["generate" as const], created_after: since, limit: EARLIER };
      return (await studio.jobs(api, filter, signal)).data;
    },
  });
}

/** Returns addresses of the full images that are loaded, by asset. They live as long as the page. */
export function useFullImages(ids: readonly string[]): ReadonlyMap<string, string> {
  const api = useApi();
  const blobs = useQueries({
    queries: ids.map((id) => ({
      queryKey: ["asset", id, "content"],
      queryFn: ({ signal }: { signal: AbortSignal }) => readFile(api, id, null, signal),
      staleTime: Number.POSITIVE_INFINITY,
    })),
    combine: (results) => results.map((result) => result.data),
  });
  const urls = useMemo(() => new Map<Blob, string>(), []);
  useEffect(
    () => () => {
      for (const url of urls.values()) URL.revokeObjectURL(url);
      urls.clear();
    },
    [urls],
  );
  return new Map(
    ids.flatMap((id, index) => {
      const blob = blobs[index];
      if (!blob) return [];
      const url = urls.get(blob) ?? URL.createObjectURL(blob);
      urls.set(blob, url);
      return [[id, url] as const];
    }),
  );
}
