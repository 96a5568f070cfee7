import { Link, useSearchParams } from "wouter";
import type { ListedJob } from "../../api/studio.ts";
import { dateTime } from "../../i18n/format.ts";
import { shell, texts } from "../../i18n/index.ts";
import { isRunning } from "../../jobs/queue.ts";
import { amountText } from "../../money.ts";
import { PageHeader } from "../../shell/page-header.tsx";
import { Bar } from "../../ui/bar.tsx";
import { Button, ButtonLink } from "../../ui/button.tsx";
import { GlassyCard } from "../../ui/card.tsx";
import { Empty, LoadingSkeleton, ProblemBanner } from "../../ui/feedback.tsx";
import { Segment } from "../../ui/field.tsx";
import { Picture } from "../../ui/picture.tsx";
import { useRenewal } from "../../ui/renewal.ts";
import { StatusChip } from "../../ui/status.tsx";
import { operations, type Status, useJobs } from "./queries.ts";
import "./jobs.css";

const filters: Record<string, Status[]> = {
  all: [],
  open: ["queued", "running", "cancelling"],
  finished: ["succeeded", "partially_succeeded", "cancelled"],
  failed: ["failed", "partially_succeeded"],
};

/** The settled cost of a job, or that it is not known. */
function CostText({ job }: { job: ListedJob }) {
  const words = texts("jobs");
  if (job.cost.basis === "unknown") return <span className="hatched">{words.costUnknown}</span>;
  return <>{amountText(job.cost.amount)}</>;
}

function JobRow({ job, onExpired }: { job: ListedJob; onExpired: () => void }) {
  const words = texts("jobs");
  const operation = words.operations[job.operation] ?? job.operation;
  const name = job.name ?? operation;
  return (
    <tr className="job-row">
      <td className="jobs-picture">
        <Picture src={job.thumbnail_url} alt="" className="jobs-thumbnail" onExpired={onExpired} />
      </td>
      <td className="jobs-job">
        <Link href={`/jobs/${job.id}`} className="jobs-name">
          {name}
        </Link>
        {job.name && <p className="meta one-line">{operation}</p>}
      </td>
      <td className="jobs-started">{dateTime(job.created_at)}</td>
      <td className="number jobs-images">
        {words.imagesDone(job.counts.succeeded, job.counts.total)}
        {isRunning(job.status) && (
          <Bar value={job.progress.percent} label={words.progressOf(name)} />
        )}
      </td>
      <td className="jobs-status">
        <StatusChip status={job.status} />
      </td>
      <td className="number jobs-cost">
        <CostText job={job} />
      </td>
    </tr>
  );
}

function NoJobs() {
  const words = texts("jobs");
  return (
    <Empty icon="pulse" title={words.emptyTitle}>
      {words.empty}
    </Empty>
  );
}

function NoMatch() {
  const words = texts("jobs");
  return (
    <Empty
      icon="search"
      title={words.emptyFilterTitle}
      actions={<ButtonLink href="/jobs">{words.showAll}</ButtonLink>}
    >
      {words.emptyFilter}
    </Empty>
  );
}

export default function JobsPage() {
  const words = texts("jobs");
  const [search, setSearch] = useSearchParams();
  const filter = search.get("show") ?? "all";
  const operation = search.get("operation");
  const jobs = useJobs({ status: filters[filter] ?? [], operation });
  const renew = useRenewal(jobs);
  const change = (name: string, value: string | null) =>
    setSearch((before) => {
      if (value === null) before.delete(name);
      else before.set(name, value);
      return before;
    });
  const filtered = filter !== "all" || operation !== null;
  const rows = jobs.data?.pages.flatMap((page) => page.data) ?? [];
  return (
    <>
      <PageHeader
        title={words.title}
        actions={
          <ButtonLink href="/create" kind="primary" icon="sparkle">
            {words.create}
          </ButtonLink>
        }
      />
      <div className="jobs-filters">
        <Segment
          label={words.filter}
          value={filter}
          options={[
            { value: "all", label: words.all },
            { value: "open", label: words.open },
            { value: "finished", label: words.finished },
            { value: "failed", label: words.failed },
          ]}
          onChange={(value) => change("show", value === "all" ? null : value)}
        />
        <select
          className="input jobs-operation"
          aria-label={words.operation}
          value={operation ?? ""}
          onChange={(event) => change("operation", event.target.value || null)}
        >
          <option value="">{words.anyOperation}</option>
          {operations.map((name) => (
            <option key={name} value={name}>
              {words.operations[name]}
            </option>
          ))}
        </select>
      </div>
      {jobs.error && <ProblemBanner error={jobs.error} onRetry={() => void jobs.refetch()} />}
      {jobs.isPending && <LoadingSkeleton rows={6} height={56} />}
      {jobs.data && rows.length === 0 && (filtered ? <NoMatch /> : <NoJobs />)}
      {rows.length > 0 && (
        <GlassyCard>
          <table className="table jobs-table">
            <thead>
              <tr>
                <th>
                  <span className="visually-hidden">{words.images}</span>
                </th>
                <th>{words.job}</th>
                <th className="jobs-started">{words.started}</th>
                <th className="number">{words.images}</th>
                <th>{words.status}</th>
                <th className="number">{words.cost}</th>
              </tr>
            </thead>
            <tbody>
              {rows.map((job) => (
                <JobRow key={job.id} job={job} onExpired={renew} />
              ))}
            </tbody>
          </table>
        </GlassyCard>
      )}
      {jobs.hasNextPage && (
        <Button
          busy={jobs.isFetchingNextPage ? shell.parts.loadingMore : undefined}
          onClick={() => void jobs.fetchNextPage()}
        >
          {shell.parts.more}
        </Button>
      )}
    </>
  );
}
