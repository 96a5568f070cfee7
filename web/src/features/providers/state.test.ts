import assert from "node:assert/strict";
import { test } from "node:test";
import { stateOf } from "./state.ts";

test("the state names what hinders new orders most", () => {
  const of = (enabled: boolean, configured: "own" | "stack" | "none", healthy: boolean) =>
    stateOf({ enabled, configured, healthy });
  assert.equal(of(true, "own", true), "ready");
  assert.equal(of(true, "stack", false), "resting");
  assert.equal(of(true, "none", false), "noKey");
  assert.equal(of(false, "none", false), "off");
});
