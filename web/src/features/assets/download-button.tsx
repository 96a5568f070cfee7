import { useState } from "react";
import { readFile } from "../../api/assets.ts";
import { texts } from "../../i18n/index.ts";
import { useApi } from "../../studio.tsx";
import { Button } from "../../ui/button.tsx";
import { explain } from "../../ui/feedback.tsx";
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
      const address = URL.createObjectURL(await readFile(api, assetId, rendition));
      const link = document.createElement("a");
      link.href = address;
      link.download = fileName;
      link.click();
      URL.revokeObjectURL(address);
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
