import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { readFile } from "../../api/assets.ts";
import type { Article, Slot } from "../../api/contents.ts";
import { dimensions } from "../../i18n/format.ts";
import { shell, texts } from "../../i18n/index.ts";
import { useApi } from "../../studio.tsx";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { Segment } from "../../ui/field.tsx";
import { Icon } from "../../ui/icons.tsx";
import { useObjectUrl } from "../../ui/object-url.ts";
import { useAsset } from "./queries.ts";
import { addressOf, fileOf, type View } from "./slots.ts";
import { useDownload } from "./use-download.ts";

/** Shows the whole picture of a slot, for desktop or mobile. */
export function PictureDialog({
  article,
  slot,
  view: first,
  onClose,
}: {
  article: Article;
  slot: Slot;
  view: View;
  onClose: () => void;
}) {
  const words = texts("contents");
  const api = useApi();
  const [view, setView] = useState(first);
  const address = addressOf(slot, view);
  const file = fileOf(address);
  const asset = useAsset(file?.assetId ?? null).data;
  const whole = useQuery({
    queryKey: ["files", address],
    enabled: file !== null,
    queryFn: ({ signal }) => readFile(api, file?.assetId ?? "", file?.rendition ?? null, signal),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 60_000,
  });
  const url = useObjectUrl(whole.data);
  const download = useDownload(article.title, slot);
  const views = slot.desktop_url !== null && slot.mobile_url !== null;
  return (
    <Dialog
      wide
      title={slot.label}
      context={article.title}
      icon="image"
      aside={<span className="muted">{asset && dimensions(asset.width, asset.height)}</span>}
      onClose={onClose}
      footer={
        <>
          <p>{slot.alt_text && words.altText(slot.alt_text)}</p>
          <Button kind="fill" icon="download" onClick={() => void download(view)}>
            {words.download}
          </Button>
          <Button onClick={onClose}>{shell.parts.close}</Button>
        </>
      }
    >
      <div className="contents-picture">
        {views && (
          <Segment
            label={words.preview}
            value={view}
            options={[
              { value: "desktop", label: words.devices.desktop },
              { value: "mobile", label: words.devices.mobile },
            ]}
            onChange={setView}
          />
        )}
        {whole.error && (
          <p className="field-note">
            <Icon name="alert" size={14} />
            {words.notLoaded}
          </p>
        )}
        {(url ?? asset?.thumbnail_url) && (
          <img
            src={url ?? asset?.thumbnail_url}
            alt={slot.alt_text ?? words.pictureOf(slot.label)}
          />
        )}
      </div>
    </Dialog>
  );
}
