/** Import of files: by a button or by drop, and a report of what became of each content. */
import { useState } from "react";
import { useLocation } from "wouter";
import { createContent } from "../../api/contents.ts";
import { ApiError } from "../../api/problem.ts";
import { texts } from "../../i18n/index.ts";
import { useApi } from "../../studio.tsx";
import { ButtonLink } from "../../ui/button.tsx";
import { FilesButton } from "../../ui/drop.tsx";
import { AsyncStatusBanner, explain } from "../../ui/feedback.tsx";
import { toast } from "../../ui/toast.tsx";
import { acceptedFiles, type Draft, FileError, placeOf, readContents } from "./article-file.ts";
import { useReloadContents } from "./queries.ts";

interface Outcome {
  title: string;
  id: string | null;
  /** Sentences, empty for a content that was created. */
  problems: string[];
}

export interface Importing {
  read: (files: readonly File[]) => Promise<void>;
  busy: boolean;
  outcomes: readonly Outcome[];
  forget: () => void;
}

/** Returns what is wrong with a draft, each with its place in the file. */
function problemsOf(draft: Draft, error: unknown): string[] {
  const words = texts("contents");
  const wrong = error instanceof ApiError ? (error.problem.errors ?? []) : [];
  if (wrong.length === 0) return [explain(error)];
  return wrong.map(({ pointer, detail }) =>
    words.importWhere(
      [placeOf(draft.places, pointer), pointer.slice(1).replaceAll("/", " ")]
        .filter(Boolean)
        .join(", "),
      detail,
    ),
  );
}

export function useImport(): Importing {
  const words = texts("contents");
  const api = useApi();
  const [, go] = useLocation();
  const reload = useReloadContents();
  const [busy, setBusy] = useState(false);
  const [outcomes, setOutcomes] = useState<readonly Outcome[]>([]);

  async function importDraft(draft: Draft): Promise<Outcome> {
    const title = String(draft.body.title ?? words.untitled);
    try {
      return { title, id: (await createContent(api, draft.body)).id, problems: [] };
    } catch (error) {
      return { title, id: null, problems: problemsOf(draft, error) };
    }
  }

  async function importFile(file: File): Promise<Outcome[]> {
    let drafts: Draft[];
    try {
      drafts = readContents(file.name, await file.text());
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      return [{ title: file.name, id: null, problems: [error.message] }];
    }
    const found: Outcome[] = [];
    // One after another, in the order of the file.
    for (const draft of drafts) found.push(await importDraft(draft));
    return found;
  }

  async function read(files: readonly File[]): Promise<void> {
    setBusy(true);
    const found: Outcome[] = [];
    for (const file of files) found.push(...(await importFile(file)));
    await reload();
    setBusy(false);
    const [only] = found;
    if (found.length === 1 && only?.id) {
      toast(words.imported(only.title));
      go(`/contents/${only.id}`);
    } else setOutcomes(found);
  }

  return { read, busy, outcomes, forget: () => setOutcomes([]) };
}

export function ImportButton({ importing }: { importing: Importing }) {
  const words = texts("contents");
  return (
    <FilesButton
      label={words.importFile}
      title={words.importHint}
      busy={importing.busy ? words.importing : undefined}
      accept={acceptedFiles}
      multiple
      onFiles={(files) => void importing.read(files)}
    />
  );
}

/** Tells what became of each content of the files. */
export function ImportReport({ importing }: { importing: Importing }) {
  const words = texts("contents");
  const { outcomes } = importing;
  if (outcomes.length === 0) return null;
  const made = outcomes.filter((outcome) => outcome.id !== null).length;
  const all = made === outcomes.length;
  return (
    <AsyncStatusBanner tone={all ? "ok" : "bad"} onDismiss={importing.forget}>
      <p>
        {words.importSummary(made, outcomes.length)}
        {!all && made > 0 && ` ${words.importPartHint}`}
      </p>
      <ul className="contents-report">
        {outcomes.map((outcome, index) => (
          <li key={index}>
            {outcome.id ? (
              <ButtonLink href={`/contents/${outcome.id}`} kind="quiet" small icon="file">
                {outcome.title}
              </ButtonLink>
            ) : (
              <>
                <strong>{words.importFailed(outcome.title)}</strong>
                {outcome.problems.map((problem) => (
                  <p key={problem}>{problem}</p>
                ))}
              </>
            )}
          </li>
        ))}
      </ul>
    </AsyncStatusBanner>
  );
}
