import { Link } from "wouter";
import type { BatchLine, BatchProgress } from "../../api/batches.ts";
import { integer } from "../../i18n/format.ts";
import { shell, texts } from "../../i18n/index.ts";
import { Button } from "../../ui/button.tsx";
import { GlassyCard } from "../../ui/card.tsx";
import { LoadingSkeleton, ProblemBanner } from "../../ui/feedback.tsx";
import { StatusChip } from "../../ui/status.tsx";
import { CostOfBatch } from "./money.tsx";
import { useLines } from "./queries.ts";

function Line({ line }: { line: BatchLine }) {
  const words = texts("batch");
  return (
    <tr className="batch-line">
      <td className="number batch-line-row">{integer(line.row)}</td>
      <td className="batch-line-text">
        <StatusChip status={line.status} plain />
        {line.problem && <p className="meta tone-bad">{line.problem.detail}</p>}
      </td>
      <td className="number batch-line-images">
        {line.images && words.done(line.images.succeeded, line.images.total)}
      </td>
      <td className="number batch-line-price">
        {line.cost && <CostOfBatch batch={{ cost: line.cost }} />}
      </td>
      <td className="batch-line-job">
        {line.job_id && (
          <Link href={`/jobs/${line.job_id}`} className="batch-link">
            {words.openJob}
            <span className="visually-hidden"> {line.row}</span>
          </Link>
        )}
      </td>
    </tr>
  );
}

/** The rows that have started, each with its job. */
export function LinesCard({ id, progress }: { id: string; progress: BatchProgress }) {
  const words = texts("batch");
  const lines = useLines(id, progress);
  const shown = lines.data?.pages.flatMap((page) => page.data) ?? [];
  return (
    <GlassyCard title={words.startedRows}>
      {lines.error && <ProblemBanner error={lines.error} onRetry={() => void lines.refetch()} />}
      {lines.isPending && <LoadingSkeleton rows={4} height={44} />}
      {lines.data && shown.length === 0 && <p className="muted batch-none">{words.noneStarted}</p>}
      {shown.length > 0 && (
        <table className="table batch-lines">
          <thead>
            <tr>
              <th className="number">{words.row}</th>
              <th>{words.status}</th>
              <th className="number">{words.images}</th>
              <th className="number">{words.cost}</th>
              <th>
                <span className="visually-hidden">{words.openJob}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {shown.map((line) => (
              <Line key={line.row} line={line} />
            ))}
          </tbody>
        </table>
      )}
      {lines.hasNextPage && (
        <div className="batch-none">
          <Button
            busy={lines.isFetchingNextPage ? shell.parts.loadingMore : undefined}
            onClick={() => void lines.fetchNextPage()}
          >
            {shell.parts.more}
          </Button>
        </div>
      )}
    </GlassyCard>
  );
}
