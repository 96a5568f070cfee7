/** What a user may do: each role may do what the roles before it may do. */
import type { components } from "./schema.d.ts";

export type Role = components["schemas"]["Me"]["role"];

const roles: readonly Role[] = ["viewer", "creator", "reviewer", "manager", "admin"];

/** Tells whether a role includes another one. */
export function includesRole(role: Role, needed: Role): boolean {
  return roles.indexOf(role) >= roles.indexOf(needed);
}
