import { texts } from "../../i18n/index.ts";
import { Bar } from "../../ui/bar.tsx";
import { Button } from "../../ui/button.tsx";
import { GlassyCard } from "../../ui/card.tsx";
import { StatusChip } from "../../ui/status.tsx";
import { hasEnded, percentOf, type UploadRow } from "./uploads.ts";
import type { Uploads } from "./use-uploads.ts";

const looks: Record<UploadRow["state"], string> = {
  waiting: "pending",
  sending: "running",
  checking: "running",
  added: "completed",
  known: "completed",
  refused: "failed",
};

function Row({ row, onAgain }: { row: UploadRow; onAgain: () => void }) {
  const words = texts("workspace");
  return (
    <li className="workspace-upload">
      <span className="one-line workspace-upload-name">{row.file.name}</span>
      <span className="meta">{row.sku}</span>
      <StatusChip status={looks[row.state]} label={words.uploadStates[row.state]} plain />
      <Bar
        value={percentOf(row)}
        tone={row.state === "refused" ? "bad" : hasEnded(row) ? "ok" : "run"}
        label={words.uploadProgress(row.file.name)}
      />
      {row.note && (
        <p className={row.state === "refused" ? "meta tone-bad" : "meta tone-warn"}>{row.note}</p>
      )}
      {row.state === "refused" && row.file.size > 0 && (
        <Button kind="quiet" small icon="retry" onClick={onAgain}>
          {words.uploadAgain}
        </Button>
      )}
    </li>
  );
}

/** The files of this visit on their way. It stays while other SKUs are looked at. */
export function UploadsCard({ uploads }: { uploads: Uploads }) {
  const words = texts("workspace");
  const { rows } = uploads;
  if (rows.length === 0) return null;
  const ended = rows.filter(hasEnded).length;
  return (
    <GlassyCard
      title={words.uploads}
      count={words.uploadCount(ended, rows.length)}
      action={
        ended > 0 && (
          <Button kind="quiet" small onClick={uploads.clear}>
            {words.clear}
          </Button>
        )
      }
    >
      <p className="visually-hidden" role="status">
        {`${words.uploads}: ${words.uploadCount(ended, rows.length)}`}
      </p>
      <ul className="workspace-uploads">
        {rows.map((row) => (
          <Row key={row.id} row={row} onAgain={() => uploads.again(row)} />
        ))}
      </ul>
    </GlassyCard>
  );
}
