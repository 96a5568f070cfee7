import type { Asset } from "../../api/assets.ts";

/** Returns what people call an asset: its title, its label or its prompt; null if it has none. */
export function nameOf(asset: Pick<Asset, "title" | "label" | "recipe">): string | null {
  const prompt = asset.recipe.prompt;
  return (
    asset.title ?? asset.label ?? (typeof prompt === "string" && prompt !== "" ? prompt : null)
  );
}

/** Returns a file name for a download, such as `mug-desktop.webp`. */
export function fileNameOf(name: string | null, part: string | null, mediaType: string): string {
  const words = [name ?? "image", ...(part === null ? [] : [part])].join("-");
  const safe = words
    .normalize("NFKD")
    .replaceAll(/[^\p{L}\p{N}]+/gu, "-")
    .replaceAll(/^-+|-+$/g, "")
    .slice(0, 60);
  const suffix = mediaType.split("/")[1]?.replace("jpeg", "jpg").replace("+xml", "") ?? "bin";
  return `${safe || "image"}.${suffix}`;
}
