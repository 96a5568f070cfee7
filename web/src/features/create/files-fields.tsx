import { useState } from "react";
import { texts } from "../../i18n/index.ts";
import { Button } from "../../ui/button.tsx";
import { Field } from "../../ui/field.tsx";
import { type FormState, Select, TextField } from "./fields.tsx";
import { FormatsDialog } from "./formats-dialog.tsx";
import type { Member } from "./schema.ts";

/** The files of each image: format, widths and formats of platforms. */
export function FilesFields({ form, limits }: { form: FormState; limits: Record<string, Member> }) {
  const words = texts("create");
  const [open, setOpen] = useState(false);
  const { draft, change } = form;
  return (
    <>
      <Field label={words.format} error={form.errorOf("output/format")}>
        {(control) => (
          <Select control={control} value={draft.format} onChange={(format) => change({ format })}>
            <option value="">{words.formatDefault}</option>
            {limits.format?.options
              ?.filter((format) => format !== "webp")
              .map((format) => (
                <option key={format} value={format}>
                  {words.formatNames[format] ?? format}
                </option>
              ))}
          </Select>
        )}
      </Field>
      <TextField
        form={form}
        name="widths"
        member="output/renditions"
        label={words.widths}
        hint={words.widthsHint}
      />
      <div className="create-wide create-row">
        <span className="create-row-name">
          {words.formats}{" "}
          <span className="muted">
            {draft.formats.length > 0
              ? words.formatsChosen(draft.formats.length)
              : words.formatsNone}
          </span>
        </span>
        <Button small icon="shapes" onClick={() => setOpen(true)}>
          {words.formatsChoose}
        </Button>
      </div>
      {form.errorOf("output/formats") && (
        <p className="field-note tone-bad create-wide">{form.errorOf("output/formats")}</p>
      )}
      {open && (
        <FormatsDialog
          chosen={draft.formats}
          onChange={(formats) => change({ formats })}
          onClose={() => setOpen(false)}
        />
      )}
    </>
  );
}
