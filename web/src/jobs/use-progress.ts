import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { clockOffset } from "../api/client.ts";
import { ApiError, isOffline } from "../api/problem.ts";
import { getProgress } from "../api/studio.ts";
import { useApi } from "../studio.tsx";
import { isRunning, pollDelay } from "./queue.ts";

const POLL = 1_000;

/** The server's time in milliseconds. */
export function serverNow(): number {
  return Date.now() + clockOffset;
}

function askedWait(error: unknown): number | null {
  return error instanceof ApiError ? error.retryAfter : null;
}

function mayPass(error: unknown): boolean {
  if (error instanceof ApiError) return error.problem.status >= 500 || error.problem.status === 429;
  return isOffline(error);
}

/**
 * A document that is asked each second while it `runs` and the tab is visible. A poll that fails is
 * tried again after 2, 4, then 8 s; `retry` then tells why and when. A refusal for good ends it.
 */
export function usePolled<Document>({
  queryKey,
  enabled = true,
  read,
  runs,
}: {
  queryKey: readonly (string | null)[];
  enabled?: boolean;
  read: (signal: AbortSignal) => Promise<Document>;
  runs: (document: Document) => boolean;
}) {
  const query = useQuery({
    queryKey,
    enabled,
    queryFn: ({ signal }) => read(signal),
    staleTime: 0,
    refetchOnReconnect: true,
    refetchInterval: ({ state }) =>
      state.status !== "error" && (!state.data || runs(state.data)) ? POLL : false,
    retry: (_failures, error) => mayPass(error),
    retryDelay: (failures, error) => pollDelay(failures + 1, askedWait(error)) * 1000,
  });
  const { failureCount, failureReason } = query;
  const waits = failureCount > 0 && query.status !== "error" && failureReason !== null;
  const retry = waits
    ? { error: failureReason, wait: pollDelay(failureCount, askedWait(failureReason)) }
    : null;
  return { ...query, retry };
}

/** The progress of a job, asked as `usePolled` says. */
export function useProgress(jobId: string | null) {
  const api = useApi();
  return usePolled({
    queryKey: ["jobs", jobId, "progress"],
    enabled: jobId !== null,
    read: (signal) => getProgress(api, jobId ?? "", signal),
    runs: (progress) => isRunning(progress.state),
  });
}

/** Returns a function that makes all queries about a job, and the open jobs, ask again. */
export function useReload(jobId: string | null): () => Promise<void> {
  const cache = useQueryClient();
  return async () => {
    await Promise.all([
      cache.invalidateQueries({ queryKey: ["jobs", jobId] }),
      cache.invalidateQueries({ queryKey: ["jobs", "open"] }),
    ]);
  };
}

/** Returns the server's time, read again at an interval while `active`. */
export function useServerTime(interval: number, active: boolean): number {
  const [now, setNow] = useState(serverNow);
  useEffect(() => {
    if (!active) return;
    const timer = setInterval(() => setNow(serverNow()), interval);
    return () => clearInterval(timer);
  }, [interval, active]);
  return now;
}
