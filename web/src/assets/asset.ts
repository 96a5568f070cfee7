/** What several pages say of an asset. No DOM. */
import type { Asset } from "../api/assets.ts";

/** Returns what people call an asset: its title, its label or its prompt; null if it has none. */
export function titleOf(asset: Pick<Asset, "title" | "label" | "recipe">): string | null {
  const prompt = asset.recipe.prompt;
  return (
    asset.title ?? asset.label ?? (typeof prompt === "string" && prompt !== "" ? prompt : null)
  );
}

/** Returns width by height, 1 if the asset has no size. */
export function ratioOf(asset: Pick<Asset, "width" | "height">): number {
  return asset.width && asset.height ? asset.width / asset.height : 1;
}
