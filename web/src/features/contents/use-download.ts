import { readFile } from "../../api/assets.ts";
import type { Slot } from "../../api/contents.ts";
import { texts } from "../../i18n/index.ts";
import { useApi } from "../../studio.tsx";
import { explain } from "../../ui/feedback.tsx";
import { toast } from "../../ui/toast.tsx";
import { addressOf, fileName, fileOf, type View } from "./slots.ts";

const KEPT_MS = 60_000;

/** Returns a function that saves a slot's picture for a view as a file. */
export function useDownload(title: string, slot: Slot): (view: View) => Promise<void> {
  const api = useApi();
  const words = texts("contents");
  return async (view) => {
    const file = fileOf(addressOf(slot, view));
    if (!file) return;
    try {
      const blob = await readFile(api, file.assetId, file.rendition);
      const link = document.createElement("a");
      link.href = URL.createObjectURL(blob);
      link.download = fileName(title, slot.label, blob.type);
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), KEPT_MS);
    } catch (error) {
      toast(words.downloadFailed(explain(error)), { tone: "bad" });
    }
  };
}
