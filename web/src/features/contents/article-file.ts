/**
 * Contents in files: an article with front matter, JSON, or a table with a row for each image. The
 * command line reads the same files.
 */
import type { ContentBody } from "../../api/contents.ts";
import { FrontMatterError, readFrontMatter } from "./front-matter.ts";
import { readTable } from "./table.ts";

/** A content as a file describes it, and where its members stand: `line 7` or `row 2`. */
export interface Draft {
  body: ContentBody;
  places: ReadonlyMap<string, string>;
}

/** A file that describes no content; the message says why. */
export class FileError extends Error {}

export const acceptedFiles = ".md,.markdown,.json,.csv";

const contentColumns = ["title", "meta_title", "external_ref"] as const;
const imageColumns = ["type", "position", "device", "prompt", "alt_text"] as const;

type Members = Record<string, unknown>;

function isMembers(value: unknown): value is Members {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Adds the type that an image leaves out: with a position it is in the article. */
function nameTypes(body: Members): Members {
  if (!Array.isArray(body.images)) return body;
  const images = body.images.map((image) =>
    isMembers(image) && (image.type === undefined || image.type === null)
      ? { ...image, type: image.position == null ? "featured" : "in_article" }
      : image,
  );
  return { ...body, images };
}

function draft(body: Members, places: ReadonlyMap<string, string> = new Map()): Draft {
  // The server checks the members; a file may say anything.
  return { body: nameTypes(body) as unknown as ContentBody, places };
}

function ofJson(text: string): Draft[] {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (error) {
    throw new FileError(`It is not JSON: ${(error as Error).message}.`);
  }
  const contents: unknown[] = Array.isArray(document) ? document : [document];
  return contents.map((content) => {
    if (!isMembers(content)) throw new FileError("It is not a JSON object or a list of objects.");
    return draft(content);
  });
}

function ofArticle(text: string): Draft[] {
  try {
    const { members, places } = readFrontMatter(text);
    return [draft(members, places)];
  } catch (error) {
    if (error instanceof FrontMatterError) throw new FileError(error.message);
    throw error;
  }
}

function whole(text: string | undefined): { position?: number } {
  return text && /^\d+$/.test(text) ? { position: Number(text) } : {};
}

interface TableEntry {
  body: Members;
  images: Members[];
  places: Map<string, string>;
}

/** Reads a table; a row without title and reference belongs to the content of the row above. */
function ofTable(text: string): Draft[] {
  const [heading, ...rows] = readTable(text);
  const columns = (heading ?? []).map((cell) => cell.trim());
  const known: readonly string[] = [...contentColumns, ...imageColumns];
  const unknown = columns.find((column) => !known.includes(column));
  if (unknown !== undefined)
    throw new FileError(`The column "${unknown}" is unknown. Known: ${known.join(", ")}.`);
  if (!columns.includes("title")) throw new FileError("It has no column title.");
  const drafts = new Map<string, TableEntry>();
  let last = "";
  for (const [index, row] of rows.entries()) {
    const place = `row ${index + 1}`;
    if (row.length > columns.length)
      throw new FileError(`In ${place} there are more cells than columns.`);
    const cells = new Map<string, string>();
    columns.forEach((column, at) => {
      const cell = row[at]?.trim();
      if (cell) cells.set(column, cell);
    });
    if (cells.size === 0) continue;
    last = cells.get("external_ref") ?? cells.get("title") ?? last;
    if (!last) throw new FileError(`In ${place} the title is missing.`);
    const entry: TableEntry = drafts.get(last) ?? { body: {}, images: [], places: new Map() };
    drafts.set(last, entry);
    for (const column of contentColumns) {
      const cell = cells.get(column);
      if (cell === undefined || column in entry.body) continue;
      entry.body[column] = cell;
      entry.places.set(`/${column}`, place);
    }
    const given = imageColumns.filter((column) => cells.has(column));
    if (given.length === 0) continue;
    entry.places.set(`/images/${entry.images.length}`, place);
    const image = Object.fromEntries(given.map((column) => [column, cells.get(column)]));
    entry.images.push({ ...image, ...whole(cells.get("position")) });
  }
  return [...drafts.values()].map(({ body, images, places }) => draft({ ...body, images }, places));
}

/**
 * Returns the contents that a file describes.
 *
 * @throws FileError the file is of no known kind, or describes no content.
 */
export function readContents(name: string, text: string): Draft[] {
  const source = text.replace(/^\ufeff/, "");
  const kind = name.slice(name.lastIndexOf(".") + 1).toLowerCase();
  const readers: Record<string, (source: string) => Draft[]> = {
    md: ofArticle,
    markdown: ofArticle,
    json: ofJson,
    csv: ofTable,
  };
  const read = readers[kind];
  if (!read) throw new FileError("Only .md, .json and .csv files describe contents.");
  const drafts = read(source);
  if (drafts.length === 0) throw new FileError("It describes no content.");
  return drafts;
}

/** Returns the place of a member in its file, else that of the nearest one around it. */
export function placeOf(places: ReadonlyMap<string, string>, pointer: string): string {
  let at = pointer;
  while (at && !places.has(at)) at = at.slice(0, at.lastIndexOf("/"));
  return places.get(at) ?? "";
}
