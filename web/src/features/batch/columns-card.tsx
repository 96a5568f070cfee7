import { useState } from "react";
import type { BatchImport } from "../../api/batches.ts";
import { texts } from "../../i18n/index.ts";
import { Button } from "../../ui/button.tsx";
import { GlassyCard } from "../../ui/card.tsx";
import { FilesButton } from "../../ui/drop.tsx";
import { AsyncStatusBanner, ProblemBanner } from "../../ui/feedback.tsx";
import { Field } from "../../ui/field.tsx";
import { useColumns } from "./queries.ts";
import { fileOf, type Mapping, useCheck } from "./use-check.ts";

/** Columns that mean nothing, and what they could mean. Checking again costs nothing. */
export function ColumnsCard({ table }: { table: BatchImport }) {
  const words = texts("batch");
  const given = Object.keys(table.mapping);
  const headings = [...given, ...table.ignored_columns.filter((name) => !given.includes(name))];
  const columns = useColumns(headings.length > 0);
  const [chosen, setChosen] = useState<Record<string, string>>(table.mapping);
  const { check, busy, problem } = useCheck();
  if (headings.length === 0) return null;
  const changed = JSON.stringify(chosen) !== JSON.stringify(table.mapping);
  const file = fileOf(table.id);
  const likely = headings.some((heading) => table.nearest_columns[heading] !== undefined);

  function choose(heading: string, member: string): void {
    const { [heading]: _before, ...others } = chosen;
    setChosen(member === "" ? others : { ...others, [heading]: member });
  }

  return (
    <GlassyCard>
      <details className="batch-details" open={table.status === "invalid" || likely}>
        <summary>
          {words.columns}
          <span className="count-chip">{headings.length}</span>
        </summary>
        <div className="batch-mapping">
          <p className="muted">{words.columnsHint}</p>
          {columns.error && (
            <ProblemBanner error={columns.error} onRetry={() => void columns.refetch()} />
          )}
          {problem && <AsyncStatusBanner tone="bad">{problem}</AsyncStatusBanner>}
          <div className="batch-meanings">
            {headings.map((heading) => {
              const nearest = table.nearest_columns[heading];
              return (
                <Field
                  key={heading}
                  label={heading}
                  hint={nearest === undefined ? undefined : words.nearest(nearest)}
                >
                  {(control) => (
                    <select
                      {...control}
                      className="input"
                      value={chosen[heading] ?? ""}
                      onChange={(event) => choose(heading, event.target.value)}
                    >
                      <option value="">{words.leaveOut}</option>
                      {columns.data?.map((member) => (
                        <option key={member}>{member}</option>
                      ))}
                    </select>
                  )}
                </Field>
              );
            })}
          </div>
          {file ? (
            <Button
              icon="retry"
              disabled={!changed}
              busy={busy}
              onClick={() => void check(file, chosen as Mapping)}
            >
              {words.checkAgain}
            </Button>
          ) : (
            <>
              <FilesButton
                label={words.chooseAgain}
                accept=".csv,.tsv,.txt,text/csv"
                busy={busy}
                onFiles={([again]) => again && void check(again, chosen as Mapping)}
              />
              <p className="meta">{words.chooseAgainHint}</p>
            </>
          )}
        </div>
      </details>
    </GlassyCard>
  );
}
