import { type FormEvent, useState } from "react";
import { ApiError } from "../../api/problem.ts";
import type { Provider } from "../../api/providers.ts";
import { shell, texts } from "../../i18n/index.ts";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { ProblemBanner } from "../../ui/feedback.tsx";
import { Field } from "../../ui/field.tsx";
import { toast } from "../../ui/toast.tsx";
import { useStoreKey } from "./queries.ts";

const FORM = "provider-key";

/** Asks for a key. It leaves the page with the answer and is never shown again. */
export function KeyDialog({ provider, onClose }: { provider: Provider; onClose: () => void }) {
  const words = texts("providers");
  const store = useStoreKey(provider.id);
  const [empty, setEmpty] = useState(false);
  const refusal = store.error instanceof ApiError ? store.error.field("/api_key") : undefined;
  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    const key = String(new FormData(event.currentTarget).get("key") ?? "").trim();
    setEmpty(key === "");
    if (key === "") return;
    store.mutate(key, {
      onSuccess: () => {
        toast(words.keySaved(provider.title));
        onClose();
      },
    });
  }
  return (
    <Dialog
      title={words.keyDialog(provider.title)}
      icon="key"
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{shell.parts.cancel}</Button>
          <Button
            kind="primary"
            type="submit"
            form={FORM}
            busy={store.isPending ? words.saving : undefined}
          >
            {words.save}
          </Button>
        </>
      }
    >
      <form id={FORM} onSubmit={submit} noValidate className="provider-key-form">
        {store.error && !refusal && <ProblemBanner error={store.error} />}
        <Field
          label={words.keyField}
          hint={words.keyFieldHint}
          error={empty ? words.keyMissing : refusal}
        >
          {(control) => (
            <input
              {...control}
              className="input"
              type="password"
              name="key"
              autoComplete="off"
              spellCheck={false}
            />
          )}
        </Field>
      </form>
    </Dialog>
  );
}
