import { useState } from "react";
import { Link, useLocation } from "wouter";
import { createWebhook, type Webhook, type WebhookWithSecret } from "../../api/webhooks.ts";
import { texts } from "../../i18n/index.ts";
import { Button } from "../../ui/button.tsx";
import { GlassyCard } from "../../ui/card.tsx";
import { Empty, LoadingSkeleton, ProblemBanner } from "../../ui/feedback.tsx";
import { Icon } from "../../ui/icons.tsx";
import { StatusChip } from "../../ui/status.tsx";
import { useMay } from "./form.tsx";
import { useWebhookAction, useWebhooks } from "./queries.ts";
import { SecretDialog } from "./secret-dialog.tsx";
import { WebhookDialog } from "./webhook-dialog.tsx";
import "../../ui/row-link.css";

const FIRST_EVENTS = ["job.*", "batch.*"];

/** Whether a webhook gets events, and why not. */
export function WebhookChip({ webhook }: { webhook: Webhook }) {
  const words = texts("settings").webhooks;
  if (webhook.active) return <StatusChip status="succeeded" label={words.active} />;
  if (webhook.disabled_reason === null) return <StatusChip status="paused" label={words.paused} />;
  return <StatusChip status="failed" label={words.off(webhook.disabled_reason)} />;
}

function Row({ webhook }: { webhook: Webhook }) {
  return (
    <li>
      <Link href={`/settings/webhooks/${webhook.id}`} className="row-link settings-row">
        <span className="settings-row-main">
          <strong className="one-line">{webhook.url}</strong>
          <span className="meta">{webhook.events.join(", ")}</span>
        </span>
        <WebhookChip webhook={webhook} />
        <Icon name="chevronRight" size={16} />
      </Link>
    </li>
  );
}

function Adding({ onClose }: { onClose: () => void }) {
  const words = texts("settings").webhooks;
  const [, navigate] = useLocation();
  const [created, setCreated] = useState<WebhookWithSecret | null>(null);
  const create = useWebhookAction((api, { url, events }: { url: string; events: string[] }) =>
    createWebhook(api, url, events),
  );
  if (created) {
    return (
      <SecretDialog
        secret={created.secret}
        onDone={() => navigate(`/settings/webhooks/${created.id}`)}
      />
    );
  }
  return (
    <WebhookDialog
      title={words.add}
      submit={words.add}
      busy={create.isPending ? words.adding : undefined}
      error={create.error}
      url=""
      events={FIRST_EVENTS}
      onSubmit={(url, events) => create.mutate({ url, events }, { onSuccess: setCreated })}
      onClose={onClose}
    />
  );
}

/** The account's webhooks. */
export function WebhooksTab() {
  const all = texts("settings");
  const words = all.webhooks;
  const webhooks = useWebhooks();
  const may = useMay("manager");
  const [adding, setAdding] = useState(false);
  const add = (
    <Button kind="primary" icon="plus" disabled={!may} onClick={() => setAdding(true)}>
      {words.add}
    </Button>
  );
  return (
    <>
      <div className="settings-bar">
        <p className="muted">{may ? words.intro : all.manager}</p>
        {webhooks.data && webhooks.data.length > 0 && add}
      </div>
      {webhooks.error && (
        <ProblemBanner error={webhooks.error} onRetry={() => void webhooks.refetch()} />
      )}
      {webhooks.isPending && <LoadingSkeleton rows={2} height={60} />}
      {webhooks.data?.length === 0 && (
        <Empty icon="link" title={words.emptyTitle} actions={add}>
          {words.empty}
        </Empty>
      )}
      {webhooks.data && webhooks.data.length > 0 && (
        <GlassyCard>
          <ul>
            {webhooks.data.map((webhook) => (
              <Row key={webhook.id} webhook={webhook} />
            ))}
          </ul>
        </GlassyCard>
      )}
      {adding && <Adding onClose={() => setAdding(false)} />}
    </>
  );
}
