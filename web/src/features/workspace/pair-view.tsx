import type { ReactNode } from "react";
import { Link } from "wouter";
import type { Pair } from "../../api/folders.ts";
import { ComparePanel } from "../../compare/lazy.tsx";
import { dateTime } from "../../i18n/format.ts";
import { texts } from "../../i18n/index.ts";
import { GlassyCard } from "../../ui/card.tsx";
import { Picture } from "../../ui/picture.tsx";
import { StatusChip } from "../../ui/status.tsx";
import { isMaking } from "./pairs.ts";

/** The state of a pair as the parts know it. */
export function statusOf(pair: Pair): string {
  return isMaking(pair) ? "processing" : pair.status;
}

function Stage({ pair, onExpired }: { pair: Pair; onExpired: () => void }) {
  const words = texts("workspace");
  const { input_url, output_url } = pair;
  if (input_url && output_url) {
    return (
      <ComparePanel
        before={{ src: input_url, label: words.source }}
        after={{ src: output_url, label: words.result }}
        onExpired={onExpired}
      />
    );
  }
  return (
    <figure className="workspace-single">
      <Picture
        src={output_url ?? input_url}
        alt={pair.output_name ?? pair.input_name ?? words.unnamed}
        className="workspace-picture"
        onExpired={onExpired}
      />
      <figcaption className={pair.status === "failed" ? "tone-bad" : "muted"}>
        {pair.status === "failed" && words.failedText}
        {isMaking(pair) && words.making}
        {pair.status === "pending" && !isMaking(pair) && words.noResult}
        {pair.status === "succeeded" && words.withoutSource}
      </figcaption>
    </figure>
  );
}

/** A photo beside its result, with what is known of both. */
export function PairView({ pair, onExpired }: { pair: Pair; onExpired: () => void }) {
  const words = texts("workspace");
  const links: [string | null, string, string][] = [
    [pair.input_asset_id, "/assets", words.openSource],
    [pair.output_asset_id, "/assets", words.openResult],
    [pair.job_id, "/jobs", words.openJob],
  ];
  const facts: [string, ReactNode][] = [
    [words.name, pair.input_name ?? pair.output_name ?? words.unnamed],
    [
      words.status,
      <StatusChip
        key="status"
        status={statusOf(pair)}
        label={words.pairStates[pair.status]}
        plain
      />,
    ],
    [words.added, dateTime(pair.created_at)],
  ];
  return (
    <div className="workspace-pair">
      <Stage pair={pair} onExpired={onExpired} />
      <GlassyCard title={words.facts} className="workspace-facts">
        <dl>
          {facts.map(([label, value]) => (
            <div key={label}>
              <dt>{label}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
        <ul>
          {links.map(
            ([id, place, label]) =>
              id !== null && (
                <li key={label}>
                  <Link href={`${place}/${id}`} className="workspace-link">
                    {label}
                  </Link>
                </li>
              ),
          )}
        </ul>
      </GlassyCard>
    </div>
  );
}
