import { texts } from "../../i18n/index.ts";
import { Field } from "../../ui/field.tsx";
import { FormDialog } from "../../ui/form-dialog.tsx";

/** Asks for a SKU: one that exists, or a new one. */
export function SkuDialog({
  proposed,
  onChosen,
  onClose,
}: {
  proposed: string;
  onChosen: (sku: string) => void;
  onClose: () => void;
}) {
  const words = texts("workspace");
  return (
    <FormDialog
      title={words.newSkuTitle}
      icon="box"
      submit={words.open}
      busy={undefined}
      onSubmit={(form) => onChosen(String(form.get("sku")).trim())}
      onClose={onClose}
    >
      <Field label={words.sku} hint={words.skuHint}>
        {(control) => (
          <input
            {...control}
            className="input"
            name="sku"
            pattern="[A-Za-z0-9][A-Za-z0-9._\-]{0,63}"
            defaultValue={proposed}
            required
          />
        )}
      </Field>
    </FormDialog>
  );
}
