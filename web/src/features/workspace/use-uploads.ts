/** Sends photos, a few at a time. One that is refused stops no other. */
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { announceUpload, completeUpload, sendFile, UploadRefused } from "../../api/uploads.ts";
import { texts } from "../../i18n/index.ts";
import { useApi } from "../../studio.tsx";
import { explain } from "../../ui/feedback.tsx";
import { hasEnded, MAX_BYTES, mediaTypeOf, sha256, startable, type UploadRow } from "./uploads.ts";

type Change = Partial<Pick<UploadRow, "state" | "sent" | "note">>;

let nextId = 1;

export function useUploads() {
  const words = texts("workspace");
  const api = useApi();
  const cache = useQueryClient();
  const [rows, setRows] = useState<readonly UploadRow[]>([]);
  const started = useRef(new Set<number>());

  function change(id: number, changes: Change): void {
    setRows((now) => now.map((row) => (row.id === id ? { ...row, ...changes } : row)));
  }

  function wrongWith(file: File): string | null {
    if (file.size === 0) return words.uploadEmpty;
    return file.size > MAX_BYTES ? words.uploadTooLarge : null;
  }

  /** Sends one file and returns what became of it. */
  async function send({ id, file, sku }: UploadRow): Promise<Change> {
    change(id, { state: "sending" });
    const announced = await announceUpload(api, {
      filename: file.name,
      media_type: mediaTypeOf(file),
      bytes: file.size,
      sha256: await sha256(file),
      folder: sku,
    });
    if (!announced.upload) return { state: "known" };
    await sendFile(announced, file, (sent) => change(id, { sent }));
    change(id, { state: "checking" });
    const { upload } = await completeUpload(api, announced.upload.id);
    const note = upload.rule_error === null ? null : words.ruleError(upload.rule_error);
    return { state: upload.duplicate ? "known" : "added", note };
  }

  async function run(row: UploadRow): Promise<void> {
    try {
      change(row.id, await send(row));
    } catch (error) {
      const note = error instanceof UploadRefused ? words.uploadNotTaken : explain(error);
      change(row.id, { state: "refused", note });
    }
    await cache.invalidateQueries({ queryKey: ["folders"] });
  }

  useEffect(() => {
    for (const row of startable(rows)) {
      if (started.current.has(row.id)) continue;
      started.current.add(row.id);
      void run(row);
    }
  });

  function add(files: readonly File[], sku: string): void {
    const fresh = files.map((file): UploadRow => {
      const note = wrongWith(file);
      const state = note === null ? "waiting" : "refused";
      return { id: nextId++, sku, file, state, sent: 0, note };
    });
    setRows((now) => [...now, ...fresh]);
  }

  function again(row: UploadRow): void {
    setRows((now) => now.filter((one) => one.id !== row.id));
    add([row.file], row.sku);
  }

  return {
    rows,
    add,
    again,
    clear: () => setRows((now) => now.filter((row) => !hasEnded(row))),
  };
}

export type Uploads = ReturnType<typeof useUploads>;
