import { useState } from "react";
import type { Download, DownloadBody } from "../../api/folders.ts";
import { ApiError } from "../../api/problem.ts";
import { texts } from "../../i18n/index.ts";
import { Bar } from "../../ui/bar.tsx";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { ProblemBanner } from "../../ui/feedback.tsx";
import { Field } from "../../ui/field.tsx";
import { saveAddress } from "../../ui/files.ts";
import { useDownload, useOrderDownload } from "./queries.ts";

type Kind = NonNullable<DownloadBody["files"]>;
const kinds: readonly Kind[] = ["image", "renditions", "all"];

function Packing({ download }: { download: Download }) {
  const words = texts("workspace");
  const { packed, assets, missing } = download.counts;
  if (download.status === "failed" || download.status === "expired")
    return <p className="tone-bad">{words.downloadFailed}</p>;
  const ready = download.status === "ready";
  return (
    <>
      <Bar
        value={ready ? 100 : assets > 0 ? (packed / assets) * 95 : 0}
        tone={ready ? "ok" : "run"}
        label={words.download}
      />
      <p role="status">
        {ready ? words.downloadReady(packed, download.filename) : words.packing(packed, assets)}
      </p>
      {missing > 0 && <p className="muted">{words.downloadMissing(missing)}</p>}
    </>
  );
}

/** Chooses what of a SKU goes into an archive, waits for it and saves it. */
export function DownloadDialog({ sku, onClose }: { sku: string; onClose: () => void }) {
  const words = texts("workspace");
  const order = useOrderDownload();
  const [files, setFiles] = useState<Kind>("image");
  const [naming, setNaming] = useState("");
  const followed = useDownload(order.data?.id ?? null);
  const download = followed.data ?? order.data;
  const problem = order.error instanceof ApiError ? order.error : null;
  const url = download?.status === "ready" ? download.url : null;
  const busy =
    order.isPending || (download !== undefined && ["queued", "running"].includes(download.status));

  function start(): void {
    order.mutate({ folder: sku, files, ...(naming.trim() && { naming: naming.trim() }) });
  }

  return (
    <Dialog
      title={words.downloadTitle(sku)}
      icon="download"
      onClose={onClose}
      footer={
        url && download ? (
          <Button
            kind="primary"
            icon="download"
            onClick={() => saveAddress(url, download.filename)}
          >
            {words.downloadSave}
          </Button>
        ) : (
          <Button kind="primary" busy={busy ? words.downloadStart : undefined} onClick={start}>
            {words.downloadStart}
          </Button>
        )
      }
    >
      <div className="workspace-rule">
        <Field label={words.downloadFiles} error={problem?.field("/files")}>
          {(control) => (
            <select
              {...control}
              className="input"
              value={files}
              disabled={busy}
              onChange={(event) =>
                setFiles(kinds.find((kind) => kind === event.target.value) ?? "image")
              }
            >
              {kinds.map((kind) => (
                <option key={kind} value={kind}>
                  {words.downloadKinds[kind]}
                </option>
              ))}
            </select>
          )}
        </Field>
        <Field label={words.naming} hint={words.namingHint} error={problem?.field("/naming")}>
          {(control) => (
            <input
              {...control}
              className="input"
              value={naming}
              maxLength={200}
              disabled={busy}
              onChange={(event) => setNaming(event.target.value)}
            />
          )}
        </Field>
        {order.error && !problem?.problem.errors && (
          <ProblemBanner error={order.error} onRetry={start} />
        )}
        {followed.error && (
          <ProblemBanner error={followed.error} onRetry={() => void followed.refetch()} />
        )}
        {download && <Packing download={download} />}
      </div>
    </Dialog>
  );
}
