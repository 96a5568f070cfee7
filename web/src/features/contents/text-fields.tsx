/** The words of a content as fields: title, meta title, reference. */
import { ApiError } from "../../api/problem.ts";
import { shell, texts } from "../../i18n/index.ts";
import { Field } from "../../ui/field.tsx";

export interface TextValues {
  title: string;
  meta_title: string;
  external_ref: string;
}

/** Returns the members that the API takes; an empty text removes a member. */
export function wordsOf(values: TextValues) {
  return {
    title: values.title.trim(),
    meta_title: values.meta_title.trim() || null,
    external_ref: values.external_ref.trim() || null,
  };
}

export function TextFields({
  values,
  error,
  onChange,
}: {
  values: TextValues;
  error: unknown;
  onChange: (values: TextValues) => void;
}) {
  const words = texts("contents").fields;
  const fields = [
    { name: "title", label: words.title, hint: undefined, longest: 300 },
    { name: "meta_title", label: words.metaTitle, hint: words.metaTitleHint, longest: 300 },
    { name: "external_ref", label: words.reference, hint: words.referenceHint, longest: 200 },
  ] as const;
  return fields.map(({ name, label, hint, longest }) => (
    <Field
      key={name}
      label={label}
      hint={hint}
      aside={name === "title" ? undefined : shell.parts.optional}
      error={error instanceof ApiError ? error.field(`/${name}`) : undefined}
    >
      {(control) => (
        <input
          {...control}
          className="input"
          value={values[name]}
          maxLength={longest}
          required={name === "title"}
          onChange={(event) => onChange({ ...values, [name]: event.target.value })}
        />
      )}
    </Field>
  ));
}
