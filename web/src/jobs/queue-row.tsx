import { percent } from "../i18n/format.ts";
import { texts } from "../i18n/index.ts";
import { Bar } from "../ui/bar.tsx";
import { Icon } from "../ui/icons.tsx";
import { Picture } from "../ui/picture.tsx";
import { StatusChip } from "../ui/status.tsx";
import type { QueueRow } from "./queue.ts";
import { WaitingText } from "./waiting.tsx";

const tones: Partial<Record<QueueRow["status"], "ok" | "bad">> = {
  succeeded: "ok",
  failed: "bad",
};

/** One image of the queue: number, picture, label, title, bar, state and percentage. */
export function QueueRowView({
  row,
  now,
  onExpired,
}: {
  row: QueueRow;
  now: number;
  onExpired: () => void;
}) {
  const words = texts("queue");
  return (
    <li className={`queue-row queue-row-${row.status}`}>
      <span className="queue-number number" aria-hidden="true">
        {row.number}
      </span>
      {row.status === "running" && !row.imageUrl ? (
        <span className="picture picture-empty queue-picture queue-working">
          <Icon name="image" />
        </span>
      ) : (
        <Picture
          src={row.imageUrl}
          alt={row.label}
          className="queue-picture"
          onExpired={onExpired}
        />
      )}
      <span className="queue-label">
        <span className="queue-phone-number">{row.number}. </span>
        {row.label}
      </span>
      <span className="queue-title one-line muted" title={row.contentTitle}>
        {row.contentTitle}
      </span>
      <Bar
        value={row.percent}
        tone={tones[row.status] ?? "run"}
        label={words.progressOf(row.label)}
      />
      <StatusChip status={row.status} plain />
      <span className="queue-percent number">{percent(row.percent)}</span>
      {row.error && (
        <p className={`queue-note tone-${row.status === "failed" ? "bad" : "warn"}`}>{row.error}</p>
      )}
      {row.waiting && (
        <p className="queue-note tone-warn">
          <WaitingText waiting={row.waiting} now={now} />
        </p>
      )}
    </li>
  );
}
