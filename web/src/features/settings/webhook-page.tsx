import { useState } from "react";
import { useLocation } from "wouter";
import {
  changeWebhook,
  deleteWebhook,
  rotateSecret,
  testWebhook,
  type Webhook,
  type WebhookChange,
} from "../../api/webhooks.ts";
import { dateTime } from "../../i18n/format.ts";
import { shell, texts } from "../../i18n/index.ts";
import { PageHeader } from "../../shell/page-header.tsx";
import { Button } from "../../ui/button.tsx";
import { ConfirmDialog } from "../../ui/confirm.tsx";
import { explain, LoadingSkeleton, ProblemBanner } from "../../ui/feedback.tsx";
import { Switch } from "../../ui/field.tsx";
import { Menu } from "../../ui/menu.tsx";
import { toast } from "../../ui/toast.tsx";
import { DeliveryLog } from "./delivery-log.tsx";
import { useMay } from "./form.tsx";
import { useWebhookAction, useWebhooks } from "./queries.ts";
import { SecretDialog } from "./secret-dialog.tsx";
import { WebhookDialog } from "./webhook-dialog.tsx";
import { WebhookChip } from "./webhooks-tab.tsx";
import "./settings.css";

type Open = "edit" | "rotate" | "delete" | null;

function Dialogs({
  webhook,
  open,
  onClose,
}: {
  webhook: Webhook;
  open: Open;
  onClose: () => void;
}) {
  const words = texts("settings").webhooks;
  const all = texts("settings");
  const [, navigate] = useLocation();
  const [secret, setSecret] = useState<string | null>(null);
  const change = useWebhookAction((api, part: WebhookChange) =>
    changeWebhook(api, webhook.id, part),
  );
  const rotate = useWebhookAction((api) => rotateSecret(api, webhook.id));
  const remove = useWebhookAction((api) => deleteWebhook(api, webhook.id));
  if (secret !== null) return <SecretDialog secret={secret} onDone={() => setSecret(null)} />;
  if (open === "edit") {
    return (
      <WebhookDialog
        title={words.editTitle}
        submit={all.save}
        busy={change.isPending ? all.saving : undefined}
        error={change.error}
        url={webhook.url}
        events={webhook.events}
        onSubmit={(url, events) => change.mutate({ url, events }, { onSuccess: onClose })}
        onClose={onClose}
      />
    );
  }
  if (open === "rotate") {
    return (
      <ConfirmDialog
        icon="key"
        kind="primary"
        title={words.rotateTitle}
        confirm={words.rotate}
        busy={rotate.isPending ? words.rotating : undefined}
        keep={words.keepSecret}
        error={rotate.error}
        onConfirm={() =>
          rotate.mutate(undefined, {
            onSuccess: (answer) => {
              setSecret(answer.secret);
              onClose();
            },
          })
        }
        onClose={onClose}
      >
        {words.rotateText}
      </ConfirmDialog>
    );
  }
  if (open === "delete") {
    return (
      <ConfirmDialog
        title={words.removeTitle}
        confirm={words.remove}
        busy={remove.isPending ? words.removing : undefined}
        keep={words.keep}
        error={remove.error}
        onConfirm={() =>
          remove.mutate(undefined, {
            onSuccess: () => {
              toast(words.removed);
              navigate("/settings/webhooks");
            },
          })
        }
        onClose={onClose}
      >
        {words.removeText}
      </ConfirmDialog>
    );
  }
  return null;
}

function Content({ webhook }: { webhook: Webhook }) {
  const all = texts("settings");
  const words = all.webhooks;
  const may = useMay("manager");
  const [open, setOpen] = useState<Open>(null);
  const change = useWebhookAction((api, active: boolean) =>
    changeWebhook(api, webhook.id, { active }),
  );
  const test = useWebhookAction((api) => testWebhook(api, webhook.id));
  const onError = (error: unknown) => toast(explain(error), { tone: "bad" });
  const path = [
    { label: all.title, path: "/settings" },
    { label: all.tabs.webhooks, path: "/settings/webhooks" },
  ];
  return (
    <>
      <PageHeader
        title={webhook.url}
        path={path}
        below={<WebhookChip webhook={webhook} />}
        actions={
          <>
            <Switch
              label={words.sendEvents}
              checked={change.isPending ? change.variables : webhook.active}
              disabled={!may || change.isPending}
              onChange={(active) =>
                change.mutate(active, {
                  onSuccess: () => toast(active ? words.nowActive : words.nowPaused),
                  onError,
                })
              }
            />
            <Button
              icon="bolt"
              disabled={!may}
              busy={test.isPending ? words.testing : undefined}
              onClick={() =>
                test.mutate(undefined, { onSuccess: () => toast(words.tested), onError })
              }
            >
              {words.test}
            </Button>
            {may && (
              <Menu
                label={shell.parts.actions}
                items={[
                  { label: words.edit, icon: "edit", onSelect: () => setOpen("edit") },
                  { label: words.rotate, icon: "key", onSelect: () => setOpen("rotate") },
                  {
                    label: words.remove,
                    icon: "trash",
                    danger: true,
                    onSelect: () => setOpen("delete"),
                  },
                ]}
              />
            )}
          </>
        }
      />
      <p className="muted">
        {webhook.events.join(", ")} · {words.created(dateTime(webhook.created_at))}
      </p>
      {!may && <p className="muted">{all.manager}</p>}
      <DeliveryLog webhook={webhook} may={may} />
      <Dialogs webhook={webhook} open={open} onClose={() => setOpen(null)} />
    </>
  );
}

/** One webhook with the log of its deliveries. */
export default function WebhookPage({ params }: { params: Record<string, string | undefined> }) {
  const words = texts("settings");
  const webhooks = useWebhooks();
  const webhook = webhooks.data?.find((entry) => entry.id === params.id);
  if (webhook) return <Content key={webhook.id} webhook={webhook} />;
  return (
    <>
      <PageHeader title={words.tabs.webhooks} path={[{ label: words.title, path: "/settings" }]} />
      {webhooks.error && (
        <ProblemBanner error={webhooks.error} onRetry={() => void webhooks.refetch()} />
      )}
      {webhooks.isPending && <LoadingSkeleton rows={3} height={64} />}
      {webhooks.data && <p>{words.webhooks.notFound}</p>}
    </>
  );
}
