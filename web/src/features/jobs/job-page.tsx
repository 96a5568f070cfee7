import { useState } from "react";
import { useSearchParams } from "wouter";
import type { Item, Job, Progress } from "../../api/studio.ts";
import { dateTime, seconds } from "../../i18n/format.ts";
import { texts } from "../../i18n/index.ts";
import { isRunning } from "../../jobs/queue.ts";
import { QueueDialog } from "../../jobs/queue-dialog.tsx";
import { RetryBanner } from "../../jobs/retry-banner.tsx";
import { Steps } from "../../jobs/steps.tsx";
import { useProgress, useReload, useServerTime } from "../../jobs/use-progress.ts";
import { WaitingText } from "../../jobs/waiting.tsx";
import { amountText, microsOf } from "../../money.ts";
import { PageHeader } from "../../shell/page-header.tsx";
import { Button } from "../../ui/button.tsx";
import { GlassyCard } from "../../ui/card.tsx";
import { AsyncStatusBanner, LoadingSkeleton, ProblemBanner } from "../../ui/feedback.tsx";
import { isMissing, Missing } from "../../ui/missing.tsx";
import { Picture } from "../../ui/picture.tsx";
import { useRenewal } from "../../ui/renewal.ts";
import { StatusChip } from "../../ui/status.tsx";
import { CopyId, JobActions, UnknownDialog, useCancel, useRedrive } from "./actions.tsx";
import { ItemsCard } from "./items-card.tsx";
import { useFollow, useJobParts } from "./queries.ts";
import { LedgerCard, LogCard } from "./side-cards.tsx";
import "./jobs.css";
import "./job.css";

const SECOND = 1_000;

function newestThumbnail(progress: Progress | undefined): string | null {
  return progress?.results.findLast((one) => one.thumbnail_url)?.thumbnail_url ?? null;
}

/** Where the job stands: images, steps, money and time. */
function PhasesCard({ job, progress, now }: { job: Job; progress: Progress; now: number }) {
  const words = texts("jobs");
  const ended = progress.completed + progress.failed + progress.skipped;
  const done = ended + progress.cancelled + progress.unknown;
  const start = Date.parse(job.started_at ?? job.created_at);
  const end = job.finished_at === null ? now : Date.parse(job.finished_at);
  const { reserved, unknown_entries: unknown } = job.cost;
  return (
    <GlassyCard className="phases">
      <p className="phases-count">
        <strong>{done}</strong> {words.ofTotal(progress.total_images)}
      </p>
      <div className="phases-steps">
        <Steps
          operation={job.operation}
          phase={progress.phase}
          percent={progress.percent}
          stopped={progress.completed === 0 && !isRunning(progress.state)}
        />
        <p className="phases-message" role="status">
          {progress.waiting ? (
            <WaitingText waiting={progress.waiting} now={now} />
          ) : (
            progress.message
          )}
        </p>
      </div>
      <div className="phases-money">
        <p>
          <strong>{amountText(progress.cost.amount)}</strong>
          {microsOf(reserved) > 0n && (
            <span className="muted"> + {words.ofHeld(amountText(reserved))}</span>
          )}
          {unknown > 0 && <span className="hatched">{words.unknownEntries(unknown)}</span>}
        </p>
        <p className="muted number">{seconds(Math.max(0, (end - start) / SECOND))}</p>
      </div>
    </GlassyCard>
  );
}

/** State, operation, start and id of the job. */
function Below({ job, state }: { job: Job; state: Job["status"] }) {
  const words = texts("jobs");
  return (
    <p className="job-below">
      <StatusChip status={state} />
      <span>{job.operation}</span>
      <span>
        {job.started_at
          ? words.startedAt(dateTime(job.started_at))
          : words.createdAt(dateTime(job.created_at))}
      </span>
      {job.run > 1 && <span>{words.run(job.run)}</span>}
      <CopyId id={job.id} />
    </p>
  );
}

