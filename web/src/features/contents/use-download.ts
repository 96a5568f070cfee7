import { readFile } from "../../api/assets.ts";
import type { Slot } from "../../api/contents.ts";
import { texts } from "../../i18n/index.ts";
import { useApi } from "../../studio.tsx";
import { explain } from "../../ui/feedback.tsx";
import { fileName } from "../../ui/file-names.ts";
import { saveFile } from "../../ui/files.ts";
import { toast } from "../../ui/toast.tsx";
import { addressOf, fileOf, type View } from "./slots.ts";

/** Returns a function that saves a slot's picture for a view as a file. */
export function useDownload(title: string, slot: Slot): (view: View) => Promise<void> {
  const api = useApi();
  const words = texts("contents");
  return async (view) => {
    const file = fileOf(addressOf(slot, view));
    if (!file) return;
    try {
      const blob = await readFile(api, file.assetId, file.rendition);
      saveFile(blob, fileName([title, slot.label], blob.type));
    } catch (error) {
      toast(words.downloadFailed(explain(error)), { tone: "bad" });
    }
  };
}
