import { useMutation } from "@tanstack/react-query";
import { useId, useState } from "react";
import { createContent } from "../../api/contents.ts";
import { ApiError } from "../../api/problem.ts";
import { shell, texts } from "../../i18n/index.ts";
import { useApi } from "../../studio.tsx";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { ProblemBanner } from "../../ui/feedback.tsx";
import { Field } from "../../ui/field.tsx";
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
  const form = useId();
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
    <Dialog
      title={words.createTitle}
      icon="file"
      onClose={onClose}
      footer={
        <>
          <Button kind="quiet" onClick={onClose}>
            {shell.parts.cancel}
          </Button>
          <Button
            kind="primary"
            type="submit"
            form={form}
            busy={create.isPending ? words.creating : undefined}
          >
            {words.createSubmit}
          </Button>
        </>
      }
    >
      <form
        id={form}
        className="contents-form"
        onSubmit={(event) => {
          event.preventDefault();
          create.mutate();
        }}
      >
        <TextFields values={values} error={error} onChange={setValues} />
        <Field
          label={words.fields.featuredPrompt}
          hint={words.fields.promptHint}
          error={promptError}
        >
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
      </form>
    </Dialog>
  );
}
