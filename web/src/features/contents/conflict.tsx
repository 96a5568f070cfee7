import { ApiError } from "../../api/problem.ts";
import { texts } from "../../i18n/index.ts";
import { Button } from "../../ui/button.tsx";
import { AsyncStatusBanner } from "../../ui/feedback.tsx";

/** Tells whether a change was refused because what it is based on was changed meanwhile. */
export function isConflict(error: unknown): boolean {
  return error instanceof ApiError && error.problem.status === 412;
}

/** Explains a conflict: what stands there now, and the two ways on. */
export function ConflictBanner({
  theirs,
  onKeep,
  onTake,
}: {
  theirs: string | null;
  onKeep: () => void;
  onTake: () => void;
}) {
  const words = texts("contents");
  return (
    <AsyncStatusBanner
      tone="warn"
      action={
        <>
          <Button kind="quiet" small onClick={onTake}>
            {words.takeTheirs}
          </Button>
          <Button small onClick={onKeep}>
            {words.keepMine}
          </Button>
        </>
      }
    >
      {words.conflictTitle} {theirs ? words.conflictNow(theirs) : words.conflictEmpty}
    </AsyncStatusBanner>
  );
}
