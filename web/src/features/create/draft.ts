/** The form of the page as data, and the order that it makes. An empty text leaves a member out. */
import type { JobBody, Template } from "../../api/studio.ts";

export interface Draft {
  prompt: string;
  enhance: boolean;
  templateId: string;
  personaId: string;
  /**
   * Empty for the account's choice, `auto` for the studio's, else a provider, or a provider and a model
   * with a space between.
   */
  provider: string;
  quality: string;
  shape: string;
  size: string;
  variations: number;
  format: string;
  formats: readonly string[];
  widths: string;
  sourceId: string;
  strength: string;
  seed: string;
  steps: string;
  guidance: string;
  negative: string;
  folder: string;
  label: string;
  maxCost: string;
  strict: boolean;
  input: Readonly<Record<string, string>>;
}

export const SHAPES = ["1:1", "3:2", "2:3", "16:9", "9:16"] as const;

export const AUTO = "auto";

const EMPTY: Draft = {
  prompt: "",
  enhance: false,
  templateId: "",
  personaId: "",
  provider: "",
  quality: "",
  shape: "",
  size: "",
  variations: 1,
  format: "",
  formats: [],
  widths: "",
  sourceId: "",
  strength: "",
  seed: "",
  steps: "",
  guidance: "",
  negative: "",
  folder: "",
  label: "",
  maxCost: "",
  strict: false,
  input: {},
};

/** Returns the form that an address asks for, such as `?template=...&prompt=...`. */
export function draftOf(search: URLSearchParams): Draft {
  return {
    ...EMPTY,
    prompt: search.get("prompt") ?? "",
    templateId: search.get("template") ?? "",
    personaId: search.get("persona") ?? "",
    folder: search.get("folder") ?? "",
    sourceId: search.get("source") ?? "",
  };
}

function present<Value>(name: string, value: Value | undefined): Record<string, Value> {
  return value === undefined || value === "" ? {} : { [name]: value };
}

function number(text: string): number | undefined {
  const value = Number(text);
  return text.trim() === "" || Number.isNaN(value) ? undefined : value;
}

/** Returns the widths of further files, in pixels: `320, 640` and the like. */
export function widthsOf(text: string): number[] {
  return [...new Set((text.match(/\d+/g) ?? []).map(Number))].filter((width) => width > 0);
}

function outputOf(draft: Draft) {
  const renditions = widthsOf(draft.widths).map((width) => ({ name: `w${width}`, width }));
  const output = {
    ...present("format", draft.format),
    ...(draft.formats.length > 0 ? { formats: [...draft.formats] } : {}),
    ...(renditions.length > 0 ? { renditions } : {}),
  };
  return Object.keys(output).length > 0 ? { output } : {};
}

function providerOf(choice: string) {
  if (!choice) return {};
  if (choice === AUTO) return { provider: { mode: "auto" as const } };
  const [id, model] = choice.split(" ");
  return { provider: { ...present("id", id), ...present("model", model) } };
}

/** Returns the order of a form. What a template gives is left to it, unless the form says otherwise. */
export function orderOf(draft: Draft): JobBody {
  const shape = draft.size
    ? { size: draft.size.replace(/\s*[×x]\s*/i, "x") }
    : present("aspect_ratio", draft.shape);
  const input = Object.entries(draft.input).filter(([, value]) => value !== "");
  return {
    operation: "generate",
    prompt: draft.prompt.trim(),
    variations: draft.variations,
    ...(draft.enhance ? { enhance_prompt: true } : {}),
    ...present("template_id", draft.templateId),
    ...present("persona_id", draft.personaId),
    ...providerOf(draft.provider),
    ...present("quality", draft.quality),
    ...shape,
    ...outputOf(draft),
    ...(draft.sourceId ? { sources: [{ asset_id: draft.sourceId }] } : {}),
    ...(draft.sourceId ? present("strength", number(draft.strength)) : {}),
    ...present("seed", number(draft.seed)),
    ...present("steps", number(draft.steps)),
    ...present("guidance", number(draft.guidance)),
    ...present("negative_prompt", draft.negative.trim()),
    ...present("folder", draft.folder.trim()),
    ...present("label", draft.label.trim()),
    ...present("max_cost", draft.maxCost.trim()),
    ...(draft.strict ? { strict: true } : {}),
    ...(input.length > 0 ? { input: Object.fromEntries(input) } : {}),
  };
}

/** Returns the texts of a form that the operation's schema limits, by their names in the order. */
export function limitedTexts(draft: Draft): Record<string, string> {
  const { seed, steps, guidance, folder } = draft;
  const size = orderOf(draft).size ?? "";
  const strength = draft.sourceId ? draft.strength : "";
  return { seed, steps, guidance, folder, size, strength, max_cost: draft.maxCost };
}

/** Returns the shapes to choose from: the usual ones, and the template's. */
export function shapesFor(template: Pick<Template, "aspect_ratio"> | undefined): string[] {
  const own = template?.aspect_ratio;
  const usual: string[] = [...SHAPES];
  return own && !usual.includes(own) ? [...usual, own] : usual;
}

/** Returns width divided by height of a shape such as `16:9`. */
export function ratioOf(shape: string): number {
  const [width = 1, height = 1] = shape.split(":").map(Number);
  return width > 0 && height > 0 ? width / height : 1;
}
