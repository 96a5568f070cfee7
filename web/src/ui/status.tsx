import { shell } from "../i18n/index.ts";
import { Icon, type IconName } from "./icons.tsx";

type Tone = "neutral" | "run" | "ok" | "warn" | "bad" | "unknown";

const looks: Record<string, { icon: IconName; tone: Tone }> = {
  queued: { icon: "clock", tone: "neutral" },
  pending: { icon: "clock", tone: "neutral" },
  running: { icon: "ring", tone: "run" },
  processing: { icon: "ring", tone: "run" },
  retrying: { icon: "ring", tone: "run" },
  cancelling: { icon: "ring", tone: "warn" },
  waiting: { icon: "hourglass", tone: "warn" },
  succeeded: { icon: "checkCircle", tone: "ok" },
  completed: { icon: "checkCircle", tone: "ok" },
  generated: { icon: "checkCircle", tone: "ok" },
  partially_succeeded: { icon: "alert", tone: "warn" },
  failed: { icon: "alert", tone: "bad" },
  cancelled: { icon: "stop", tone: "neutral" },
  paused: { icon: "pause", tone: "neutral" },
  skipped: { icon: "minus", tone: "neutral" },
  unknown: { icon: "question", tone: "unknown" },
};

/** A state as icon and word; colour never stands alone. `plain` is for rows. */
export function StatusChip({
  status,
  label,
  plain = false,
}: {
  status: string;
  label?: string;
  plain?: boolean;
}) {
  const look = looks[status] ?? { icon: "question", tone: "unknown" };
  return (
    <span className={`${plain ? "status" : "status chip"} tone-${look.tone}`}>
      <Icon name={look.icon} size={15} />
      {label ?? shell.status[status] ?? status}
    </span>
  );
}
