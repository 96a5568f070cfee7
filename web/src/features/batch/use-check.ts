/** Checks a table: its text, or the file in the bucket, becomes an import with prices. */
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useLocation } from "wouter";
import { type BatchImportBody, checkTable } from "../../api/batches.ts";
import type { Api } from "../../api/client.ts";
import { announceUpload, sendFile, UploadRefused } from "../../api/uploads.ts";
import { texts } from "../../i18n/index.ts";
import { useApi } from "../../studio.tsx";
import { explain } from "../../ui/feedback.tsx";
import { inlineText, MAX_BYTES } from "./table-file.ts";

export type Mapping = NonNullable<BatchImportBody["mapping"]>;

/** The files of this visit by import, so that a table can be checked with other columns. */
const files = new Map<string, File>();

export function fileOf(importId: string): File | undefined {
  return files.get(importId);
}

async function send(api: Api, file: File, onSent: (share: number) => void): Promise<string> {
  const announced = await announceUpload(api, {
    filename: file.name,
    media_type: "text/csv",
    bytes: file.size,
  });
  await sendFile(announced, file, onSent);
  if (!announced.upload) throw new UploadRefused("no upload");
  return announced.upload.id;
}

export function useCheck() {
  const words = texts("batch");
  const api = useApi();
  const cache = useQueryClient();
  const [, go] = useLocation();
  const [busy, setBusy] = useState<string | undefined>();
  const [problem, setProblem] = useState<string | null>(null);

  function wrongWith(file: File): string | null {
    if (file.size === 0) return words.empty;
    return file.size > MAX_BYTES ? words.tooLarge : null;
  }

  async function order(file: File, mapping: Mapping): Promise<void> {
    const csv = inlineText(await file.arrayBuffer());
    const share = (sent: number) => setBusy(words.sending(sent));
    const table = csv === null ? { upload_id: await send(api, file, share) } : { csv };
    const known = Object.keys(mapping).length > 0;
    const checked = await checkTable(api, {
      name: file.name.slice(0, 200),
      ...table,
      ...(known && { mapping }),
    });
    files.set(checked.id, file);
    await cache.invalidateQueries({ queryKey: ["tables", "list"] });
    go(`/batch/tables/${checked.id}`);
  }

  async function check(file: File, mapping: Mapping = {}): Promise<void> {
    const wrong = wrongWith(file);
    setProblem(wrong);
    if (wrong) return;
    setBusy(words.checking);
    try {
      await order(file, mapping);
    } catch (error) {
      setProblem(error instanceof UploadRefused ? words.refused : explain(error));
    }
    setBusy(undefined);
  }

  return { check, busy, problem, forget: () => setProblem(null) };
}
