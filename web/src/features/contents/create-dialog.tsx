import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { createContent } from "../../api/contents.ts";
import { ApiError } from "../../api/problem.ts";
import { texts } from "../../i18n/index.ts";
import { useApi } from "../../studio.tsx";
import { ProblemBanner } from "../../ui/feedback.tsx";
import { Field } from "../../ui/field.tsx";
import { FormDialog } from "../../ui/form-dialog.tsx";
import { useReloadContents } from "./queries.ts";
import { TextFields, type TextValues, wordsOf } from "./text-fields.tsx";

/** Creates a content with its featured image. */
export function CreateDialog({
  onClose,
  onCreated,
}: {
  onClose: () => void;
  onCreated: (id: string) => void;
}) {
  const words = texts("contents");
  const api = useApi();
  const reload = useReloadContents();
  const [values, setValues] = useState<TextValues>({ title: "", meta_title: "", external_ref: "" });
  const [prompt, setPrompt] = useState("");
  const create = useMutation({
    mutationFn: () =>
      createContent(api, {
        ...wordsOf(values),
        images: [{ type: "featured", prompt: prompt.trim() || null }],
      }),
    onSuccess: async ({ id }) => {
      await reload();
      onCreated(id);
    },
  });
  const error = create.error;
  const promptError = error instanceof ApiError ? error.field("/images/0/prompt") : undefined;
  return (
    <FormDialog
      title={words.createTitle}
      icon="file"
      submit={words.createSubmit}
      busy={create.isPending ? words.creating : undefined}
      className="contents-form"
      onSubmit={() => create.mutate()}
      onClose={onClose}
    >
      <TextFields values={values} error={error} onChange={setValues} />
      <Field label={words.fields.featuredPrompt} hint={words.fields.promptHint} error={promptError}>
        {(control) => (
          <textarea
            {...control}
            className="input"
            value={prompt}
            onChange={(event) => setPrompt(event.target.value)}
          />
        )}
      </Field>
      {error && <ProblemBanner error={error} />}
    </FormDialog>
  );
}
