import { useState } from "react";
import { readFile } from "../../api/assets.ts";
import { texts } from "../../i18n/index.ts";
import { useApi } from "../../studio.tsx";
import { Button } from "../../ui/button.tsx";
import { explain } from "../../ui/feedback.tsx";
import { saveFile } from "../../ui/files.ts";
import { toast } from "../../ui/toast.tsx";

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
    try {
      saveFile(await readFile(api, assetId, rendition), fileName);
    } catch (error) {
      toast(explain(error), { tone: "bad" });
    }
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
