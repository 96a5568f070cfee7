/**
 * Texts of the console. A language is a folder with the same files as `en`; the compiler finds a
 * missing text. The shell's texts come with the first load, a page's texts come with the page.
 */
import enShell from "./en/shell.ts";
import type { PageTexts } from "./pages.ts";

export type ShellTexts = typeof enShell;

const pageFiles = import.meta.glob<{ default: unknown }>(["./*/*.ts", "!./en/shell.ts"]);
const loaded = new Map<string, unknown>();

export const locales = ["en"] as const;
export type Locale = (typeof locales)[number];

/** Returns the locale that the first path segment names, or null. */
export function localeOf(path: string): Locale | null {
  const segment = path.split("/")[1] ?? "";
  return locales.find((locale) => locale === segment) ?? null;
}

export const locale: Locale = localeOf(location.pathname) ?? "en";

export const shell: ShellTexts = enShell;

/** Loads the texts of a page; its component may then call `texts`. */
export async function loadTexts(page: keyof PageTexts): Promise<void> {
  const file = pageFiles[`./${locale}/${page}.ts`];
  if (!file) throw new Error(`no texts for ${page}`);
  loaded.set(page, (await file()).default);
}

/** Returns the loaded texts of a page. */
export function texts<Name extends keyof PageTexts>(page: Name): PageTexts[Name] {
  const found = loaded.get(page);
  if (!found) throw new Error(`the texts of ${page} are not loaded`);
  return found as PageTexts[Name];
}
