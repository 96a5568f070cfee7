/** Events of webhooks: `job.*` in the API, one box for each event in the form. */

const endings = ["succeeded", "partially_succeeded", "failed", "cancelled"] as const;

export const kinds = [
  { kind: "job", names: endings },
  { kind: "batch", names: endings },
  { kind: "upload", names: ["quarantined"] },
] as const;

/** Returns every single event that a list with wildcards stands for. */
export function expandEvents(events: readonly string[]): Set<string> {
  const found = new Set<string>();
  for (const { kind, names } of kinds) {
    for (const name of names) {
      const event = `${kind}.${name}`;
      if (events.includes(event) || events.includes(`${kind}.*`)) found.add(event);
    }
  }
  return found;
}

/** Returns the shortest list for single events: all of a kind are its wildcard. */
export function collapseEvents(chosen: ReadonlySet<string>): string[] {
  return kinds.flatMap(({ kind, names }) => {
    const events = names.map((name) => `${kind}.${name}`);
    const picked = events.filter((event) => chosen.has(event));
    return picked.length === events.length ? [`${kind}.*`] : picked;
  });
}
