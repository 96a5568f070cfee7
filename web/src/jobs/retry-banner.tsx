import { shell } from "../i18n/index.ts";
import { AsyncStatusBanner, explain } from "../ui/feedback.tsx";

/** Says that the progress could not be read, and how long the next try waits. */
export function RetryBanner({ error, wait }: { error: unknown; wait: number }) {
  return (
    <AsyncStatusBanner tone="warn">
      {shell.problems.retrying(explain(error), wait)}
    </AsyncStatusBanner>
  );
}
