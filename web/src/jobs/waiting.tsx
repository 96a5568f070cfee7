import { seconds } from "../i18n/format.ts";
import { texts } from "../i18n/index.ts";
import { type QueueRow, secondsUntil } from "./queue.ts";

/** Says why an image waits for its provider, and when the studio tries again. */
export function WaitingText({
  waiting,
  now,
}: {
  waiting: NonNullable<QueueRow["waiting"]>;
  now: number;
}) {
  const words = texts("queue");
  const reason = words.reasons[waiting.reason](waiting.provider);
  const left = secondsUntil(waiting.until, now);
  return <>{left > 0 ? words.waiting(reason, seconds(left)) : words.waitingNow(reason)}</>;
}
