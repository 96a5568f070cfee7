/** What leaves the page: downloads and the clipboard. */
import { shell } from "../i18n/index.ts";
import { explain } from "./feedback.tsx";
import { toast } from "./toast.tsx";

// A browser may read a file some time after the press.
const KEPT_MS = 60_000;

/** Saves what is at an address of this page as a file. */
export function saveAddress(address: string, name: string): void {
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
}

/** Saves bytes as a file. */
export function saveFile(blob: Blob, name: string): void {
  const address = URL.createObjectURL(blob);
  saveAddress(address, name);
  setTimeout(() => URL.revokeObjectURL(address), KEPT_MS);
}

/** Saves bytes that are still read, or says why they could not be read. */
export async function saveRead(bytes: Promise<Blob>, name: string): Promise<void> {
  try {
    saveFile(await bytes, name);
  } catch (error) {
    toast(explain(error), { tone: "bad" });
  }
}

/** Copies a text and says so; some browsers and pages refuse. */
export async function copyText(text: string, done: string = shell.parts.copied): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    toast(done);
  } catch {
    toast(shell.parts.notCopied, { tone: "bad" });
  }
}
