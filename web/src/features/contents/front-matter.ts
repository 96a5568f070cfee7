/**
 * Front matter: YAML between two lines of `---` at the top of an article. This reads the part of YAML
 * that articles use: nested members and lists by indentation, plain and quoted text, block texts
 * (`|`, `>`), `[a, b]` and `{a: b}` on one line, comments. Other YAML is refused with its line.
 */

type Value = string | number | null | Value[] | { [name: string]: Value };

export interface FrontMatter {
  members: Record<string, unknown>;
  /** The line of each member, by its pointer. */
  places: Map<string, string>;
}

export class FrontMatterError extends Error {
  constructor(detail: string, line?: number) {
    super(line === undefined ? detail : `Line ${line}: ${detail}`);
  }
}

interface Line {
  number: number;
  indent: number;
  text: string;
}

const FENCE = "---";
const DEEPEST = 6;
const member =
  /^("(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|[^\s"'#&*!|>%@`[\]{},?:-][^:#]*?|-[^\s:#][^:#]*?)\s*:(?:\s+(.*))?$/;

/** Returns a text without the comment at its end. */
function withoutComment(text: string): string {
  let quote = "";
  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at);
    if (quote) {
      if (character === "\\" && quote === '"') at++;
      else if (character === quote) quote = "";
    } else if (character === "#" && (at === 0 || /\s/.test(text.charAt(at - 1)))) {
      return text.slice(0, at).trimEnd();
    } else if ((character === '"' || character === "'") && /^$|[\s,[{:]$/.test(text.slice(0, at))) {
      quote = character;
    }
  }
  return text.trimEnd();
}

class Reader {
  readonly places = new Map<string, string>();
  private readonly raw: readonly string[];
  private readonly first: number;
  private at = 0;

  /** `first` is the number of the first line in the file. */
  constructor(raw: readonly string[], first: number) {
    this.raw = raw;
    this.first = first;
  }

  document(): Value {
    const line = this.peek();
    if (!line) throw new FrontMatterError("The front matter has no members such as title.");
    const value = this.block(line.indent, "");
    const rest = this.peek();
    if (rest)
      throw new FrontMatterError("this line does not belong to the one above.", rest.number);
    return value;
  }

  /** Returns the next line that is not empty, without its comment. */
  private peek(): Line | null {
    for (; this.at < this.raw.length; this.at++) {
      const raw = this.raw[this.at] ?? "";
      const text = withoutComment(raw.trimStart());
      if (text === "") continue;
      const blank = raw.length - raw.trimStart().length;
      const number = this.first + this.at;
      if (raw.slice(0, blank).includes("\t"))
        throw new FrontMatterError("indent with spaces, not tabs.", number);
      return { number, indent: blank, text };
    }
    return null;
  }

  private block(indent: number, pointer: string): Value {
    const line = this.peek();
    if (line && pointer.split("/").length - 1 > DEEPEST)
      throw new FrontMatterError("it is nested too deeply.", line.number);
    return line && isEntry(line.text) ? this.list(indent, pointer) : this.mapping(indent, pointer);
  }

  private list(indent: number, pointer: string): Value[] {
    const found: Value[] = [];
    for (let line = this.peek(); line && line.indent === indent; line = this.peek()) {
      if (!isEntry(line.text)) break;
      const below = `${pointer}/${found.length}`;
      this.places.set(below, `line ${line.number}`);
      found.push(this.entry(line, below));
    }
    return found;
  }

  private entry(line: Line, pointer: string): Value {
    const rest = line.text.slice(1).trimStart();
    if (rest === "") {
      this.at++;
      return this.below(line.indent, pointer, false);
    }
    const inner = line.indent + line.text.length - rest.length;
    if (!isEntry(rest) && !member.test(rest)) {
      this.at++;
      return this.scalar(rest, line, pointer);
    }
    // What follows the dash is the first line of a block of its own.
    const lines = [...this.raw];
    lines[this.at] = `${" ".repeat(inner)}${rest}`;
    const nested = new Reader(lines, this.first);
    nested.at = this.at;
    const value = nested.block(inner, pointer);
    this.at = nested.at;
    for (const [name, place] of nested.places) this.places.set(name, place);
    return value;
  }

  private mapping(indent: number, pointer: string): Value {
    const found: Record<string, Value> = {};
    for (let line = this.peek(); line && line.indent === indent; line = this.peek()) {
      const [, key, rest = ""] = member.exec(line.text) ?? [];
      if (key === undefined)
        throw new FrontMatterError("a member has the form name: value.", line.number);
      const name = unquoted(key, line.number);
      if (Object.hasOwn(found, name))
        throw new FrontMatterError(`${name} is given twice.`, line.number);
      const below = `${pointer}/${name}`;
      this.places.set(below, `line ${line.number}`);
      this.at++;
      found[name] = rest === "" ? this.below(indent, below, true) : this.scalar(rest, line, below);
    }
    return found;
  }

  /** Returns the value on the lines below a name or a dash. */
  private below(indent: number, pointer: string, inMapping: boolean): Value {
    const line = this.peek();
    if (line && line.indent > indent) return this.block(line.indent, pointer);
    // A list may stand at the indentation of its name.
    if (inMapping && line && line.indent === indent && isEntry(line.text))
      return this.list(indent, pointer);
    return null;
  }

  private scalar(text: string, line: Line, pointer: string): Value {
    const block = /^([|>])([+-]?)$/.exec(text);
    if (block) return this.blockText(line, block[1] === ">", block[2] ?? "");
    if (text.startsWith("[") || text.startsWith("{")) return inline(text, line.number, pointer);
    if (/^["']/.test(text)) return numbered(this.quotedText(text, line.number), pointer);
    if (/^[&*!%@`|>]|^- |: |:$/.test(text))
      throw new FrontMatterError("write the value in quotes.", line.number);
    return plain(this.continued(text, line.indent), pointer);
  }

  /** Joins the further lines of a quoted text. */
  private quotedText(text: string, number: number): string {
    let whole = text;
    while (!isClosed(whole) && this.at < this.raw.length) {
      whole += ` ${(this.raw[this.at] ?? "").trim()}`;
      this.at++;
    }
    return unquoted(whole, number);
  }

  /** Joins the further lines of a plain text. */
  private continued(text: string, indent: number): string {
    let whole = text;
    for (let next = this.peek(); next && next.indent > indent; next = this.peek()) {
      if (member.test(next.text) || isEntry(next.text)) break;
      whole += ` ${next.text}`;
      this.at++;
    }
    return whole;
  }

  private blockText(line: Line, folded: boolean, chomp: string): string {
    const lines: string[] = [];
    let inner = -1;
    for (; this.at < this.raw.length; this.at++) {
      const raw = this.raw[this.at] ?? "";
      const blank = raw.length - raw.trimStart().length;
      if (raw.trim() === "") {
        lines.push("");
        continue;
      }
      if (blank <= line.indent) break;
      if (inner < 0) inner = blank;
      lines.push(raw.slice(Math.min(inner, blank)).trimEnd());
    }
    const open = this.at === this.raw.length && lines.at(-1) !== "";
    const text = lines.join("\n").replace(/\n+$/, "");
    const joined = folded ? fold(text.split("\n")) : text;
    // The last line of the front matter has no line end of its own.
    return chomp === "-" || joined === "" || open ? joined : `${joined}\n`;
  }
}

function isEntry(text: string): boolean {
  return text === "-" || text.startsWith("- ");
}

function unquoted(text: string, line: number): string {
  if (text.startsWith("'")) {
    if (!/^'(?:[^']|'')*'$/.test(text)) throw new FrontMatterError("a quote has no end.", line);
    return text.slice(1, -1).replaceAll("''", "'");
  }
  if (!text.startsWith('"')) return text;
  try {
    return String(JSON.parse(text));
  } catch {
    throw new FrontMatterError("a quoted text is not closed, or has an unknown escape.", line);
  }
}

function isClosed(text: string): boolean {
  return /^'(?:[^']|'')*'$|^"(?:[^"\\]|\\.)*"$/.test(text);
}

/** Joins lines to paragraphs. An empty line ends one, and an indented line stays as it is. */
function fold(lines: readonly string[]): string {
  let text = lines[0] ?? "";
  for (let at = 1; at < lines.length; at++) {
    const before = lines[at - 1] ?? "";
    const line = lines[at] ?? "";
    const literal = before.startsWith(" ") || line.startsWith(" ");
    if (line === "") text += "\n";
    else if (before === "") text += literal ? `\n${line}` : line;
    else text += literal ? `\n${line}` : ` ${line}`;
  }
  return text;
}

function numbered(text: string, pointer: string): string | number {
  return pointer.endsWith("/position") && /^\d+$/.test(text) ? Number(text) : text;
}

/** Every value is text, so that a title such as `No` stays one. Only a position is a number. */
function plain(text: string, pointer: string): string | number | null {
  if (text === "" || text === "~" || text === "null") return null;
  return numbered(text, pointer);
}

/** Returns a list or mapping that stands on one line. */
function inline(text: string, line: number, pointer: string): Value {
  const close = text.startsWith("[") ? "]" : "}";
  if (!text.endsWith(close)) throw new FrontMatterError(`a ${close} is missing.`, line);
  const parts = splitInline(text.slice(1, -1), line);
  if (close === "]") return parts.map((part, at) => inlineValue(part, line, `${pointer}/${at}`));
  const found: Record<string, Value> = {};
  for (const part of parts) {
    const [, key, rest = ""] = member.exec(part) ?? [];
    if (key === undefined) throw new FrontMatterError("a member has the form name: value.", line);
    const name = unquoted(key, line);
    if (Object.hasOwn(found, name)) throw new FrontMatterError(`${name} is given twice.`, line);
    found[name] = inlineValue(rest, line, `${pointer}/${name}`);
  }
  return found;
}

function inlineValue(text: string, line: number, pointer: string): Value {
  if (/^[[{]/.test(text)) return inline(text, line, pointer);
  return /^["']/.test(text) ? numbered(unquoted(text, line), pointer) : plain(text, pointer);
}

function splitInline(text: string, line: number): string[] {
  const parts: string[] = [];
  let depth = 0;
  let quote = "";
  let from = 0;
  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at);
    if (quote) {
      if (character === "\\" && quote === '"') at++;
      else if (character === quote) quote = "";
    } else if (/["']/.test(character) && /^\s*$|[\s,[{:]$/.test(text.slice(from, at))) {
      quote = character;
    } else if (/[[{]/.test(character)) depth++;
    else if (/[\]}]/.test(character)) depth--;
    else if (character === "," && depth === 0) {
      parts.push(text.slice(from, at).trim());
      from = at + 1;
    }
  }
  if (quote || depth !== 0) throw new FrontMatterError("a bracket or a quote has no end.", line);
  const last = text.slice(from).trim();
  return last ? [...parts, last] : parts;
}

/**
 * Returns the members of an article's front matter. What follows it is not read.
 *
 * @throws FrontMatterError there is none, or it is not a mapping; names the line.
 */
export function readFrontMatter(text: string): FrontMatter {
  const lines = text.split(/\r\n|\r|\n/);
  if (lines[0]?.trimEnd() !== FENCE)
    throw new FrontMatterError(
      `It has no front matter. Begin it with a line ${FENCE} and a title.`,
    );
  const end = lines.findIndex((line, at) => at > 0 && line.trimEnd() === FENCE);
  if (end < 0)
    throw new FrontMatterError(`the front matter has no end; close it with ${FENCE}.`, 1);
  const reader = new Reader(lines.slice(1, end), 2);
  const members = reader.document();
  if (members === null || typeof members !== "object" || Array.isArray(members))
    throw new FrontMatterError("the front matter has no members such as title.", 2);
  return { members, places: reader.places };
}
