import { useState } from "react";
import { readFile } from "../../api/assets.ts";
import { texts } from "../../i18n/index.ts";
import { useApi } from "../../studio.tsx";
import { Button } from "../../ui/button.tsx";
import { saveRead } from "../../ui/files.ts";

/** Saves the file of an asset, or one of the files made of it. */
export function DownloadButton({
  assetId,
  rendition,
  fileName,
  small = true,
}: {
  assetId: string;
  rendition: string | null;
  fileName: string;
  small?: boolean;
}) {
  const words = texts("assets");
  const api = useApi();
  const [busy, setBusy] = useState(false);

  async function save(): Promise<void> {
    setBusy(true);
    await saveRead(readFile(api, assetId, rendition), fileName);
    setBusy(false);
  }

  return (
    <Button
      small={small}
      icon="download"
      busy={busy ? words.downloading : undefined}
      onClick={() => void save()}
    >
      {words.download}
    </Button>
  );
}
