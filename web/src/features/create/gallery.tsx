import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { Link, useLocation } from "wouter";
import { idempotencyKey } from "../../api/client.ts";
import type { Progress, Result } from "../../api/studio.ts";
import { CompareDialog, type ComparedImage } from "../../compare/lazy.tsx";
import { percent, seconds } from "../../i18n/format.ts";
import { shell, texts } from "../../i18n/index.ts";
import { isRunning, percentOf } from "../../jobs/queue.ts";
import { RetryBanner } from "../../jobs/retry-banner.tsx";
import { useProgress, useServerTime } from "../../jobs/use-progress.ts";
import { WaitingText } from "../../jobs/waiting.tsx";
import { amountText, microsOf, priceText } from "../../money.ts";
import { Bar } from "../../ui/bar.tsx";
import { Button, ButtonLink, IconButton } from "../../ui/button.tsx";
import { LoadingSkeleton, ProblemBanner } from "../../ui/feedback.tsx";
import { copyText, saveAddress } from "../../ui/files.ts";
import type { IconName } from "../../ui/icons.tsx";
import { Menu, type MenuItem } from "../../ui/menu.tsx";
import { StatusChip } from "../../ui/status.tsx";
import { useFullImages, useItems, useRedrive } from "./queries.ts";

/** Refreshes the month's money and the lists of jobs when a job that ran here ends. */
function useOnEnd(running: boolean): void {
  const cache = useQueryClient();
  const ran = useRef(false);
  useEffect(() => {
    if (running) ran.current = true;
    else if (ran.current) {
      ran.current = false;
      for (const queryKey of [["me"], ["jobs", "open"]])
        void cache.invalidateQueries({ queryKey }, { cancelRefetch: false });
    }
  }, [running, cache]);
}

function elapsed(progress: Progress, now: number): number | null {
  const starts = progress.results.flatMap((one) =>
    one.started_at ? [Date.parse(one.started_at)] : [],
  );
  if (starts.length === 0) return null;
  const ends = progress.results.flatMap((one) =>
    one.finished_at ? [Date.parse(one.finished_at)] : [],
  );
  const end = !isRunning(progress.state) && ends.length > 0 ? Math.max(...ends) : now;
  return Math.max(0, (end - Math.min(...starts)) / 1000);
}

interface TileActions {
  onCompare: (() => void) | undefined;
  onSource: (assetId: string, thumbnail: string | null) => void;
  onPrompt: (prompt: string) => void;
}

function DoneTile({
  result,
  full,
  ratio,
  prompt,
  actions,
}: {
  result: Result;
  full: string | undefined;
  ratio: number;
  prompt: string;
  actions: TileActions;
}) {
  const words = texts("create");
  const id = result.image_id ?? "";
  const name = words.image(result.index);
  const amount = result.cost?.amount ?? null;
  const [, navigate] = useLocation();
  const { onCompare } = actions;
  const shortcuts: (MenuItem & { icon: IconName })[] = [
    ...(onCompare ? [{ label: words.compare, icon: "compare" as const, onSelect: onCompare }] : []),
    {
      label: words.useAsSource,
      icon: "brush",
      onSelect: () => actions.onSource(id, result.thumbnail_url),
    },
    {
      label: words.download,
      icon: "download",
      disabled: !full,
      onSelect: () => full && saveAddress(full, `image-${result.index}-${id.slice(-6)}`),
    },
  ];
  return (
    <div className="create-image picture" style={{ aspectRatio: ratio }}>
      <Link href={`/assets/${id}`} className="create-image-link">
        {result.thumbnail_url || full ? (
          <img
            src={full ?? result.thumbnail_url ?? ""}
            alt={words.imageOf(result.index, prompt)}
            className={full ? "" : "create-blurred"}
          />
        ) : (
          shell.parts.noImage
        )}
      </Link>
      {result.cost && (
        <span className="create-price number">
          {amount === null ? shell.status.unknown : priceText(amount)}
        </span>
      )}
      <div className="create-actions">
        {shortcuts.map((action) => (
          <span key={action.label} className="create-wide-action">
            <IconButton
              icon={action.icon}
              label={`${action.label}: ${name}`}
              disabled={action.disabled ?? false}
              onClick={action.onSelect}
            />
          </span>
        ))}
        <Menu
          label={words.moreActions(result.index)}
          items={[
            ...shortcuts,
            { label: words.openAsset, icon: "image", onSelect: () => navigate(`/assets/${id}`) },
            {
              label: words.copyPrompt,
              icon: "copy",
              disabled: prompt === "",
              onSelect: () => void copyText(prompt, words.copied),
            },
            {
              label: words.reusePrompt,
              icon: "edit",
              disabled: prompt === "",
              onSelect: () => actions.onPrompt(prompt),
            },
          ]}
        />
      </div>
    </div>
  );
}

function RunningTile({ result, ratio, now }: { result: Result; ratio: number; now: number }) {
  const words = texts("create");
  const waiting = result.waiting !== null;
  const shown = percentOf(result, now);
  const status = waiting ? "waiting" : result.status === "queued" ? "pending" : "processing";
  return (
    <div className="create-image create-running" style={{ aspectRatio: ratio }}>
      <StatusChip status={status} plain />
      <div className="create-tile-bar">
        <Bar value={shown} label={words.image(result.index)} />
      </div>
      <p className="number">
        {words.image(result.index)} · {percent(shown)}
      </p>
      {result.waiting && (
        <p className="create-tile-note">
          <WaitingText waiting={result.waiting} now={now} />
        </p>
      )}
    </div>
  );
}

