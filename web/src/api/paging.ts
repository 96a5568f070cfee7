/** How lists are read: by pages of one size. */

const PAGE_SIZE = 50;

/** Returns the query of the page that a cursor names; an empty cursor names the first. */
export function pageAt(cursor = ""): { limit: number; cursor?: string } {
  return { limit: PAGE_SIZE, ...(cursor && { cursor }) };
}
