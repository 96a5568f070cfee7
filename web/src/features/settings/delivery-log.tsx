import type { Delivery, Webhook } from "../../api/webhooks.ts";
import { clockTime, dateTime, milliseconds } from "../../i18n/format.ts";
import { shell, texts } from "../../i18n/index.ts";
import { Button } from "../../ui/button.tsx";
import { GlassyCard } from "../../ui/card.tsx";
import { explain, LoadingSkeleton, ProblemBanner } from "../../ui/feedback.tsx";
import { StatusChip } from "../../ui/status.tsx";
import { toast } from "../../ui/toast.tsx";
import { useDeliveries, useRedeliver } from "./queries.ts";

type Attempt = Delivery["attempts"][number];

const looks = { waiting: "waiting", delivered: "succeeded", dead: "failed" } as const;

/** Returns a JSON text with indents, or the text itself if it is none. */
function pretty(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body;
  }
}

function AttemptLine({ attempt }: { attempt: Attempt }) {
  const words = texts("settings").webhooks;
  const took = milliseconds(attempt.ms);
  return (
    <li>
      <span className="number">{clockTime(attempt.at)}</span>{" "}
      {attempt.status === null ? words.took(took) : words.answered(attempt.status, took)}{" "}
      {attempt.failure && <span className="tone-bad">{words.failures[attempt.failure]}</span>}
      {(attempt.error ?? attempt.answer) && (
        <span className="mono muted settings-answer">{attempt.error ?? attempt.answer}</span>
      )}
    </li>
  );
}

function DeliveryRow({ delivery, may }: { delivery: Delivery; may: boolean }) {
  const words = texts("settings").webhooks;
  const again = useRedeliver();
  const send = () =>
    again.mutate(delivery, {
      onSuccess: () => toast(words.redelivered),
      onError: (error) => toast(explain(error), { tone: "bad" }),
    });
  return (
    <li className="settings-delivery">
      <div className="settings-delivery-head">
        <span className="settings-row-main">
          <strong className="mono">{delivery.event_type}</strong>
          <span className="meta">
            {dateTime(delivery.created_at)} · {words.attempts(delivery.attempts.length)}
            {delivery.due_at && ` · ${words.nextAttempt(clockTime(delivery.due_at))}`}
          </span>
        </span>
        <StatusChip status={looks[delivery.status]} label={words.status[delivery.status]} />
        {delivery.status !== "waiting" && (
          <Button
            small
            kind="fill"
            icon="retry"
            disabled={!may}
            busy={again.isPending ? words.testing : undefined}
            onClick={send}
          >
            {words.redeliver}
          </Button>
        )}
      </div>
      <ul className="settings-attempts">
        {delivery.attempts.map((attempt) => (
          <AttemptLine key={attempt.at} attempt={attempt} />
        ))}
      </ul>
      <details>
        <summary>{words.body}</summary>
        <pre className="mono settings-body" tabIndex={-1}>
          {pretty(delivery.body)}
        </pre>
      </details>
    </li>
  );
}

/** What was sent to a webhook, and what it answered, newest first. */
export function DeliveryLog({ webhook, may }: { webhook: Webhook; may: boolean }) {
  const words = texts("settings").webhooks;
  const log = useDeliveries(webhook);
  const deliveries = log.data?.pages.flatMap((page) => page.data) ?? [];
  return (
    <>
      <GlassyCard title={words.log}>
        {log.error && <ProblemBanner error={log.error} onRetry={() => void log.refetch()} />}
        {log.isPending && <LoadingSkeleton rows={3} height={56} />}
        {log.data && deliveries.length === 0 && (
          <p className="muted settings-note">{words.logEmpty}</p>
        )}
        <ul>
          {deliveries.map((delivery) => (
            <DeliveryRow key={delivery.id} delivery={delivery} may={may} />
          ))}
        </ul>
      </GlassyCard>
      {log.hasNextPage && (
        <Button
          busy={log.isFetchingNextPage ? shell.parts.loadingMore : undefined}
          onClick={() => void log.fetchNextPage()}
        >
          {shell.parts.more}
        </Button>
      )}
    </>
  );
}
