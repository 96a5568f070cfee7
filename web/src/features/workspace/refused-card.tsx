import { useState } from "react";
import { dateTime } from "../../i18n/format.ts";
import { texts } from "../../i18n/index.ts";
import { GlassyCard } from "../../ui/card.tsx";
import { LoadingSkeleton, ProblemBanner } from "../../ui/feedback.tsx";
import { useRefused } from "./queries.ts";

/** The files that the studio refused for a SKU, with their reasons. They load when they are opened. */
export function RefusedCard({ sku, count }: { sku: string; count: number }) {
  const words = texts("workspace");
  const [open, setOpen] = useState(false);
  const refused = useRefused(open);
  const own = refused.data?.filter((upload) => upload.folder === sku) ?? [];
  return (
    <GlassyCard>
      <details
        className="workspace-refused"
        onToggle={(event) => setOpen(event.currentTarget.open)}
      >
        <summary className="tone-bad">{words.refused(count)}</summary>
        <p className="muted">{words.refusedHint}</p>
        {refused.error && (
          <ProblemBanner error={refused.error} onRetry={() => void refused.refetch()} />
        )}
        {open && refused.isPending && <LoadingSkeleton rows={2} height={40} />}
        <ul>
          {own.map((upload) => (
            <li key={upload.id}>
              <strong>{upload.filename}</strong>{" "}
              <span className="meta">{dateTime(upload.created_at)}</span>
              <p className="tone-bad">{upload.reason}</p>
            </li>
          ))}
        </ul>
      </details>
    </GlassyCard>
  );
}
