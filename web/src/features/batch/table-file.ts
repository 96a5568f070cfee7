/** How a table goes to the studio: as text in the request, or as a file in the bucket. */

/** The most that a request carries; a longer table is uploaded. */
const MAX_INLINE_BYTES = 700_000;
/** The largest table that the studio reads. */
export const MAX_BYTES = 10 * 1024 * 1024;

/** Returns the text of a table that a request can carry, or null if its bytes have to be sent. */
export function inlineText(bytes: ArrayBuffer): string | null {
  if (bytes.byteLength > MAX_INLINE_BYTES) return null;
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    // The studio reads other encodings from the bytes.
    return null;
  }
}

/** Returns the columns of a table with every column, in the order of its first line. */
export function columnsOf(sample: string): string[] {
  const [first = ""] = sample.split(/\r?\n/);
  return first
    .replace(/^\uFEFF/, "")
    .split(",")
    .filter((name) => name !== "");
}
