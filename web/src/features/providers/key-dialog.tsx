import { useState } from "react";
import { ApiError } from "../../api/problem.ts";
import type { Provider } from "../../api/providers.ts";
import { texts } from "../../i18n/index.ts";
import { ProblemBanner } from "../../ui/feedback.tsx";
import { Field } from "../../ui/field.tsx";
import { FormDialog } from "../../ui/form-dialog.tsx";
import { toast } from "../../ui/toast.tsx";
import { useStoreKey } from "./queries.ts";

/** Asks for a key. It leaves the page with the answer and is never shown again. */
export function KeyDialog({ provider, onClose }: { provider: Provider; onClose: () => void }) {
  const words = texts("providers");
  const store = useStoreKey(provider.id);
  const [empty, setEmpty] = useState(false);
  const refusal = store.error instanceof ApiError ? store.error.field("/api_key") : undefined;
  function submit(form: FormData): void {
    const key = String(form.get("key") ?? "").trim();
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
    <FormDialog
      title={words.keyDialog(provider.title)}
      icon="key"
      submit={words.save}
      busy={store.isPending ? words.saving : undefined}
      className="provider-key-form"
      noValidate
      onSubmit={submit}
      onClose={onClose}
    >
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
    </FormDialog>
  );
}
