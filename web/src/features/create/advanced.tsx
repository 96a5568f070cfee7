import type { Provider } from "../../api/studio.ts";
import { texts } from "../../i18n/index.ts";
import { Field, Switch } from "../../ui/field.tsx";
import { Icon } from "../../ui/icons.tsx";
import { type FormState, modelOf, Select, TextField } from "./fields.tsx";
import type { Member } from "./schema.ts";

/** Members of an order that most users leave alone. */
export function Advanced({
  form,
  members,
  inputs,
  providers,
}: {
  form: FormState;
  members: Record<string, Member>;
  inputs: Record<string, Member>;
  providers: readonly Provider[];
}) {
  const words = texts("create");
  const { draft, change } = form;
  const { model } = modelOf(providers, form.estimate);
  const takes = model?.parameters;
  const hint = (taken: unknown) => (takes && !taken ? words.ignored : undefined);
  const numbers = [
    { name: "seed", label: words.seed, taken: takes?.seed },
    { name: "steps", label: words.steps, taken: takes?.steps },
    { name: "guidance", label: words.guidance, taken: takes?.guidance },
  ] as const;
  return (
    <details className="create-advanced">
      <summary>
        <Icon name="chevronRight" size={16} />
        {words.advanced}
        <span className="create-summary muted one-line">{words.advancedSummary}</span>
      </summary>
      <div className="create-fields">
        {members.negative_prompt && (
          <div className="create-wide">
            <Field
              label={words.negative}
              hint={hint(takes?.negative_prompt)}
              error={form.errorOf("negative_prompt")}
            >
              {(control) => (
                <textarea
                  {...control}
                  className="input create-negative"
                  rows={2}
                  maxLength={members.negative_prompt?.maxLength}
                  value={draft.negative}
                  onChange={(event) => change({ negative: event.target.value })}
                />
              )}
            </Field>
          </div>
        )}
        {numbers.map(
          ({ name, label, taken }) =>
            members[name] && (
              <TextField
                key={name}
                form={form}
                name={name}
                label={label}
                limits={members[name]}
                hint={hint(taken)}
                placeholder={words.automatic}
              />
            ),
        )}
        <TextField form={form} name="size" label={words.size} hint={words.sizeHint} />
        {Object.entries(inputs).map(([name, limits]) => (
          <Field
            key={name}
            label={limits.description ?? name}
            hint={model && !model.inputs.includes(name) ? words.ignored : undefined}
            error={form.errorOf(`input/${name}`)}
          >
            {(control) => (
              <Select
                control={control}
                value={draft.input[name] ?? ""}
                onChange={(value) => change({ input: { ...draft.input, [name]: value } })}
              >
                <option value="">{words.inputDefault}</option>
                {limits.options?.map((option) => (
                  <option key={option}>{option}</option>
                ))}
              </Select>
            )}
          </Field>
        ))}
        <TextField form={form} name="folder" label={words.folder} />
        <TextField form={form} name="label" label={words.label} limits={members.label} />
        <TextField form={form} name="maxCost" member="max_cost" label={words.maxCost} />
        <div className="create-wide">
          <Switch
            label={words.strict}
            checked={draft.strict}
            onChange={(strict) => change({ strict })}
          />
        </div>
      </div>
    </details>
  );
}
