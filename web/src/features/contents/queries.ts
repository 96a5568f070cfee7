/** What the pages of contents read, and the actions that wait for an undo. */
import {
  keepPreviousData,
  useInfiniteQuery,
  useQuery,
  useQueryClient,
} from "@tanstack/react-query";
import { useCallback, useEffect, useRef, useState } from "react";
import { getAsset } from "../../api/assets.ts";
import { bodyOf } from "../../api/client.ts";
import {
  type ContentFilter,
  listContents,
  previewQueue,
  readContent,
  type Tagged,
} from "../../api/contents.ts";
import { ApiError } from "../../api/problem.ts";
import { texts } from "../../i18n/index.ts";
import { useApi } from "../../studio.tsx";
import { explain } from "../../ui/feedback.tsx";
import { toast } from "../../ui/toast.tsx";
import { DelayedActions } from "./delayed.ts";

const RUNNING_POLL = 4_000;
// Signed addresses of thumbnails hold for ten minutes and more.
const PICTURE_FRESH = 300_000;

export function useContents(filter: ContentFilter) {
  const api = useApi();
  return useInfiniteQuery({
    queryKey: ["contents", "list", filter],
    initialPageParam: "",
    queryFn: ({ pageParam, signal }) => listContents(api, filter, pageParam, signal),
    getNextPageParam: (page) => page.page.next_cursor ?? undefined,
    placeholderData: keepPreviousData,
  });
}

/** The newest picture of each content, from the newest jobs that were of one content alone. */
export function useNewestPictures() {
  const api = useApi();
  return useQuery({
    queryKey: ["contents", "pictures"],
    queryFn: async ({ signal }) => {
      const query = { limit: 100, operation: ["generate" as const] };
      const jobs = bodyOf(await api.GET("/v1/jobs", { params: { query }, signal })).data;
      const found = new Map<string, string>();
      for (const { content_ids, thumbnail_url } of jobs) {
        const [content] = content_ids;
        if (content && content_ids.length === 1 && thumbnail_url && !found.has(content))
          found.set(content, thumbnail_url);
      }
      return found;
    },
    staleTime: 30_000,
  });
}

export function useContent(id: string) {
  const api = useApi();
  return useQuery({
    queryKey: ["contents", id],
    queryFn: ({ signal }) => readContent(api, id, signal),
    refetchInterval: ({ state }) => (state.data?.document.job_id ? RUNNING_POLL : false),
  });
}

/** What a run would make now, and its price. `changed` is the content's last change. */
export function useQueuePreview(id: string, changed: string | undefined) {
  const api = useApi();
  return useQuery({
    queryKey: ["contents", id, "queue", changed],
    enabled: changed !== undefined,
    queryFn: ({ signal }) => previewQueue(api, id, signal),
    placeholderData: keepPreviousData,
  });
}

export function useAsset(id: string | null) {
  const api = useApi();
  return useQuery({
    queryKey: ["assets", id],
    enabled: id !== null,
    queryFn: ({ signal }) => getAsset(api, id ?? "", signal),
    staleTime: PICTURE_FRESH,
  });
}

/** Returns a function that reads all contents again. */
export function useReloadContents(): () => Promise<void> {
  const cache = useQueryClient();
  return useCallback(() => cache.invalidateQueries({ queryKey: ["contents"] }), [cache]);
}

/** What is deleted: the version that the user saw, and the document as it was at the press. */
interface Deletion {
  id: string;
  version: number;
  text: string;
  read: Promise<Tagged<{ version: number }>>;
  run: (etag: string) => Promise<void>;
}

/**
 * Deletes with an undo: what is removed is hidden at once and deleted when the undo ends, when the page
 * is left, or before the next order.
 */
export function useDelayedDelete() {
  const words = texts("contents");
  const reload = useReloadContents();
  const actions = useRef(new DelayedActions());
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  useEffect(() => {
    const waiting = actions.current;
    const flush = () => void waiting.flush();
    addEventListener("pagehide", flush);
    return () => {
      removeEventListener("pagehide", flush);
      flush();
    };
  }, []);

  function show(id: string): void {
    setHidden((before) => new Set([...before].filter((one) => one !== id)));
  }

  function remove({ id, version, text, read, run }: Deletion): void {
    setHidden((before) => new Set([...before, id]));
    // A failure is told when the deletion is due.
    read.catch(() => undefined);
    actions.current.add(id, async () => {
      try {
        const { document, etag } = await read;
        if (document.version !== version)
          throw new ApiError({ status: 412, detail: words.changedMeanwhile });
        await run(etag);
      } catch (error) {
        toast(words.notDeleted(explain(error)), { tone: "bad" });
        show(id);
      }
      await reload();
    });
    toast(text, {
      undo: () => {
        if (actions.current.takeBack(id)) show(id);
      },
    });
  }

  return { hidden, remove, flush: () => actions.current.flush() };
}
