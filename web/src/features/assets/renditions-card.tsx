import { useState } from "react";
import type { Asset, Rendition } from "../../api/assets.ts";
import { titleOf } from "../../assets/asset.ts";
import { bytes, dimensions } from "../../i18n/format.ts";
import { texts } from "../../i18n/index.ts";
import { Button } from "../../ui/button.tsx";
import { GlassyCard } from "../../ui/card.tsx";
import { LoadingSkeleton, ProblemBanner } from "../../ui/feedback.tsx";
import { fileName } from "../../ui/file-names.ts";
import { DownloadButton } from "./download-button.tsx";
import { NewFileDialog } from "./new-file-dialog.tsx";
import { useRenditions } from "./queries.ts";

function RenditionRow({ asset, rendition }: { asset: Asset; rendition: Rendition }) {
  const words = texts("assets");
  const file = rendition.file;
  return (
    <li className="assets-file">
      <div className="assets-file-name">
        <p className="one-line">{rendition.name}</p>
        <p className="meta">
          {file
            ? `${dimensions(file.width, file.height)} · ${bytes(file.bytes)}`
            : words.notMade(rendition.problem)}
        </p>
        {rendition.warnings.map((warning) => (
          <p key={warning} className="meta tone-warn">
            {warning}
          </p>
        ))}
      </div>
      {file && (
        <DownloadButton
          assetId={asset.id}
          rendition={rendition.name}
          fileName={fileName([titleOf(asset) ?? "", rendition.name], file.media_type)}
        />
      )}
    </li>
  );
}

/** The files that were made of an asset, and a form that makes another. */
export function RenditionsCard({ asset }: { asset: Asset }) {
  const words = texts("assets");
  const renditions = useRenditions(asset.id);
  const [open, setOpen] = useState(false);
  return (
    <GlassyCard
      title={words.renditions}
      count={renditions.data?.length}
      action={
        <Button small icon="plus" onClick={() => setOpen(true)}>
          {words.newRendition}
        </Button>
      }
    >
      <div className="assets-card-body">
        {renditions.error && (
          <ProblemBanner error={renditions.error} onRetry={() => void renditions.refetch()} />
        )}
        {renditions.isPending && <LoadingSkeleton rows={2} height={44} />}
        {renditions.data?.length === 0 && <p className="muted">{words.noRenditions}</p>}
        <ul>
          {renditions.data?.map((rendition) => (
            <RenditionRow key={rendition.name} asset={asset} rendition={rendition} />
          ))}
        </ul>
      </div>
      {open && <NewFileDialog asset={asset} onClose={() => setOpen(false)} />}
    </GlassyCard>
  );
}
