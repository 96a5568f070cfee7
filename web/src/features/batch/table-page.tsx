import { useState } from "react";
import { useLocation } from "wouter";
import type { BatchImport, ImportRow } from "../../api/batches.ts";
import { texts } from "../../i18n/index.ts";
import { PageHeader } from "../../shell/page-header.tsx";
import { ButtonLink } from "../../ui/button.tsx";
import { GlassyCard } from "../../ui/card.tsx";
import { AsyncStatusBanner, Empty, LoadingSkeleton, ProblemBanner } from "../../ui/feedback.tsx";
import { isMissing, Missing } from "../../ui/missing.tsx";
import { ColumnsCard } from "./columns-card.tsx";
import { ErrorsButton } from "./errors-button.tsx";
import { useTable } from "./queries.ts";
import { RowsCard } from "./rows-card.tsx";
import { StartCard } from "./start-card.tsx";
import "./batch.css";

/** What is wrong with the table as a whole. */
function Unreadable({ table }: { table: BatchImport }) {
  const words = texts("batch");
  return (
    <AsyncStatusBanner tone="bad">
      <strong>{words.unreadableTitle}</strong>
      {table.errors.map((error) => (
        <p key={`${error.row} ${error.column} ${error.code}`}>
          {error.row !== null && `${words.row} ${error.row}, `}
          {words.where(error.column, error.detail)}
        </p>
      ))}
    </AsyncStatusBanner>
  );
}

/** What the check found, in a sentence each. */
function Findings({ table }: { table: BatchImport }) {
  const words = texts("batch");
  const { counts } = table;
  return (
    <>
      {table.warnings.map((warning) => (
        <AsyncStatusBanner key={warning} tone="warn">
          {warning}
        </AsyncStatusBanner>
      ))}
      {counts.valid > 0 && (
        <AsyncStatusBanner tone="ok">{words.ready(counts.valid, counts.images)}</AsyncStatusBanner>
      )}
      {counts.faulty > 0 && (
        <AsyncStatusBanner tone="bad" action={<ErrorsButton table={table} />}>
          <strong>{words.faulty(counts.faulty)}</strong>{" "}
          {counts.valid > 0 ? words.faultyHint : words.none}
        </AsyncStatusBanner>
      )}
    </>
  );
}

/** A checked table: its columns, its rows with price and errors, and the button that runs it. */
export default function TablePage({ params }: { params: Record<string, string | undefined> }) {
  const id = params.id ?? "";
  const words = texts("batch");
  const [, go] = useLocation();
  const [only, setOnly] = useState<ImportRow["status"] | undefined>();
  const query = useTable(id);
  const table = query.data;
  if (isMissing(query.error))
    return (
      <Missing title={words.missingTitle} href="/batch" action={words.showAll}>
        {words.missing}
      </Missing>
    );
  if (query.error && !table)
    return <ProblemBanner error={query.error} onRetry={() => void query.refetch()} />;
  if (!table) return <LoadingSkeleton rows={4} height={96} />;
  const checked = table.status === "validated";
  const readable = checked && table.counts.rows > 0;
  return (
    <div className="batch">
      <PageHeader
        title={table.name ?? words.untitled}
        path={[{ label: words.title, path: "/batch" }]}
      />
      {table.status === "validating" && (
        <AsyncStatusBanner tone="info">{words.validating}</AsyncStatusBanner>
      )}
      {table.status === "validating" && <LoadingSkeleton rows={5} height={48} />}
      {table.status === "invalid" && <Unreadable table={table} />}
      {table.batch_id && (
        <AsyncStatusBanner
          tone="info"
          action={
            <ButtonLink href={`/batch/${table.batch_id}`} small>
              {words.openBatch}
            </ButtonLink>
          }
        >
          {words.runs}
        </AsyncStatusBanner>
      )}
      {checked && <Findings table={table} />}
      {table.status !== "validating" && table.batch_id === null && <ColumnsCard table={table} />}
      <div className="batch-columns">
        {readable && <RowsCard table={table} only={only} onOnly={setOnly} />}
        {readable && table.batch_id === null && table.counts.valid > 0 && (
          <StartCard table={table} onStarted={(batch) => go(`/batch/${batch.id}`)} />
        )}
      </div>
      {checked && table.counts.rows === 0 && (
        <GlassyCard>
          <Empty icon="layers" title={words.noneTitle}>
            {words.none}
          </Empty>
        </GlassyCard>
      )}
    </div>
  );
}
