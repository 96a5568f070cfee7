/** The body of a new file, from what a form holds. */
import type { NewRendition } from "../../api/assets.ts";

export const FITS = ["cover", "contain", "pad", "inside"] as const;
export const FORMATS = ["webp", "jpg", "png", "avif"] as const;
export type Purpose = "platform" | "size";

const BYTES_OF_KB = 1000;

/** Returns a file for a platform, which sets all but the name, or one of a size of one's own. */
export function bodyOfForm(form: FormData, purpose: Purpose): NewRendition {
  if (purpose === "platform") return { export: String(form.get("export")) };
  const number = (member: string) => Number(form.get(member)) || null;
  const limit = number("limit");
  return {
    name: String(form.get("name")),
    width: number("width"),
    height: number("height"),
    fit: FITS.find((fit) => fit === form.get("fit")) ?? "cover",
    format: FORMATS.find((format) => format === form.get("format")) ?? "webp",
    quality: number("quality"),
    max_bytes: limit === null ? null : Math.round(limit * BYTES_OF_KB),
  };
}
