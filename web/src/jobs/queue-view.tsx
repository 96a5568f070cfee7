import { useMutation } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { idempotencyKey } from "../api/client.ts";
import { cancelJob, redriveJob } from "../api/studio.ts";
import { seconds } from "../i18n/format.ts";
import { shell, texts } from "../i18n/index.ts";
import { amountText } from "../money.ts";
import { useApi } from "../studio.tsx";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { ProblemBanner } from "../ui/feedback.tsx";
import { useRenewal } from "../ui/renewal.ts";
import {
  elapsed,
  isRunning,
  orderedRows,
  type Progress,
  type QueueRow,
  redrivable,
  rowsOf,
} from "./queue.ts";
import { QUEUE_ID, type QueueDialogProps } from "./queue-dialog.tsx";
import { QueueRowView } from "./queue-row.tsx";
import { RetryBanner } from "./retry-banner.tsx";
import { Steps } from "./steps.tsx";
import { serverNow, useProgress, useReload, useServerTime } from "./use-progress.ts";
import "./queue.css";

const FRAME = 250;

/** Returns the rows as they are shown now; their bars move between two answers. */
function useRows(
  { queue, refusal = null, onUpdate }: Omit<QueueDialogProps, "open">,
  progress: Progress | undefined,
  now: number,
): QueueRow[] {
  const shown = useRef<readonly QueueRow[]>([]);
  const update = useRef(onUpdate);
  update.current = onUpdate;
  const before = shown.current.length > 0 ? shown.current : queue;
  const rows = progress ? rowsOf(before, progress.results, now) : orderedRows(queue, refusal);
  useEffect(() => {
    if (progress) shown.current = rows;
  });
  useEffect(() => {
    if (progress) update.current?.(rowsOf(shown.current, progress.results, serverNow()));
  }, [progress]);
  return rows;
}

function Sums({
  progress,
  total,
  now,
}: {
  progress: Progress | undefined;
  total: number;
  now: number;
}) {
  const words = texts("queue");
  const done = progress ? progress.results.filter((one) => one.finished_at !== null).length : 0;
  const passed = progress ? elapsed(progress, now) : null;
  return (
    <>
      <strong>{words.doneOf(done, progress?.total_images ?? total)}</strong>
      <p className="muted">
        {passed !== null && `${seconds(passed)} · `}
        {progress && amountText(progress.cost.amount)}
      </p>
    </>
  );
}

/** One line for all images: made, failed and in work. */
function SumBar({ rows }: { rows: readonly QueueRow[] }) {
  const width = 100 / Math.max(1, rows.length);
  const made = rows.filter((row) => row.status === "succeeded").length * width;
  const bad = rows.filter((row) => row.status === "failed").length * width;
  const open = rows.filter((row) => row.status === "running" || row.status === "waiting");
  const run = open.reduce((sum, row) => sum + (row.percent / 100) * width, 0);
  return (
    <svg className="queue-sum" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">
      <rect className="queue-sum-track" width="100" height="4" />
      <rect className="queue-sum-run" x={made + bad} width={run} height="4" />
      <rect className="queue-sum-bad" x={made} width={bad} height="4" />
      <rect className="queue-sum-ok" width={made} height="4" />
    </svg>
  );
}

/** Returns what became of the images, in one sentence. */
function summary(progress: Progress): string {
  const words = texts("queue");
  if (progress.completed === progress.total_images) return words.success(progress.completed);
  const others = (["unknown", "cancelled", "skipped"] as const).flatMap((name) =>
    progress[name] > 0 ? words.others[name](progress[name]) : [],
  );
  const ended = words.summary(progress.completed, progress.failed, progress.total_images);
  return [ended, ...others].join(", ");
}

/** Returns the sentence of the footer. */
function footer(
  progress: Progress | undefined,
  jobId: string | null,
  refusal: string | null,
): string {
  const words = texts("queue");
  if (refusal !== null) return words.refused;
  if (!progress) return jobId === null ? words.ordering : shell.parts.loading;
  return isRunning(progress.state) ? words.sequence : summary(progress);
}

/** The titles that all rows share: the context of the dialog. */
function commonTitle(queue: readonly { contentTitle: string }[]): string | null {
  const titles = new Set(queue.map((row) => row.contentTitle));
  const [title] = titles;
  return titles.size === 1 && title ? title : null;
}

