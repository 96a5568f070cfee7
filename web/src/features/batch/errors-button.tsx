import { type BatchImport, readErrors } from "../../api/batches.ts";
import { texts } from "../../i18n/index.ts";
import { useApi } from "../../studio.tsx";
import { Button } from "../../ui/button.tsx";
import { explain } from "../../ui/feedback.tsx";
import { saveFile } from "../../ui/files.ts";
import { toast } from "../../ui/toast.tsx";

/** Saves the faulty rows as the table had them, with their errors. */
export function ErrorsButton({ table }: { table: BatchImport }) {
  const words = texts("batch");
  const api = useApi();
  async function save(): Promise<void> {
    try {
      const file = await readErrors(api, table.id);
      saveFile(file, words.errorsName(table.name ?? words.untitled));
    } catch (error) {
      toast(explain(error), { tone: "bad" });
    }
  }
  return (
    <Button small icon="download" onClick={() => void save()}>
      {words.errorsFile}
    </Button>
  );
}
