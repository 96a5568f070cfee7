import { type BatchImport, readErrors } from "../../api/batches.ts";
import { texts } from "../../i18n/index.ts";
import { useApi } from "../../studio.tsx";
import { Button } from "../../ui/button.tsx";
import { saveRead } from "../../ui/files.ts";

/** Saves the faulty rows as the table had them, with their errors. */
export function ErrorsButton({ table }: { table: BatchImport }) {
  const words = texts("batch");
  const api = useApi();
  const save = () =>
    saveRead(readErrors(api, table.id), words.errorsName(table.name ?? words.untitled));
  return (
    <Button small icon="download" onClick={() => void save()}>
      {words.errorsFile}
    </Button>
  );
}
