import { Link } from "wouter";
import type { Item, Progress } from "../../api/studio.ts";
import { seconds } from "../../i18n/format.ts";
import { texts } from "../../i18n/index.ts";
import { isOpen, isRunning, type Result } from "../../jobs/queue.ts";
import { WaitingText } from "../../jobs/waiting.tsx";
import { priceText } from "../../money.ts";
import { Button } from "../../ui/button.tsx";
import { GlassyCard } from "../../ui/card.tsx";
import { Icon } from "../../ui/icons.tsx";
import { Picture } from "../../ui/picture.tsx";
import { StatusChip } from "../../ui/status.tsx";
import type { RedriveOrder } from "./actions.tsx";

function statusOf(result: Result): string {
  return result.waiting && isOpen(result.status) ? "waiting" : result.status;
}

/** The cost of an image, or what is held for it. */
function CostText({ result, item }: { result: Result; item: Item | undefined }) {
  const words = texts("jobs");
  if (result.status === "unknown" || result.cost?.basis === "unknown")
    return <span className="hatched">{words.costUnknown}</span>;
  if (result.cost?.amount) return <>{priceText(result.cost.amount)}</>;
  const held = item?.estimate.amount;
  if (held && result.started_at !== null && isOpen(result.status))
    return <span className="muted">{words.costHeld(priceText(held))}</span>;
  return <span className="muted">–</span>;
}

function ProviderText({ result, item }: { result: Result; item: Item | undefined }) {
  const words = texts("jobs");
  const asked = item?.provider.asked;
  return (
    <>
      {asked && asked.id !== result.provider
        ? words.fallback(asked.id, result.provider)
        : result.provider}
      <p className="meta one-line">{result.model}</p>
    </>
  );
}

function ItemPicture({
  result,
  item,
  onExpired,
}: {
  result: Result;
  item: Item | undefined;
  onExpired: () => void;
}) {
  if (!result.thumbnail_url && isOpen(result.status) && result.started_at !== null) {
    return (
      <span className={`picture picture-empty job-picture tone-${result.waiting ? "warn" : "run"}`}>
        <Icon name={result.waiting ? "hourglass" : "image"} />
      </span>
    );
  }
  const picture = (
    <Picture
      src={result.thumbnail_url}
      alt={result.label}
      className="job-picture"
      onExpired={onExpired}
    />
  );
  const asset = item?.asset_id ?? result.image_id;
  return asset ? <Link href={`/assets/${asset}`}>{picture}</Link> : picture;
}

/** The images of the job in their order. */
export function ItemsCard({
  progress,
  items,
  now,
  redrive,
  onUnknown,
  onExpired,
}: {
  progress: Progress;
  items: readonly Item[];
  now: number;
  redrive: RedriveOrder;
  onUnknown: (number: number) => void;
  onExpired: () => void;
}) {
  const words = texts("jobs");
  const running = isRunning(progress.state);
  const known = new Map(items.map((item) => [item.item, item]));
  return (
    <GlassyCard
      title={words.images}
      count={progress.total_images}
      action={running && <span className="meta">{words.live}</span>}
    >
      <table className="table cards-on-phone job-items">
        <thead>
          <tr>
            <th>
              <span className="visually-hidden">{words.images}</span>
            </th>
            <th>{words.image}</th>
            <th>{words.provider}</th>
            <th>{words.status}</th>
            <th className="number">{words.cost}</th>
            <th>
              <span className="visually-hidden">{words.actions}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {progress.results.map((result) => {
            const item = known.get(result.index);
            return (
              <tr key={result.index}>
                <td className="job-picture-cell">
                  <ItemPicture result={result} item={item} onExpired={onExpired} />
                </td>
                <td className="job-image">
                  <p className="job-label">{result.label}</p>
                  {item?.prompt && <p className="meta job-prompt">{item.prompt}</p>}
                  {result.error && (
                    <p className={`job-note tone-${result.status === "failed" ? "bad" : "warn"}`}>
                      {result.error}
                    </p>
                  )}
                  {item?.problem && !running && !item.problem.retryable && (
                    <p className="job-note muted">{words.notRetryable}</p>
                  )}
                  {result.waiting && isOpen(result.status) && (
                    <p className="job-note tone-warn">
                      <WaitingText waiting={result.waiting} now={now} />
                    </p>
                  )}
                </td>
                <td className="job-provider">
                  <ProviderText result={result} item={item} />
                </td>
                <td className="job-state">
                  <StatusChip status={statusOf(result)} />
                  {result.status === "running" && result.started_at && (
                    <p className="meta number job-seconds">
                      {seconds(Math.max(0, (now - Date.parse(result.started_at)) / 1000))}
                    </p>
                  )}
                  {item && item.attempts > 1 && (
                    <p className="meta job-seconds">{words.attempts(item.attempts)}</p>
                  )}
                </td>
                <td className="number job-cost">
                  <CostText result={result} item={item} />
                </td>
                <td className="job-again">
                  {!running && ["failed", "unknown", "cancelled"].includes(result.status) && (
                    <Button
                      kind="fill"
                      small
                      aria-label={words.retryImage(result.label)}
                      busy={
                        redrive.pending?.items?.includes(result.index) ? words.retrying : undefined
                      }
                      onClick={() =>
                        result.status === "unknown"
                          ? onUnknown(result.index)
                          : redrive.start({ items: [result.index] })
                      }
                    >
                      {words.retry}
                    </Button>
                  )}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </GlassyCard>
  );
}
