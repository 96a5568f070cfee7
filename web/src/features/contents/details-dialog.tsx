import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { type Article, changeContent, readContent, type Tagged } from "../../api/contents.ts";
import { texts } from "../../i18n/index.ts";
import { useApi } from "../../studio.tsx";
import { ProblemBanner } from "../../ui/feedback.tsx";
import { FormDialog } from "../../ui/form-dialog.tsx";
import { ConflictBanner, isConflict } from "./conflict.tsx";
import { useReloadContents } from "./queries.ts";
import { TextFields, wordsOf } from "./text-fields.tsx";

/** Changes the words of a content. `base` is what the user saw when the dialog opened. */
export function DetailsDialog({ base, onClose }: { base: Tagged<Article>; onClose: () => void }) {
  const words = texts("contents");
  const api = useApi();
  const reload = useReloadContents();
  // Later reads do not move what the change is based on.
  const [{ document: article, etag }] = useState(base);
  const [values, setValues] = useState({
    title: article.title,
    meta_title: article.meta_title ?? "",
    external_ref: article.external_ref ?? "",
  });
  const save = useMutation({
    mutationFn: async (keep: boolean) => {
      const tag = keep ? (await readContent(api, article.id)).etag : etag;
      await changeContent(api, article.id, tag, wordsOf(values));
    },
    onSuccess: async () => {
      await reload();
      onClose();
    },
  });
  const conflict = isConflict(save.error);
  const now = useQuery({
    queryKey: ["content now", article.id, save.submittedAt],
    enabled: conflict,
    queryFn: () => readContent(api, article.id),
  });
  const theirs = now.data?.document;
  return (
    <FormDialog
      title={words.detailsTitle}
      icon="file"
      submit={words.save}
      busy={save.isPending ? words.saving : undefined}
      className="contents-form"
      onSubmit={() => save.mutate(false)}
      onClose={onClose}
    >
      <TextFields values={values} error={save.error} onChange={setValues} />
      {conflict && theirs && (
        <ConflictBanner
          theirs={[theirs.title, theirs.meta_title, theirs.external_ref]
            .filter(Boolean)
            .join(" · ")}
          onKeep={() => save.mutate(true)}
          onTake={() => void reload().then(onClose)}
        />
      )}
      {save.error && !(conflict && theirs) && <ProblemBanner error={now.error ?? save.error} />}
    </FormDialog>
  );
}
