/** What the JSON Schema of an operation says about a member of its order. */

export interface Member {
  minimum?: number | undefined;
  maximum?: number | undefined;
  maxLength?: number | undefined;
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
    options: Array.isArray(node.enum) ? node.enum.map(String) : undefined,
    description: typeof node.description === "string" ? node.description : undefined,
  };
}
