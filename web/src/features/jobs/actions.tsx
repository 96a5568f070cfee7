import { useMutation } from "@tanstack/react-query";
import { idempotencyKey } from "../../api/client.ts";
import { cancelJob, type Item, type Progress, type Redrive, redriveJob } from "../../api/studio.ts";
import { texts } from "../../i18n/index.ts";
import { isRunning } from "../../jobs/queue.ts";
import { useReload } from "../../jobs/use-progress.ts";
import { dollars } from "../../money.ts";
import { useApi } from "../../studio.tsx";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { ProblemBanner } from "../../ui/feedback.tsx";
import { copyText } from "../../ui/files.ts";
import { highestCost } from "./cost.ts";

interface Order {
  body: Redrive;
  key: string;
}

/** Orders images of the job again. One press is one order, however often it is sent. */
export function useRedrive(id: string) {
  const api = useApi();
  const reload = useReload(id);
  const mutation = useMutation({
    mutationFn: ({ body, key }: Order) => redriveJob(api, id, body, key),
    onSettled: reload,
  });
  const { mutate, variables, error } = mutation;
  return {
    pending: mutation.isPending ? variables?.body : undefined,
    start: (body: Redrive) => mutate({ body, key: idempotencyKey() }),
    banner: error && variables && <ProblemBanner error={error} onRetry={() => mutate(variables)} />,
  };
}

export type RedriveOrder = ReturnType<typeof useRedrive>;

/** Stops the images that have not started. */
export function useCancel(id: string) {
  const api = useApi();
  const reload = useReload(id);
  const { mutate, isPending, error } = useMutation({
    mutationFn: () => cancelJob(api, id),
    onSettled: reload,
  });
  return {
    pending: isPending,
    start: () => mutate(),
    banner: error && <ProblemBanner error={error} onRetry={() => mutate()} />,
  };
}

/** Asks before images are made again that may have been paid already. */
export function UnknownDialog({
  items,
  onConfirm,
  onClose,
}: {
  items: readonly Item[];
  onConfirm: () => void;
  onClose: () => void;
}) {
  const words = texts("jobs");
  const most = highestCost(items);
  return (
    <Dialog
      title={words.unknownTitle}
      icon="question"
      onClose={onClose}
      footer={
        <>
          <Button kind="quiet" onClick={onClose}>
            {words.unknownKeep}
          </Button>
          <Button kind="primary" icon="retry" onClick={onConfirm}>
            {words.unknownConfirm(items.length)}
          </Button>
        </>
      }
    >
      <p>{words.unknownWarning(items.length)}</p>
      <p className="muted">
        {most === null ? words.unknownCostOpen : words.unknownCost(dollars(most, 3))}
      </p>
    </Dialog>
  );
}

/** The buttons of the page's header: stop what waits, or make again what is missing. */
export function JobActions({
  progress,
  cancel,
  redrive,
  onUnknown,
}: {
  progress: Progress;
  cancel: ReturnType<typeof useCancel>;
  redrive: RedriveOrder;
  onUnknown: () => void;
}) {
  const words = texts("jobs");
  if (isRunning(progress.state)) {
    const stopping = cancel.pending || progress.state === "cancelling";
    const waits = progress.results.some((one) => one.status === "queued");
    if (!waits && !stopping) return null;
    return (
      <Button
        icon="stop"
        busy={stopping ? words.cancelling : undefined}
        title={words.cancelHint}
        onClick={cancel.start}
      >
        {words.cancelWaiting}
      </Button>
    );
  }
  const busy = (only: Redrive["only"]) =>
    redrive.pending?.only === only ? words.retrying : undefined;
  return (
    <>
      {progress.cancelled > 0 && (
        <Button busy={busy("cancelled")} onClick={() => redrive.start({ only: "cancelled" })}>
          {words.retryCancelled(progress.cancelled)}
        </Button>
      )}
      {progress.unknown > 0 && (
        <Button icon="question" busy={busy("unknown")} onClick={onUnknown}>
          {words.retryUnknown(progress.unknown)}
        </Button>
      )}
      {progress.failed > 0 && (
        <Button
          kind="primary"
          icon="retry"
          busy={busy("failed")}
          onClick={() => redrive.start({ only: "failed" })}
        >
          {words.retryFailed(progress.failed)}
        </Button>
      )}
    </>
  );
}

/** The id of a job; a press copies it. */
export function CopyId({ id }: { id: string }) {
  const words = texts("jobs");
  return (
    <button type="button" className="job-id mono" title={id} onClick={() => void copyText(id)}>
      {`${id.slice(0, 8)}…${id.slice(-4)}`}
      <span className="visually-hidden"> {words.copyId}</span>
    </button>
  );
}
