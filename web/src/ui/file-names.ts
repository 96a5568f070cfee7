/** Returns a file name of some words that every system takes, such as `a-red-mug-desktop.webp`. */
export function fileName(words: readonly string[], mediaType: string): string {
  const suffix = mediaType.slice(mediaType.indexOf("/") + 1).replace("jpeg", "jpg");
  const parts = words
    .join(" ")
    .toLowerCase()
    .match(/[\p{L}\p{N}]+/gu) ?? ["image"];
  return `${parts.join("-").slice(0, 80)}.${suffix}`;
}