function FailedTile({
  jobId,
  result,
  ratio,
  ended,
  onAgain,
}: {
  jobId: string;
  result: Result;
  ratio: number;
  ended: boolean;
  onAgain: () => void;
}) {
  const words = texts("create");
  const redrive = useRedrive(jobId);
  const unknown = result.status === "unknown";
  function run(): void {
    const sentBefore = redrive.error ? redrive.variables : undefined;
    redrive.mutate(sentBefore ?? { item: result.index, key: idempotencyKey() }, {
      onSuccess: onAgain,
    });
  }
  return (
    <div className="create-image create-failed" style={{ aspectRatio: ratio }}>
      <StatusChip status={result.status} />
      <p className="create-tile-note">
        {result.error}
        {unknown && ` ${words.unknownWarning}`}
      </p>
      {redrive.error && <p className="create-tile-note tone-bad">{redrive.error.message}</p>}
      {ended && result.status !== "skipped" && (
        <Button
          small
          icon="retry"
          busy={redrive.isPending ? words.retryingImage : undefined}
          onClick={run}
        >
          {words.again}
        </Button>
      )}
    </div>
  );
}

function ratioOfSize(size: string | null | undefined): number {
  const [width, height] = (size ?? "").split("x").map(Number);
  return width && height ? width / height : 1;
}

/** The images of a job, each in its place: as it comes, as it is, or why it failed. */
export function Gallery({
  jobId,
  onSource,
  onPrompt,
}: {
  jobId: string;
  onSource: (assetId: string, thumbnail: string | null) => void;
  onPrompt: (prompt: string) => void;
}) {
  const words = texts("create");
  const query = useProgress(jobId);
  const items = useItems(jobId).data ?? [];
  const [compared, setCompared] = useState<{ left: number; right: number } | null>(null);
  const progress = query.data;
  const done = progress?.results.filter((one) => one.status === "succeeded") ?? [];
  const full = useFullImages(done.flatMap((one) => (one.image_id ? [one.image_id] : [])));
  const running = progress !== undefined && isRunning(progress.state);
  const ended = progress !== undefined && !running;
  const now = useServerTime(250, running);
  useOnEnd(running);

  if (!progress) {
    return query.error ? (
      <ProblemBanner error={query.error} onRetry={() => void query.refetch()} />
    ) : (
      <LoadingSkeleton rows={2} height={240} />
    );
  }
  const itemOf = (index: number) => items.find((item) => item.item === index);
  const promptOf = (index: number) => {
    const item = itemOf(index);
    return item?.original_prompt ?? item?.prompt ?? "";
  };
  const title = promptOf(1) || words.results;
  const took = elapsed(progress, now);
  const pairs: ComparedImage[] = done.map((one) => {
    const [width, height] = (itemOf(one.index)?.size ?? "").split("x").map(Number);
    return {
      src: full.get(one.image_id ?? "") ?? one.thumbnail_url ?? "",
      label: words.image(one.index),
      width,
      height,
    };
  });
  return (
    <section aria-label={words.results}>
      <header className="create-results-head">
        <h2 className="one-line" title={title}>
          {title}
        </h2>
        <StatusChip
          status={ended ? progress.state : "running"}
          label={words.doneOf(progress.completed, progress.total_images)}
        />
        <span className="muted number">
          {[
            took === null ? null : seconds(took),
            microsOf(progress.cost.amount) > 0n
              ? ended
                ? amountText(progress.cost.amount)
                : words.soFar(amountText(progress.cost.amount))
              : null,
          ]
            .filter(Boolean)
            .join(" · ")}
        </span>
        <div className="create-results-actions">
          {pairs.length > 1 && (
            <Button icon="compare" small onClick={() => setCompared({ left: 0, right: 1 })}>
              {words.compare}
            </Button>
          )}
          <ButtonLink href={`/jobs/${jobId}`} icon="pulse" small>
            {words.openJob}
          </ButtonLink>
        </div>
        <p className="visually-hidden" role="status">
          {progress.message}
        </p>
      </header>
      {query.retry && <RetryBanner {...query.retry} />}
      {query.error && <ProblemBanner error={query.error} onRetry={() => void query.refetch()} />}
      <ul className={progress.results.length === 1 ? "create-grid create-one" : "create-grid"}>
        {progress.results.map((result) => {
          const ratio = ratioOfSize(itemOf(result.index)?.size);
          const place = done.indexOf(result);
          return (
            <li key={result.index}>
              {result.status === "succeeded" ? (
                <DoneTile
                  result={result}
                  full={full.get(result.image_id ?? "")}
                  ratio={ratio}
                  prompt={promptOf(result.index)}
                  actions={{
                    onCompare:
                      done.length > 1
                        ? () => setCompared({ left: place, right: place === 0 ? 1 : 0 })
                        : undefined,
                    onSource,
                    onPrompt,
                  }}
                />
              ) : result.status === "queued" || result.status === "running" ? (
                <RunningTile result={result} ratio={ratio} now={now} />
              ) : (
                <FailedTile
                  jobId={jobId}
                  result={result}
                  ratio={ratio}
                  ended={ended}
                  onAgain={() => void query.refetch()}
                />
              )}
            </li>
          );
        })}
      </ul>
      {compared && (
        <CompareDialog
          images={pairs}
          left={compared.left}
          right={compared.right}
          onClose={() => setCompared(null)}
        />
      )}
    </section>
  );
}