/** The buttons that make failed images again, each order with a key of its own. */
function Again({ jobId, progress }: { jobId: string; progress: Progress }) {
  const words = texts("queue");
  const api = useApi();
  const reload = useReload(jobId);
  const again = useMutation({
    mutationFn: (order: { only: "failed" | "unknown"; key: string }) =>
      redriveJob(api, jobId, { only: order.only }, order.key),
    onSettled: reload,
  });
  const { failed, unknown } = redrivable(progress);
  const order = again.variables;
  const press = (only: "failed" | "unknown") => again.mutate({ only, key: idempotencyKey() });
  const busy = (only: "failed" | "unknown") =>
    again.isPending && order?.only === only ? words.retrying : undefined;
  return (
    <>
      {again.error && order && (
        <ProblemBanner error={again.error} onRetry={() => again.mutate(order)} />
      )}
      {unknown > 0 && <p className="queue-warning tone-warn">{words.unknownWarning}</p>}
      {unknown > 0 && (
        <Button kind="quiet" busy={busy("unknown")} onClick={() => press("unknown")}>
          {words.retryUnknown(unknown)}
        </Button>
      )}
      {failed > 0 && (
        <Button kind="fill" icon="retry" busy={busy("failed")} onClick={() => press("failed")}>
          {words.retryFailed(failed)}
        </Button>
      )}
    </>
  );
}

/** The button that stops the images that have not started. */
function CancelWaiting({ jobId, progress }: { jobId: string; progress: Progress }) {
  const words = texts("queue");
  const api = useApi();
  const reload = useReload(jobId);
  const cancel = useMutation({ mutationFn: () => cancelJob(api, jobId), onSettled: reload });
  const stopping = cancel.isPending || progress.state === "cancelling";
  const waits = progress.results.some((one) => one.status === "queued");
  return (
    <>
      {cancel.error && <ProblemBanner error={cancel.error} onRetry={() => cancel.mutate()} />}
      {(waits || stopping) && (
        <Button
          kind="quiet"
          busy={stopping ? words.cancelling : undefined}
          onClick={() => cancel.mutate()}
        >
          {words.cancelWaiting}
        </Button>
      )}
    </>
  );
}

/** The open queue dialog. */
export default function QueueView(props: Omit<QueueDialogProps, "open">) {
  const { onClose, onMinimise = onClose, total, jobId, refusal = null, onRetry } = props;
  const words = texts("queue");
  const shown = useRef(props.onShown);
  useEffect(() => shown.current?.(), []);
  const query = useProgress(jobId);
  const renew = useRenewal(query);
  const reload = useReload(jobId);
  const progress = query.data;
  const running = refusal === null && !query.isError && (!progress || isRunning(progress.state));
  const now = useServerTime(FRAME, running);
  const rows = useRows(props, progress, now);
  function leave(): void {
    void reload();
    if (!running) {
      onClose();
      return;
    }
    onMinimise();
    // After the dialog has given the focus back.
    requestAnimationFrame(() => document.getElementById("queue-button")?.focus());
  }
  return (
    <Dialog
      id={QUEUE_ID}
      wide
      icon="file"
      title={words.title}
      context={commonTitle(rows)}
      aside={<Sums progress={progress} total={total} now={now} />}
      onClose={running ? undefined : leave}
      footer={
        <>
          <p>{footer(progress, jobId, refusal)}</p>
          {progress && jobId && running && <CancelWaiting jobId={jobId} progress={progress} />}
          {progress && jobId && !running && <Again jobId={jobId} progress={progress} />}
          {refusal !== null && onRetry && (
            <Button kind="fill" icon="retry" onClick={onRetry}>
              {words.retryOrder}
            </Button>
          )}
          <Button icon={running ? "minimise" : "check"} onClick={leave}>
            {running ? words.minimise : shell.parts.close}
          </Button>
        </>
      }
    >
      <div className="queue-body">
        <SumBar rows={rows} />
        <Steps
          operation={props.operation ?? "generate"}
          phase={progress?.phase ?? "INIT"}
          percent={progress?.percent ?? 0}
          stopped={refusal !== null || (progress?.completed === 0 && !running)}
          bars={false}
        />
        <p className="visually-hidden" role="status">
          {progress && words.summary(progress.completed, progress.failed, progress.total_images)}
        </p>
        {progress && running && <p className="queue-message">{progress.message}</p>}
        {query.retry && <RetryBanner {...query.retry} />}
        {query.isError && (
          <ProblemBanner error={query.error} onRetry={() => void query.refetch()} />
        )}
        <ol className="queue-rows">
          {rows.map((row) => (
            <QueueRowView key={row.number} row={row} now={now} onExpired={renew} />
          ))}
        </ol>
      </div>
    </Dialog>
  );
}
