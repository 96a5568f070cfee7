import { shell, texts } from "../../i18n/index.ts";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { Field } from "../../ui/field.tsx";
import { copyText } from "../../ui/files.ts";

/** Shows a new secret the only time that it can be shown. Escape does not close it. */
export function SecretDialog({ secret, onDone }: { secret: string; onDone: () => void }) {
  const words = texts("settings").webhooks;
  return (
    <Dialog
      title={words.secretTitle}
      icon="key"
      footer={
        <>
          <Button icon="copy" onClick={() => void copyText(secret)}>
            {shell.parts.copy}
          </Button>
          <Button kind="primary" onClick={onDone}>
            {words.secretDone}
          </Button>
        </>
      }
    >
      <div className="settings-fields settings-dialog">
        <p>{words.secretText}</p>
        <Field label={words.secret}>
          {(control) => (
            <input
              {...control}
              className="input mono"
              readOnly
              value={secret}
              onFocus={(event) => event.target.select()}
            />
          )}
        </Field>
      </div>
    </Dialog>
  );
}
