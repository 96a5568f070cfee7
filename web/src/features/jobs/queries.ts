import { useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { bodyOf } from "../../api/client.ts";
import {
  getJob,
  type ListedJob,
  listItems,
  listLogs,
  type Progress,
  readLedger,
} from "../../api/studio.ts";
import { isRunning, signature } from "../../jobs/queue.ts";
import { useApi } from "../../studio.tsx";

export type Status = ListedJob["status"];

const PAGE_SIZE = 50;
const LIST_POLL = 5_000;

/** The jobs of a filter, newest first; asked every five seconds while one of them runs. */
export function useJobs(filter: { status: readonly Status[]; operation: string | null }) {
  const api = useApi();
  return useInfiniteQuery({
    queryKey: ["jobs", "list", filter],
    initialPageParam: "",
    queryFn: async ({ pageParam, signal }) => {
      const query = {
        limit: PAGE_SIZE,
        status: [...filter.status],
        ...(isOperation(filter.operation) ? { operation: [filter.operation] } : {}),
        ...(pageParam ? { cursor: pageParam } : {}),
      };
      return bodyOf(await api.GET("/v1/jobs", { params: { query }, signal }));
    },
    getNextPageParam: (page) => page.page.next_cursor ?? undefined,
    refetchInterval: ({ state }) =>
      state.data?.pages.some((page) => page.data.some((job) => isRunning(job.status)))
        ? LIST_POLL
        : false,
  });
}

/** The operations that a job may have, as the API names them. */
export const operations = [
  "generate",
  "edit.remove_background",
  "edit.inpaint",
  "edit.outpaint",
  "edit.search_replace",
  "edit.search_recolor",
  "edit.replace_background_relight",
  "edit.general",
  "upscale.fast",
  "upscale.conservative",
  "upscale.creative",
  "social.optimize",
  "render",
] as const;

function isOperation(name: string | null): name is (typeof operations)[number] {
  return operations.some((operation) => operation === name);
}

/** The job, its images, its ledger and its log. */
export function useJobParts(id: string) {
  const api = useApi();
  const job = useQuery({
    queryKey: ["jobs", id, "job"],
    queryFn: ({ signal }) => getJob(api, id, signal),
  });
  const items = useQuery({
    queryKey: ["jobs", id, "items"],
    queryFn: ({ signal }) => listItems(api, id, signal),
  });
  const ledger = useQuery({
    queryKey: ["jobs", id, "ledger"],
    queryFn: ({ signal }) => readLedger(api, id, signal),
  });
  const logs = useQuery({
    queryKey: ["jobs", id, "logs"],
    queryFn: ({ signal }) => listLogs(api, id, signal),
  });
  return { job, items, ledger, logs };
}

/** Asks the rest of the job again when the progress tells that an image changed. */
export function useFollow(id: string, progress: Progress | undefined): void {
  const cache = useQueryClient();
  const seen = useRef<string | null>(null);
  const now = progress ? signature(progress) : null;
  useEffect(() => {
    const before = seen.current;
    seen.current = now;
    if (now === null || before === null || before === now) return;
    for (const part of ["job", "items", "ledger", "logs"])
      void cache.invalidateQueries({ queryKey: ["jobs", id, part] });
  }, [cache, id, now]);
}
