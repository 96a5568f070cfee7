import { useState } from "react";
import { ApiError } from "../../api/problem.ts";
import { texts } from "../../i18n/index.ts";
import { ProblemBanner } from "../../ui/feedback.tsx";
import { Field } from "../../ui/field.tsx";
import { FormDialog } from "../../ui/form-dialog.tsx";
import { collapseEvents, expandEvents, kinds } from "./events.ts";

/** Asks for the address and the events of a webhook. */
export function WebhookDialog({
  title,
  submit,
  busy,
  error,
  url: firstUrl,
  events,
  onSubmit,
  onClose,
}: {
  title: string;
  submit: string;
  busy: string | undefined;
  error: unknown;
  url: string;
  events: readonly string[];
  onSubmit: (url: string, events: string[]) => void;
  onClose: () => void;
}) {
  const words = texts("settings").webhooks;
  const [url, setUrl] = useState(firstUrl);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(() => expandEvents(events));
  const [tried, setTried] = useState(false);
  const refusal = error instanceof ApiError ? error.field("/url") : undefined;
  const complete = url.trim() !== "" && chosen.size > 0;
  function toggle(event: string, on: boolean): void {
    const next = new Set(chosen);
    if (on) next.add(event);
    else next.delete(event);
    setChosen(next);
  }
  function send(): void {
    setTried(true);
    if (complete) onSubmit(url.trim(), collapseEvents(chosen));
  }
  return (
    <FormDialog
      title={title}
      icon="link"
      submit={submit}
      busy={busy}
      className="settings-fields settings-dialog"
      noValidate
      onSubmit={send}
      onClose={onClose}
    >
      {error && !refusal ? <ProblemBanner error={error} /> : null}
      <Field
        label={words.url}
        hint={words.urlHint}
        error={tried && url.trim() === "" ? words.urlMissing : refusal}
      >
        {(control) => (
          <input
            {...control}
            className="input"
            type="url"
            value={url}
            placeholder="https://"
            onChange={(event) => setUrl(event.target.value)}
          />
        )}
      </Field>
      <div className="settings-events">
        {kinds.map(({ kind, names }) => (
          <fieldset key={kind}>
            <legend className="settings-label">{words.groups[kind]}</legend>
            {names.map((name) => (
              <label key={name} className="settings-check">
                <input
                  type="checkbox"
                  checked={chosen.has(`${kind}.${name}`)}
                  onChange={(event) => toggle(`${kind}.${name}`, event.target.checked)}
                />
                {words.names[name]}
              </label>
            ))}
          </fieldset>
        ))}
      </div>
      {tried && chosen.size === 0 && (
        <p className="field-note tone-bad" role="alert">
          {words.eventsMissing}
        </p>
      )}
    </FormDialog>
  );
}
