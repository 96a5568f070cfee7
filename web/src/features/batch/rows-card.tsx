import type { BatchImport, ImportRow } from "../../api/batches.ts";
import { integer } from "../../i18n/format.ts";
import { shell, texts } from "../../i18n/index.ts";
import { priceText } from "../../money.ts";
import { Button } from "../../ui/button.tsx";
import { GlassyCard } from "../../ui/card.tsx";
import { LoadingSkeleton, ProblemBanner } from "../../ui/feedback.tsx";
import { Segment } from "../../ui/field.tsx";
import { Icon } from "../../ui/icons.tsx";
import { useRows } from "./queries.ts";

// The API gives the beginning of a prompt.
const SHOWN = 80;

function beginning(prompt: string): string {
  return prompt.length < SHOWN ? prompt : `${prompt}…`;
}

function PriceOfRow({ row }: { row: ImportRow }) {
  const words = texts("batch");
  if (row.status === "faulty") return <>–</>;
  if (row.estimate === null) return <span className="hatched">{words.unknownCost}</span>;
  return <>{priceText(row.estimate)}</>;
}

function Row({ row }: { row: ImportRow }) {
  const words = texts("batch");
  return (
    <tr className={row.status === "faulty" ? "batch-line batch-line-faulty" : "batch-line"}>
      <td className="number batch-line-row">{integer(row.row)}</td>
      <td className="batch-line-text">
        <p className="batch-prompt">{beginning(row.prompt ?? "")}</p>
        {row.errors.map((error) => (
          <p key={`${error.column} ${error.code}`} className="meta tone-bad batch-note">
            <Icon name="alert" size={14} />
            {words.where(error.column, error.detail)}
          </p>
        ))}
        {row.warnings.map((warning) => (
          <p key={warning} className="meta tone-warn batch-note">
            <Icon name="warning" size={14} />
            {warning}
          </p>
        ))}
      </td>
      <td className="number batch-line-images">{row.status === "faulty" ? "–" : row.images}</td>
      <td className="number batch-line-price">
        <PriceOfRow row={row} />
      </td>
    </tr>
  );
}

/** The rows of a table with price and errors, a page at a time. */
export function RowsCard({
  table,
  only,
  onOnly,
}: {
  table: BatchImport;
  only: ImportRow["status"] | undefined;
  onOnly: (only: ImportRow["status"] | undefined) => void;
}) {
  const words = texts("batch");
  const { counts } = table;
  const rows = useRows(table.id, only, true);
  const shown = rows.data?.pages.flatMap((page) => page.data) ?? [];
  return (
    <GlassyCard
      title={words.rows}
      count={integer(counts.rows)}
      action={
        counts.faulty > 0 &&
        counts.valid > 0 && (
          <Segment
            label={words.filter}
            value={only ?? "all"}
            options={[
              { value: "all", label: words.all },
              { value: "valid", label: words.valid },
              { value: "faulty", label: words.wrong },
            ]}
            onChange={(value) => onOnly(value === "all" ? undefined : value)}
          />
        )
      }
    >
      {rows.error && <ProblemBanner error={rows.error} onRetry={() => void rows.refetch()} />}
      {rows.isPending && <LoadingSkeleton rows={5} height={44} />}
      {shown.length > 0 && (
        <table className="table batch-lines">
          <thead>
            <tr>
              <th className="number">{words.row}</th>
              <th>{words.prompt}</th>
              <th className="number">{words.images}</th>
              <th className="number">{words.price}</th>
            </tr>
          </thead>
          <tbody>
            {shown.map((row) => (
              <Row key={row.row} row={row} />
            ))}
          </tbody>
        </table>
      )}
      {rows.data && shown.length === 0 && <p className="muted batch-none">{words.noRows}</p>}
      {rows.hasNextPage && (
        <div className="batch-none">
          <Button
            busy={rows.isFetchingNextPage ? shell.parts.loadingMore : undefined}
            onClick={() => void rows.fetchNextPage()}
          >
            {shell.parts.more}
          </Button>
        </div>
      )}
    </GlassyCard>
  );
}
