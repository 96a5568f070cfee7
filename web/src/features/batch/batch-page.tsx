import { useState } from "react";
import type { Batch, BatchProgress } from "../../api/batches.ts";
import { dateTime } from "../../i18n/format.ts";
import { texts } from "../../i18n/index.ts";
import { RetryBanner } from "../../jobs/retry-banner.tsx";
import { priceText } from "../../money.ts";
import { PageHeader } from "../../shell/page-header.tsx";
import { Bar } from "../../ui/bar.tsx";
import { Button } from "../../ui/button.tsx";
import { GlassyCard } from "../../ui/card.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { LoadingSkeleton, ProblemBanner } from "../../ui/feedback.tsx";
import { isMissing, Missing } from "../../ui/missing.tsx";
import { StatusChip } from "../../ui/status.tsx";
import { brokenRows, isOpen } from "./counts.ts";
import { LinesCard } from "./lines-card.tsx";
import { CostOfBatch, PriceOfTable } from "./money.tsx";
import { useBatch, useBatchActions, useBatchProgress } from "./queries.ts";
import "./batch.css";

/** The bar of the batch, its counts and its money. All come from one document. */
function ProgressCard({ batch, progress }: { batch: Batch; progress: BatchProgress }) {
  const words = texts("batch");
  const { jobs, images } = progress;
  const failed = brokenRows(progress);
  const open = isOpen(progress.state);
  return (
    <GlassyCard>
      <div className="batch-progress">
        <p className="batch-percent">{progress.percent} %</p>
        <Bar
          value={progress.percent}
          tone={!open && failed > 0 ? "bad" : open ? "run" : "ok"}
          label={words.progressOf(batch.name ?? words.untitled)}
        />
        <p className="batch-facts" role="status">
          <span>{words.ended(jobs.succeeded, failed, jobs.total)}</span>
          {jobs.running > 0 && <span>{words.running(jobs.running)}</span>}
          {jobs.waiting > 0 && <span>{words.waiting(jobs.waiting)}</span>}
          <span>{words.imagesMade(images.succeeded, images.total)}</span>
        </p>
        <p className="batch-facts">
          <strong className="number">
            <CostOfBatch batch={progress} />
          </strong>
          <span className="muted">
            {batch.estimate.amount !== null && words.estimate(priceText(batch.estimate.amount))}
          </span>
        </p>
      </div>
    </GlassyCard>
  );
}

function RedriveDialog({
  batch,
  progress,
  onConfirm,
  onClose,
}: {
  batch: Batch;
  progress: BatchProgress;
  onConfirm: () => void;
  onClose: () => void;
}) {
  const words = texts("batch");
  const { unknown } = progress.images;
  return (
    <Dialog
      title={words.redriveTitle}
      icon="retry"
      onClose={onClose}
      footer={
        <Button kind="primary" icon="retry" onClick={onConfirm}>
          {words.redrive(brokenRows(progress))}
        </Button>
      }
    >
      <p>{words.redriveText}</p>
      {unknown > 0 && <p className="tone-warn">{words.redriveUnknown(unknown)}</p>}
      <p className="muted">
        {batch.estimate.amount !== null && words.redrivePrice(priceText(batch.estimate.amount))}{" "}
        {batch.estimate.unknown_images > 0 && <PriceOfTable table={batch} />}
      </p>
    </Dialog>
  );
}

function Actions({
  progress,
  actions,
  onRedrive,
}: {
  progress: BatchProgress;
  actions: ReturnType<typeof useBatchActions>;
  onRedrive: () => void;
}) {
  const words = texts("batch");
  const broken = brokenRows(progress);
  if (isOpen(progress.state)) {
    const stopping = actions.cancel.isPending || progress.state === "cancelling";
    if (progress.jobs.waiting === 0 && !stopping) return null;
    return (
      <Button
        icon="stop"
        title={words.cancelHint}
        busy={stopping ? words.cancelling : undefined}
        onClick={() => actions.cancel.mutate()}
      >
        {words.cancel}
      </Button>
    );
  }
  if (broken === 0) return null;
  return (
    <Button
      kind="primary"
      icon="retry"
      busy={actions.redrive.isPending ? words.redriving : undefined}
      onClick={onRedrive}
    >
      {words.redrive(broken)}
    </Button>
  );
}

/** One batch, live: counts, money, and the rows that have started. */
export default function BatchPage({ params }: { params: Record<string, string | undefined> }) {
  const id = params.id ?? "";
  const words = texts("batch");
  const [asked, setAsked] = useState(false);
  const query = useBatch(id);
  const live = useBatchProgress(id);
  const actions = useBatchActions(id);
  const batch = query.data;
  const progress = live.data;
  const error = query.error ?? live.error;
  if (isMissing(error))
    return (
      <Missing title={words.missingBatchTitle} href="/batch" action={words.showAll}>
        {words.missing}
      </Missing>
    );
  const reload = () => {
    void query.refetch();
    void live.refetch();
  };
  if (error && (!batch || !progress)) return <ProblemBanner error={error} onRetry={reload} />;
  if (!batch || !progress) return <LoadingSkeleton rows={3} height={96} />;
  const refused = actions.cancel.error ?? actions.redrive.error;
  return (
    <div className="batch">
      <PageHeader
        title={batch.name ?? words.untitled}
        path={[{ label: words.title, path: "/batch" }]}
        below={
          <p className="batch-facts">
            <StatusChip status={progress.state} />
            <span>{words.startedAt(dateTime(batch.created_at))}</span>
            {progress.run > 1 && <span>{words.run(progress.run)}</span>}
          </p>
        }
        actions={<Actions progress={progress} actions={actions} onRedrive={() => setAsked(true)} />}
      />
      {live.retry && <RetryBanner {...live.retry} />}
      {error && <ProblemBanner error={error} onRetry={reload} />}
      {refused && <ProblemBanner error={refused} />}
      <ProgressCard batch={batch} progress={progress} />
      <LinesCard id={id} progress={progress} />
      {asked && (
        <RedriveDialog
          batch={batch}
          progress={progress}
          onClose={() => setAsked(false)}
          onConfirm={() => {
            setAsked(false);
            actions.redrive.start();
          }}
        />
      )}
    </div>
  );
}
