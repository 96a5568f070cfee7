/** What the parts of the order's form share. */
import type { ReactNode } from "react";
import type { Estimate, Provider, Template } from "../../api/studio.ts";
import { type ControlProps, Field } from "../../ui/field.tsx";
import type { Draft } from "./draft.ts";
import type { Member } from "./schema.ts";

export interface FormState {
  draft: Draft;
  change: (part: Partial<Draft>) => void;
  /** Returns the message about a member of the order, such as `prompt`. */
  errorOf: (member: string) => string | undefined;
  estimate: Estimate | undefined;
  template: Template | undefined;
  sourceThumbnail: string | undefined;
}

type TextMember =
  | "widths"
  | "strength"
  | "size"
  | "seed"
  | "steps"
  | "guidance"
  | "folder"
  | "label"
  | "maxCost";

export function TextField({
  form,
  name,
  member,
  label,
  hint,
  limits,
  placeholder,
}: {
  form: FormState;
  name: TextMember;
  /** Name in the order, where it differs. */
  member?: string;
  label: string;
  hint?: string | undefined;
  limits?: Member | undefined;
  placeholder?: string;
}) {
  return (
    <Field label={label} hint={hint} error={form.errorOf(member ?? name)}>
      {(control) => (
        <input
          {...control}
          className="input"
          value={form.draft[name]}
          placeholder={placeholder}
          inputMode={limits?.maximum === undefined ? "text" : "decimal"}
          maxLength={limits?.maxLength}
          onChange={(event) => form.change({ [name]: event.target.value })}
        />
      )}
    </Field>
  );
}

export function Select({
  control,
  value,
  onChange,
  children,
}: {
  control: ControlProps;
  value: string;
  onChange: (value: string) => void;
  children: ReactNode;
}) {
  return (
    <select
      {...control}
      className="input"
      value={value}
      onChange={(event) => onChange(event.target.value)}
    >
      {children}
    </select>
  );
}

/** Returns the model that the estimate chose, with its provider. */
export function modelOf(providers: readonly Provider[], estimate: Estimate | undefined) {
  const choice = estimate?.provider_choice[0];
  const provider = providers.find((one) => one.id === choice?.id);
  const model = provider?.models.find((one) => one.id === choice?.model);
  return { choice, provider, model };
}