/** One job, live: steps, images, money and log. */
export default function JobPage({ params }: { params: Record<string, string | undefined> }) {
  const id = params.id ?? "";
  const words = texts("jobs");
  const [search, setSearch] = useSearchParams();
  const [asked, setAsked] = useState<readonly number[] | null>(null);
  const live = useProgress(id);
  const expired = useRenewal(live);
  const progress = live.data;
  const parts = useJobParts(id);
  const reload = useReload(id);
  const redrive = useRedrive(id);
  const cancel = useCancel(id);
  useFollow(id, progress);
  const running = progress !== undefined && isRunning(progress.state);
  const now = useServerTime(SECOND, running);
  const job = parts.job.data;
  const items: readonly Item[] = parts.items.data ?? [];
  const error = live.error ?? parts.job.error ?? parts.items.error;
  const queue = search.has("queue");
  if (isMissing(error))
    return (
      <Missing title={words.missingTitle} href="/jobs" action={words.showAll}>
        {words.missing}
      </Missing>
    );
  if (error && !job) return <ProblemBanner error={error} onRetry={() => void reload()} />;
  if (!job) return <LoadingSkeleton rows={4} height={96} />;
  const unknown = (progress?.results ?? []).filter((one) => one.status === "unknown");
  const labels = new Map(progress?.results.map((one) => [one.index, one.label]));
  const closeQueue = () => {
    setSearch({}, { replace: true });
    void reload();
  };
  return (
    <>
      <PageHeader
        title={job.name ?? words.operations[job.operation] ?? job.operation}
        path={[{ label: words.title, path: "/jobs" }]}
        lead={
          <Picture
            src={newestThumbnail(progress)}
            alt=""
            className="job-lead"
            onExpired={expired}
          />
        }
        below={<Below job={job} state={progress?.state ?? job.status} />}
        actions={
          <>
            <Button kind="quiet" icon="layers" onClick={() => setSearch({ queue: "" })}>
              {words.openQueue}
            </Button>
            {progress && (
              <JobActions
                progress={progress}
                cancel={cancel}
                redrive={redrive}
                onUnknown={() => setAsked(unknown.map((one) => one.index))}
              />
            )}
          </>
        }
      />
      {live.retry && <RetryBanner {...live.retry} />}
      {error && <ProblemBanner error={error} onRetry={() => void reload()} />}
      {redrive.banner}
      {cancel.banner}
      {job.warnings.length > 0 && (
        <AsyncStatusBanner tone="warn">{job.warnings.join(" ")}</AsyncStatusBanner>
      )}
      {progress && <PhasesCard job={job} progress={progress} now={now} />}
      <div className="job-columns">
        {progress ? (
          <ItemsCard
            progress={progress}
            items={items}
            now={now}
            redrive={redrive}
            onUnknown={(number) => setAsked([number])}
            onExpired={expired}
          />
        ) : (
          <LoadingSkeleton rows={4} height={72} />
        )}
        <div className="job-side">
          {parts.ledger.error && (
            <ProblemBanner error={parts.ledger.error} onRetry={() => void parts.ledger.refetch()} />
          )}
          {parts.ledger.data && <LedgerCard id={id} ledger={parts.ledger.data} labels={labels} />}
          {parts.logs.error && (
            <ProblemBanner error={parts.logs.error} onRetry={() => void parts.logs.refetch()} />
          )}
          {parts.logs.data && <LogCard lines={parts.logs.data} />}
        </div>
      </div>
      {asked && (
        <UnknownDialog
          items={items.filter((item) => asked.includes(item.item))}
          onClose={() => setAsked(null)}
          onConfirm={() => {
            redrive.start({ items: [...asked] });
            setAsked(null);
          }}
        />
      )}
      <QueueDialog
        open={queue}
        onClose={closeQueue}
        queue={[]}
        total={job.counts.total}
        jobId={id}
        operation={job.operation}
      />
    </>
  );
}
