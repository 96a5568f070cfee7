/** A run: the press, the queue from the loaded images, the order, and what became of it. */
import { useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { idempotencyKey } from "../../api/client.ts";
import { type Article, type RunBody, readImageSettings, startRun } from "../../api/contents.ts";
import { ApiError } from "../../api/problem.ts";
import { texts } from "../../i18n/index.ts";
import type { OrderedImage } from "../../jobs/queue.ts";
import { useApi } from "../../studio.tsx";
import { explain } from "../../ui/feedback.tsx";
import { toast } from "../../ui/toast.tsx";
import { useReloadContents } from "./queries.ts";
import { buildQueue } from "./queue-rules.ts";
import { jobNamed } from "./slots.ts";

interface Run {
  contentId: string;
  queue: OrderedImage[];
  body: RunBody;
  /** One for each press; a repeat after a refusal is a new intent. */
  key: string;
  jobId: string | null;
  refusal: string | null;
}

const ended = ["succeeded", "partially_succeeded", "failed", "cancelled"];

/**
 * Keeps what runs from the page. The order is sent when the dialog is shown, by `send`; `beforeOrder` is
 * awaited before it.
 */
export function useRun(beforeOrder: () => Promise<void>) {
  const words = texts("contents");
  const api = useApi();
  const cache = useQueryClient();
  const reload = useReloadContents();
  const [run, setRun] = useState<Run | null>(null);
  /** Another job that makes images of the content. */
  const [other, setOther] = useState<string | null>(null);
  const [starting, setStarting] = useState(false);
  const latest = useRef(run);
  latest.current = run;

  async function order(wanted: Run): Promise<void> {
    // An answer that comes after the dialog was left changes nothing.
    const change = (changes: Partial<Run>) =>
      setRun((now) => (now?.key === wanted.key ? { ...now, ...changes } : now));
    try {
      await beforeOrder();
      const job = await startRun(api, wanted.contentId, wanted.body, wanted.key);
      change({ jobId: job.id });
      if (ended.includes(job.status)) toast(words.made(job.counts.succeeded));
      await reload();
    } catch (error) {
      const text = explain(error);
      const open = error instanceof ApiError && error.problem.status === 409 && jobNamed(text);
      if (open) {
        setRun(null);
        setOther(open);
        await reload();
      } else if (latest.current?.key === wanted.key) change({ refusal: text });
      else toast(words.refused(text), { tone: "bad" });
    }
  }

  /** Starts a run of a content, or of some of its images. */
  async function start(article: Article, body: RunBody = {}): Promise<void> {
    if (starting) return;
    setStarting(true);
    try {
      const settings = await cache.fetchQuery({
        queryKey: ["settings", "image-generation"],
        queryFn: () => readImageSettings(api),
        staleTime: 0,
      });
      const { items } = buildQueue(settings, article.images, {
        wanted: body.image_ids ?? undefined,
        force: body.force,
      });
      if (items.length === 0) {
        toast(words.nothingToMake);
        return;
      }
      const queue = items.map(({ slot }, index) => ({
        number: index + 1,
        label: slot.label,
        contentTitle: article.title,
        imageUrl: null,
      }));
      const key = idempotencyKey();
      setRun({ contentId: article.id, queue, body, key, jobId: null, refusal: null });
    } catch (error) {
      toast(explain(error), { tone: "bad" });
    } finally {
      setStarting(false);
    }
  }

  /** Opens the queue of a job that runs already. */
  function watch(contentId: string, jobId: string): void {
    setOther(null);
    setRun({ contentId, queue: [], body: {}, key: jobId, jobId, refusal: null });
  }

  function close(): void {
    setRun(null);
    void reload();
  }

  /** Sends the order of a run that is shown, unless it is about a job that runs already. */
  function send(): void {
    if (run && run.jobId === null) void order(run);
  }

  function retry(): void {
    if (!run) return;
    const again = { ...run, key: idempotencyKey(), refusal: null };
    setRun(again);
    void order(again);
  }

  return { run, other, starting, start, send, watch, close, retry, forget: () => setOther(null) };
}
