/** What the JSON Schema of an operation says about a member of its order. */

export interface Member {
  minimum?: number | undefined;
  maximum?: number | undefined;
  maxLength?: number | undefined;
  pattern?: string | undefined;
  options?: string[] | undefined;
  description?: string | undefined;
}

type Json = Record<string, unknown>;

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function resolved(root: Json, node: unknown): Json {
  if (!isObject(node)) return {};
  if (typeof node.$ref === "string") {
    const target = node.$ref
      .replace(/^#\//, "")
      .split("/")
      .reduce<unknown>((at, key) => (isObject(at) ? at[key] : undefined), root);
    return resolved(root, target);
  }
  if (!Array.isArray(node.anyOf)) return node;
  const first = node.anyOf.find((choice) => isObject(choice) && choice.type !== "null");
  return { ...node, ...resolved(root, first) };
}

/** Returns the members of the object at a path such as `output`, by name. */
export function membersOf(schema: unknown, ...path: string[]): Record<string, Member> {
  if (!isObject(schema)) return {};
  let at = resolved(schema, schema);
  for (const name of path) {
    at = resolved(schema, isObject(at.properties) ? at.properties[name] : undefined);
  }
  if (!isObject(at.properties)) return {};
  return Object.fromEntries(
    Object.entries(at.properties).map(([name, node]) => [name, memberOf(resolved(schema, node))]),
  );
}

function memberOf(node: Json): Member {
  const number = (value: unknown) => (typeof value === "number" ? value : undefined);
  return {
    minimum: number(node.minimum),
    maximum: number(node.maximum),
    maxLength: number(node.maxLength),
    pattern: typeof node.pattern === "string" ? node.pattern : undefined,
    options: Array.isArray(node.enum) ? node.enum.map(String) : undefined,
    description: typeof node.description === "string" ? node.description : undefined,
  };
}

export interface Fault {
  kind: "low" | "high" | "form";
  /** The limit that is passed, 0 for `form`. */
  limit: number;
}

/** Returns what is wrong with the text of a member, or null. An empty text is never wrong. */
export function faultOf(member: Member | undefined, text: string): Fault | null {
  const { minimum, maximum, pattern } = member ?? {};
  const plain = text.trim();
  if (plain === "") return null;
  if (minimum === undefined && maximum === undefined)
    return pattern === undefined || new RegExp(pattern).test(plain)
      ? null
      : { kind: "form", limit: 0 };
  const value = Number(plain);
  if (Number.isNaN(value)) return { kind: "form", limit: 0 };
  if (minimum !== undefined && value < minimum) return { kind: "low", limit: minimum };
  if (maximum !== undefined && value > maximum) return { kind: "high", limit: maximum };
  return null;
}
