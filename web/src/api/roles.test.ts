import assert from "node:assert/strict";
import { test } from "node:test";
import { includesRole } from "./roles.ts";

test("a role includes itself and the roles below it", () => {
  assert.equal(includesRole("admin", "admin"), true);
  assert.equal(includesRole("manager", "creator"), true);
  assert.equal(includesRole("manager", "admin"), false);
  assert.equal(includesRole("viewer", "creator"), false);
});
