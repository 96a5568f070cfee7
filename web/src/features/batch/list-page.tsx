import { Link } from "wouter";
import { type Batch, type BatchImport, readSample } from "../../api/batches.ts";
import { dateTime } from "../../i18n/format.ts";
import { shell, texts } from "../../i18n/index.ts";
import { PageHeader } from "../../shell/page-header.tsx";
import { useApi } from "../../studio.tsx";
import { Bar } from "../../ui/bar.tsx";
import { Button } from "../../ui/button.tsx";
import { GlassyCard } from "../../ui/card.tsx";
import { DropCover, FilesButton, useDrop } from "../../ui/drop.tsx";
import { AsyncStatusBanner, Empty, LoadingSkeleton, ProblemBanner } from "../../ui/feedback.tsx";
import { saveRead } from "../../ui/files.ts";
import { StatusChip } from "../../ui/status.tsx";
import { brokenRows, endedRows, isOpen } from "./counts.ts";
import { CostOfBatch, PriceOfTable } from "./money.tsx";
import { useBatches, useImports } from "./queries.ts";
import { useCheck } from "./use-check.ts";
import "./batch.css";

function SampleButton() {
  const words = texts("batch");
  const api = useApi();
  return (
    <Button
      kind="quiet"
      icon="download"
      onClick={() => void saveRead(readSample(api), words.sampleFile)}
    >
      {words.sample}
    </Button>
  );
}

function BatchRow({ batch }: { batch: Batch }) {
  const words = texts("batch");
  const name = batch.name ?? words.untitled;
  const broken = brokenRows(batch);
  return (
    <tr className="batch-row">
      <td className="batch-name">
        <Link href={`/batch/${batch.id}`} className="batch-link">
          {name}
        </Link>
      </td>
      <td className="batch-time">{dateTime(batch.created_at)}</td>
      <td className="number batch-done">
        {words.done(endedRows(batch), batch.jobs.total)}
        {isOpen(batch.status) && <Bar value={batch.percent} label={words.progressOf(name)} />}
        {!isOpen(batch.status) && broken > 0 && (
          <p className="meta tone-bad">{words.failedRows(broken)}</p>
        )}
      </td>
      <td className="batch-status">
        <StatusChip status={batch.status} />
      </td>
      <td className="number batch-cost">
        <CostOfBatch batch={batch} />
      </td>
    </tr>
  );
}

function BatchTable({ batches }: { batches: readonly Batch[] }) {
  const words = texts("batch");
  return (
    <GlassyCard title={words.batches}>
      <table className="table batch-table">
        <thead>
          <tr>
            <th>{words.batch}</th>
            <th className="batch-time">{words.started}</th>
            <th className="number">{words.rows}</th>
            <th>{words.status}</th>
            <th className="number">{words.cost}</th>
          </tr>
        </thead>
        <tbody>
          {batches.map((batch) => (
            <BatchRow key={batch.id} batch={batch} />
          ))}
        </tbody>
      </table>
    </GlassyCard>
  );
}

/** Tables that were checked and have not run. */
function CheckedTables({ tables }: { tables: readonly BatchImport[] }) {
  const words = texts("batch");
  if (tables.length === 0) return null;
  return (
    <GlassyCard title={words.checked} count={tables.length}>
      <ul>
        {tables.map((table) => (
          <li key={table.id} className="batch-checked">
            <Link href={`/batch/tables/${table.id}`} className="batch-link">
              {table.name ?? words.untitled}
            </Link>
            <span className="muted">{words.rowsValid(table.counts.valid, table.counts.rows)}</span>
            <span className="muted batch-time">{dateTime(table.created_at)}</span>
            <span className="number">
              <PriceOfTable table={table} />
            </span>
          </li>
        ))}
      </ul>
    </GlassyCard>
  );
}

export default function BatchesPage() {
  const words = texts("batch");
  const batches = useBatches();
  const imports = useImports();
  const { check, busy, problem, forget } = useCheck();
  const drop = useDrop(([file]) => file && void check(file));
  const rows = batches.data?.pages.flatMap((page) => page.data) ?? [];
  const waiting = (imports.data?.data ?? []).filter((table) => table.batch_id === null);
  const nothing = batches.data && imports.data && rows.length === 0 && waiting.length === 0;
  const start = (
    <>
      <SampleButton />
      <FilesButton
        label={words.choose}
        title={words.chooseHint}
        accept=".csv,.tsv,.txt,text/csv"
        busy={busy}
        primary
        onFiles={([file]) => file && void check(file)}
      />
    </>
  );
  return (
    <div className="batch" {...drop.handlers}>
      <PageHeader title={words.title} actions={nothing ? null : start} />
      <p className="muted">{words.lead}</p>
      {drop.over && <DropCover text={words.drop} />}
      {problem && (
        <AsyncStatusBanner tone="bad" onDismiss={forget}>
          {problem}
        </AsyncStatusBanner>
      )}
      {batches.error && (
        <ProblemBanner error={batches.error} onRetry={() => void batches.refetch()} />
      )}
      {imports.error && (
        <ProblemBanner error={imports.error} onRetry={() => void imports.refetch()} />
      )}
      {batches.isPending && <LoadingSkeleton rows={5} height={56} />}
      {nothing && (
        <Empty icon="layers" title={words.emptyTitle} actions={start}>
          {words.emptyText}
        </Empty>
      )}
      <CheckedTables tables={waiting} />
      {rows.length > 0 && <BatchTable batches={rows} />}
      {batches.hasNextPage && (
        <Button
          busy={batches.isFetchingNextPage ? shell.parts.loadingMore : undefined}
          onClick={() => void batches.fetchNextPage()}
        >
          {shell.parts.more}
        </Button>
      )}
    </div>
  );
}
