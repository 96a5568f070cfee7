import { useState } from "react";
import type { Integration, IntegrationTest, Provider } from "../../api/providers.ts";
import { dateTime } from "../../i18n/format.ts";
import { texts } from "../../i18n/index.ts";
import { Button } from "../../ui/button.tsx";
import { GlassyCard } from "../../ui/card.tsx";
import { ConfirmDialog } from "../../ui/confirm.tsx";
import { AsyncStatusBanner, ProblemBanner } from "../../ui/feedback.tsx";
import { toast } from "../../ui/toast.tsx";
import { KeyDialog } from "./key-dialog.tsx";
import { keyText } from "./parts.tsx";
import { useDeleteKey, useTestKey } from "./queries.ts";

const tones = { ok: "ok", refused: "bad", unreachable: "warn", untested: "warn" } as const;

function Outcome({ test }: { test: IntegrationTest }) {
  const words = texts("providers");
  return (
    <AsyncStatusBanner tone={tones[test.outcome]}>
      {words.outcomes[test.outcome]} <span className="muted">{test.detail}</span>
    </AsyncStatusBanner>
  );
}

/** Whose key the calls use, and what can be done with it. */
export function KeyCard({
  provider,
  integration,
  admin,
}: {
  provider: Provider;
  integration: Integration | undefined;
  admin: boolean;
}) {
  const words = texts("providers");
  const [open, setOpen] = useState<"set" | "delete" | null>(null);
  const test = useTestKey(provider.id);
  const remove = useDeleteKey(provider.id);
  const takesKey = integration?.takes_key ?? false;
  const own = integration?.configured === "own";
  return (
    <GlassyCard title={words.key}>
      <div className="provider-body">
        <p>
          <strong>{keyText(integration)}</strong>
          {own && integration.updated_at && (
            <span className="muted"> · {words.keyStoredBy(dateTime(integration.updated_at))}</span>
          )}
        </p>
        {takesKey && <p className="muted">{words.keyHint}</p>}
        {takesKey && admin && (
          <div className="provider-actions">
            <Button icon="key" onClick={() => setOpen("set")}>
              {own ? words.replaceKey : words.setKey}
            </Button>
            {integration?.configured !== "none" && (
              <Button
                kind="fill"
                icon="bolt"
                busy={test.isPending ? words.testing : undefined}
                onClick={() => test.mutate()}
              >
                {words.testKey}
              </Button>
            )}
            {own && (
              <Button kind="quiet" icon="trash" onClick={() => setOpen("delete")}>
                {words.deleteKey}
              </Button>
            )}
          </div>
        )}
        {test.data && !test.isPending && <Outcome test={test.data} />}
        {test.error && <ProblemBanner error={test.error} onRetry={() => test.mutate()} />}
      </div>
      {open === "set" && (
        <KeyDialog
          provider={provider}
          onClose={() => {
            test.reset();
            setOpen(null);
          }}
        />
      )}
      {open === "delete" && (
        <ConfirmDialog
          title={words.deleteTitle(provider.title)}
          confirm={words.deleteKey}
          busy={remove.isPending ? words.deleting : undefined}
          keep={words.keep}
          error={remove.error}
          onConfirm={() =>
            remove.mutate(undefined, {
              onSuccess: () => {
                toast(words.keyDeleted(provider.title));
                test.reset();
                setOpen(null);
              },
            })
          }
          onClose={() => setOpen(null)}
        >
          {words.deleteText}
        </ConfirmDialog>
      )}
    </GlassyCard>
  );
}
