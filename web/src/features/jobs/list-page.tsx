import { useInfiniteQuery } from "@tanstack/react-query";
import { Link, useSearchParams } from "wouter";
import { bodyOf } from "../../api/client.ts";
import type { components } from "../../api/schema.d.ts";
import { dateTime } from "../../i18n/format.ts";
import { shell, texts } from "../../i18n/index.ts";
import { amountText } from "../../money.ts";
import { PageHeader } from "../../shell/page-header.tsx";
import { useApi } from "../../studio.tsx";
import { Button, ButtonLink } from "../../ui/button.tsx";
import { GlassyCard } from "../../ui/card.tsx";
import { Empty, LoadingSkeleton, ProblemBanner } from "../../ui/feedback.tsx";
import { Segment } from "../../ui/field.tsx";
import { Picture } from "../../ui/picture.tsx";
import { StatusChip } from "../../ui/status.tsx";
import "./jobs.css";

type Job = components["schemas"]["ListedJob"];
type Status = Job["status"];

const filters: Record<string, Status[]> = {
  all: [],
  open: ["queued", "running", "cancelling"],
  finished: ["succeeded", "partially_succeeded", "cancelled"],
  failed: ["failed", "partially_succeeded"],
};

const PAGE_SIZE = 50;

function useJobs(status: Status[]) {
  const api = useApi();
  return useInfiniteQuery({
    queryKey: ["jobs", "list", status],
    initialPageParam: "",
    queryFn: async ({ pageParam, signal }) => {
      const query = { limit: PAGE_SIZE, status, ...(pageParam ? { cursor: pageParam } : {}) };
      return bodyOf(await api.GET("/v1/jobs", { params: { query }, signal }));
    },
    getNextPageParam: (page) => page.page.next_cursor ?? undefined,
  });
}

function JobRow({ job }: { job: Job }) {
  const words = texts("jobs");
  return (
    <tr>
      <td className="jobs-picture">
        <Picture src={job.thumbnail_url} alt="" className="jobs-thumbnail" />
      </td>
      <td>
        <Link href={`/jobs/${job.id}`} className="jobs-name">
          {job.name ?? job.operation}
        </Link>
        <p className="meta one-line">{job.operation}</p>
      </td>
      <td className="jobs-wide">{dateTime(job.created_at)}</td>
      <td className="number jobs-wide">
        {words.imagesDone(job.counts.succeeded, job.counts.total)}
      </td>
      <td>
        <StatusChip status={job.status} />
      </td>
      <td className="number">
        {job.cost.basis === "unknown" ? words.costUnknown : amountText(job.cost.amount)}
      </td>
    </tr>
  );
}

export default function JobsPage() {
  const words = texts("jobs");
  const [search, setSearch] = useSearchParams();
  const filter = search.get("show") ?? "all";
  const jobs = useJobs(filters[filter] ?? []);
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
      <Segment
        label={words.filter}
        value={filter}
        options={[
          { value: "all", label: words.all },
          { value: "open", label: words.open },
          { value: "finished", label: words.finished },
          { value: "failed", label: words.failed },
        ]}
        onChange={(value) => setSearch(value === "all" ? {} : { show: value })}
      />
      {jobs.error && <ProblemBanner error={jobs.error} onRetry={() => void jobs.refetch()} />}
      {jobs.isPending && <LoadingSkeleton rows={6} height={56} />}
      {jobs.data && rows.length === 0 && (
        <Empty icon="pulse" title={words.emptyTitle}>
          {words.empty}
        </Empty>
      )}
      {rows.length > 0 && (
        <GlassyCard>
          <table className="table">
            <thead>
              <tr>
                <th aria-label={shell.parts.noImage} />
                <th>{words.job}</th>
                <th className="jobs-wide">{words.started}</th>
                <th className="number jobs-wide">{words.images}</th>
                <th>{words.status}</th>
                <th className="number">{words.cost}</th>
              </tr>
            </thead>
            <tbody>
              {rows.map((job) => (
                <JobRow key={job.id} job={job} />
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
