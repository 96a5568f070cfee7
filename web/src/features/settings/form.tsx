import type { QueryKey } from "@tanstack/react-query";
import { type FormEvent, Fragment, type ReactNode, useId, useState } from "react";
import type { Api } from "../../api/client.ts";
import type { Versioned } from "../../api/etag.ts";
import { ApiError } from "../../api/problem.ts";
import { includesRole, type Role } from "../../api/roles.ts";
import { dateTime } from "../../i18n/format.ts";
import { texts } from "../../i18n/index.ts";
import { useMe } from "../../shell/queries.ts";
import { Button } from "../../ui/button.tsx";
import { GlassyCard } from "../../ui/card.tsx";
import { AsyncStatusBanner, LoadingSkeleton, ProblemBanner } from "../../ui/feedback.tsx";
import { useSettings } from "./queries.ts";

const PRECONDITION_FAILED = 412;

/** Tells whether the user may do what a role may do. Until the role is known, they may. */
export function useMay(needed: Role): boolean {
  const role = useMe().data?.role;
  return role === undefined || includesRole(role, needed);
}

/** A card of settings: fields, what went wrong, and the buttons that save or discard. */
export function SettingsForm({
  title,
  intro,
  aside,
  updatedAt,
  needs,
  dirty,
  saving,
  error,
  onSave,
  onDiscard,
  onReload,
  children,
}: {
  title: string;
  intro: string;
  aside?: ReactNode;
  updatedAt: string | null;
  needs: Role;
  dirty: boolean;
  saving: boolean;
  error: unknown;
  onSave: () => void;
  onDiscard: () => void;
  onReload: () => void;
  children: ReactNode;
}) {
  const words = texts("settings");
  const id = useId();
  const may = useMay(needs);
  const conflict = error instanceof ApiError && error.problem.status === PRECONDITION_FAILED;
  function submit(event: FormEvent): void {
    event.preventDefault();
    onSave();
  }
  const note = dirty ? words.changed : words.unchanged;
  const refusal = needs === "creator" ? words.creator : words.manager;
  return (
    <GlassyCard
      title={title}
      action={aside}
      className="settings-card"
      footer={
        <div className="settings-save">
          <p className="muted">{may ? note : refusal}</p>
          {dirty && (
            <Button kind="quiet" onClick={onDiscard}>
              {words.discard}
            </Button>
          )}
          <Button
            kind="primary"
            type="submit"
            form={id}
            disabled={!dirty || !may}
            busy={saving ? words.saving : undefined}
          >
            {words.save}
          </Button>
        </div>
      }
    >
      <form id={id} onSubmit={submit} noValidate className="settings-fields">
        <p className="muted">{intro}</p>
        <fieldset className="settings-fields" disabled={!may}>
          {children}
        </fieldset>
        {conflict && (
          <AsyncStatusBanner
            tone="warn"
            action={
              <Button kind="quiet" small icon="retry" onClick={onReload}>
                {words.load}
              </Button>
            }
          >
            {words.conflict}
          </AsyncStatusBanner>
        )}
        {error && !conflict ? <ProblemBanner error={error} /> : null}
        <p className="meta">{updatedAt ? words.changedAt(dateTime(updatedAt)) : words.never}</p>
      </form>
    </GlassyCard>
  );
}

/** Loads settings for a form. `reload` reads them again and starts the form anew. */
export function LoadedSettings<T>({
  settingsKey,
  load,
  children,
}: {
  settingsKey: QueryKey;
  load: (api: Api, signal: AbortSignal) => Promise<Versioned<T>>;
  children: (stored: Versioned<T>, reload: () => void) => ReactNode;
}) {
  const settings = useSettings(settingsKey, load);
  const [round, setRound] = useState(0);
  async function reload(): Promise<void> {
    await settings.refetch();
    setRound(round + 1);
  }
  if (settings.error) {
    return <ProblemBanner error={settings.error} onRetry={() => void settings.refetch()} />;
  }
  if (!settings.data) return <LoadingSkeleton rows={3} height={64} />;
  return <Fragment key={round}>{children(settings.data, () => void reload())}</Fragment>;
}

/** Returns the message about a member of the refused body. */
export function refusalOf(error: unknown, pointer: string): string | undefined {
  return error instanceof ApiError ? error.field(pointer) : undefined;
}
