import type { Provider } from "../../api/studio.ts";
import { texts } from "../../i18n/index.ts";
import { Field } from "../../ui/field.tsx";
import { AUTO } from "./draft.ts";
import { type FormState, modelOf, Select } from "./fields.tsx";

/** The provider: the account's, the studio's choice with its reason, or a model by hand. */
export function ProviderField({
  form,
  providers,
}: {
  form: FormState;
  providers: readonly Provider[];
}) {
  const words = texts("create");
  const { choice, provider, model } = modelOf(providers, form.estimate);
  const asked = form.draft.provider;
  const byHand = asked !== "" && asked !== AUTO;
  const chosen = [provider?.title, model?.title].filter(Boolean).join(", ");
  return (
    <Field
      label={words.provider}
      hint={byHand ? undefined : choice?.reason}
      error={
        form.errorOf("provider") ?? form.errorOf("provider/id") ?? form.errorOf("provider/model")
      }
    >
      {(control) => (
        <Select
          control={control}
          value={form.draft.provider}
          onChange={(value) => form.change({ provider: value })}
        >
          <option value="">{words.providerAuto(asked === "" ? chosen : "")}</option>
          <option value={AUTO}>{words.providerStudio(asked === AUTO ? chosen : "")}</option>
          {providers.map((one) => {
            const models = one.models.filter((each) => each.operations.includes("generate"));
            return (
              models.length > 0 && (
                <optgroup key={one.id} label={one.title}>
                  {models.map((each) => (
                    <option key={each.id} value={`${one.id} ${each.id}`}>
                      {each.title}
                    </option>
                  ))}
                </optgroup>
              )
            );
          })}
        </Select>
      )}
    </Field>
  );
}
