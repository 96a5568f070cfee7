import { useMemo } from "react";
import type { LedgerEntry, LogLine, readLedger } from "../../api/studio.ts";
import { clockTime } from "../../i18n/format.ts";
import { texts } from "../../i18n/index.ts";
import { amountText } from "../../money.ts";
import { Button } from "../../ui/button.tsx";
import { GlassyCard } from "../../ui/card.tsx";
import { saveFile } from "../../ui/files.ts";
import { ledgerCsv } from "./ledger.ts";

type LedgerData = Awaited<ReturnType<typeof readLedger>>;

/** A list that scrolls must be reached by keyboard. */
const scrolls = { tabIndex: 0 };

function EntryRow({ entry, label }: { entry: LedgerEntry; label: string }) {
  const words = texts("jobs");
  const released = entry.type === "release";
  return (
    <li className="entry">
      <time className="meta number" dateTime={entry.at}>
        {clockTime(entry.at)}
      </time>
      <span>
        {words.types[entry.type]}
        <span className="meta one-line entry-what">{label}</span>
      </span>
      <span className="number">
        {entry.amount === null ? (
          <span className="hatched">{words.costUnknown}</span>
        ) : (
          <span className={released ? "tone-ok" : ""}>{amountText(entry.amount, 6)}</span>
        )}
        <span className="meta entry-what">{words.bases[entry.basis]}</span>
      </span>
    </li>
  );
}

/** What was held, paid and released for the job, with the sums of the server. */
export function LedgerCard({
  id,
  ledger,
  labels,
}: {
  id: string;
  ledger: LedgerData;
  labels: ReadonlyMap<number, string>;
}) {
  const words = texts("jobs");
  const { entries, totals } = ledger;
  return (
    <GlassyCard
      title={words.ledger}
      action={
        <Button
          kind="quiet"
          small
          icon="download"
          aria-label={words.csvLabel}
          disabled={entries.length === 0}
          onClick={() =>
            saveFile(new Blob([ledgerCsv(entries)], { type: "text/csv" }), `${id}-ledger.csv`)
          }
        >
          {words.csv}
        </Button>
      }
      footer={
        <dl className="totals">
          <dt>{words.totals.settled}</dt>
          <dd className="number totals-main">{amountText(totals.settled, 6)}</dd>
          <dt>{words.totals.held}</dt>
          <dd className="number">{amountText(totals.held, 6)}</dd>
          {totals.unknown_entries > 0 && (
            <>
              <dt>{words.totals.unknown}</dt>
              <dd className="number">
                <span className="hatched">{totals.unknown_entries}</span>
              </dd>
            </>
          )}
        </dl>
      }
    >
      {entries.length === 0 ? (
        <p className="muted card-note">{words.ledgerEmpty}</p>
      ) : (
        <ul className="entries" {...scrolls}>
          {entries.map((entry) => (
            <EntryRow
              key={entry.id}
              entry={entry}
              label={entry.item === null ? words.entryAll : (labels.get(entry.item) ?? "")}
            />
          ))}
        </ul>
      )}
    </GlassyCard>
  );
}

/** The log of the job, newest first. */
export function LogCard({ lines }: { lines: readonly LogLine[] }) {
  const words = texts("jobs");
  const newest = useMemo(() => lines.toReversed(), [lines]);
  return (
    <GlassyCard title={words.log} count={lines.length}>
      {lines.length === 0 ? (
        <p className="muted card-note">{words.logEmpty}</p>
      ) : (
        <ol className="log mono" {...scrolls}>
          {newest.map((line, index) => (
            <li key={newest.length - index} className={`log-line log-${line.level}`}>
              <time dateTime={line.at}>{clockTime(line.at)}</time>{" "}
              {line.item !== null && <>{words.logItem(line.item)} · </>}
              {line.message}
            </li>
          ))}
        </ol>
      )}
    </GlassyCard>
  );
}
