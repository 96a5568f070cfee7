/** The list of files on their way, and what may be said of each. */

export type UploadState = "waiting" | "sending" | "checking" | "added" | "known" | "refused";

export interface UploadRow {
  /** Number of the file in this visit. */
  id: number;
  sku: string;
  file: File;
  state: UploadState;
  /** Share that is sent, 0 to 1. */
  sent: number;
  /** Why it was refused, or why the rule did not run. */
  note: string | null;
}

/** The largest photo that the studio takes. */
export const MAX_BYTES = 25 * 1024 * 1024;
/** Files that are sent at the same time. */
export const AT_ONCE = 3;

const ended: readonly UploadState[] = ["added", "known", "refused"];

export function hasEnded(row: Pick<UploadRow, "state">): boolean {
  return ended.includes(row.state);
}

/** Returns the rows that may start now, the oldest first. */
export function startable(rows: readonly UploadRow[]): UploadRow[] {
  const busy = rows.filter((row) => row.state !== "waiting" && !hasEnded(row)).length;
  return rows.filter((row) => row.state === "waiting").slice(0, Math.max(0, AT_ONCE - busy));
}

/** Returns the percentage of a row. Checking is the last tenth. */
export function percentOf(row: Pick<UploadRow, "state" | "sent">): number {
  if (hasEnded(row)) return 100;
  return row.state === "waiting" ? 0 : row.state === "checking" ? 95 : Math.round(row.sent * 90);
}

/** Returns the type that is announced: the browser's, or that of an unknown file. */
export function mediaTypeOf(file: Pick<File, "type">): string {
  return file.type || "application/octet-stream";
}

/** Returns a SKU from the name of a photo: what stands before a blank, an underscore or the type. */
export function skuOf(name: string): string {
  const stem = name.replace(/\.[^.]*$/, "");
  const [first = ""] = stem.split(/[\s_]/);
  return first
    .replace(/[^A-Za-z0-9.-]/g, "")
    .replace(/^[.-]+/, "")
    .slice(0, 64);
}

export async function sha256(file: Blob): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
