/** Sizes as the API takes them. */

/** Tells whether a text is a size such as `1536x1024`. */
export function isSize(text: string): boolean {
  return /^[0-9]{2,4}x[0-9]{2,4}$/.test(text);
}

/** Returns a size as the API writes it: `1536 × 1024` becomes `1536x1024`. */
export function normalSize(text: string): string {
  return text.replace(/\s+/g, "").replace(/[×X*]/g, "x");
}
