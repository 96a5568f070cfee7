import { Link } from "wouter";
import { clockOffset } from "../../api/client.ts";
import type { components } from "../../api/schema.d.ts";
import { percent, seconds, timeOfDayText } from "../../i18n/format.ts";
import { texts } from "../../i18n/index.ts";
import { Bar } from "../../ui/bar.tsx";
import { GlassyCard } from "../../ui/card.tsx";
import { LoadingSkeleton } from "../../ui/feedback.tsx";
import { Picture } from "../../ui/picture.tsx";
import { StatusChip } from "../../ui/status.tsx";
import { useOperations, useRecentJobs } from "./queries.ts";

type Job = components["schemas"]["ListedJob"];

const SHOWN = 3;

/** Returns the name of a job, or what its operation is called. */
function useJobName(job: Job): string {
  const operations = useOperations().data ?? [];
  const operation = operations.find((entry) => entry.id === job.operation);
  return job.name ?? operation?.title ?? job.operation;
}

function elapsed(job: Job): string | null {
  if (!job.started_at) return null;
  const from = Date.parse(job.started_at);
  return seconds(Math.max(0, Date.now() + clockOffset - from) / 1000);
}

function OpenJob({ job }: { job: Job }) {
  const words = texts("dashboard");
  const name = useJobName(job);
  return (
    <li>
      <Link href={`/jobs/${job.id}`} className="dashboard-job">
        <Picture src={job.thumbnail_url} alt="" className="dashboard-thumbnail" />
        <span className="dashboard-job-name">
          <span className="one-line">{name}</span>
          <span className="muted number">
            {[words.imagesDone(job.counts.succeeded, job.counts.total), elapsed(job)]
              .filter(Boolean)
              .join(" · ")}
          </span>
        </span>
        <span className="number">{percent(job.progress.percent)}</span>
        <Bar value={job.progress.percent} label={name} />
        {job.waiting && (
          <span className="meta dashboard-waiting">
            {words.waiting(job.waiting.provider, timeOfDayText(job.waiting.until))}
          </span>
        )}
      </Link>
    </li>
  );
}

function EndedJob({ job }: { job: Job }) {
  const words = texts("dashboard");
  const name = useJobName(job);
  return (
    <li>
      <Link href={`/jobs/${job.id}`} className="dashboard-job dashboard-job-ended">
        <Picture src={job.thumbnail_url} alt="" className="dashboard-thumbnail" />
        <span className="dashboard-job-name">
          <span className="one-line">{name}</span>
          <span className="muted number">
            {words.imagesDone(job.counts.succeeded, job.counts.total)}
          </span>
        </span>
        <StatusChip status={job.status} />
      </Link>
    </li>
  );
}

/** The open jobs with their bars; without any, the jobs that ended last. */
export function RunningCard({ open, refresh }: { open: Job[] | undefined; refresh: string }) {
  const words = texts("dashboard");
  const recent = useRecentJobs(refresh).data;
  const idle = open?.length === 0;
  return (
    <GlassyCard
      title={idle ? words.lastJobs : words.running}
      count={idle ? undefined : open?.length}
      action={
        <Link href="/jobs" className="quiet-link">
          {words.allJobs}
        </Link>
      }
    >
      <div className="dashboard-body">
        {(!open || !recent) && <LoadingSkeleton rows={3} height={40} />}
        {idle && recent?.length === 0 && <p className="muted">{words.noJobs}</p>}
        <ul className="dashboard-jobs">
          {open &&
            recent &&
            !idle &&
            open.slice(0, SHOWN).map((job) => <OpenJob key={job.id} job={job} />)}
          {idle && recent?.slice(0, SHOWN).map((job) => <EndedJob key={job.id} job={job} />)}
        </ul>
      </div>
    </GlassyCard>
  );
}
