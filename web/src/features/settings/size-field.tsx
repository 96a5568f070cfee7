import { texts } from "../../i18n/index.ts";
import { Field } from "../../ui/field.tsx";
import { isSize, normalSize } from "./size.ts";

/** A size in pixels. `optional` lets it be empty. */
export function SizeField({
  label,
  hint,
  value,
  optional = false,
  error,
  onChange,
}: {
  label: string;
  hint?: string;
  value: string;
  optional?: boolean;
  error: string | undefined;
  onChange: (value: string) => void;
}) {
  const words = texts("settings").images;
  const wrong = !(optional && value === "") && !isSize(value);
  return (
    <Field
      label={label}
      hint={hint ?? words.sizeHint}
      error={error ?? (wrong ? words.sizeWrong : undefined)}
    >
      {(control) => (
        <input
          {...control}
          className="input settings-size"
          value={value}
          inputMode="text"
          autoComplete="off"
          onChange={(event) => onChange(normalSize(event.target.value))}
        />
      )}
    </Field>
  );
}
