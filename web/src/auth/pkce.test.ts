import assert from "node:assert/strict";
import { test } from "node:test";
import { challengeOf } from "./pkce.ts";

test("the challenge is the hash of the verifier in base64url without padding", async () => {
  // The expected value was computed with hashlib and base64 of Python.
  assert.equal(
    await challengeOf("dBjftJeZ4CVP-mB92K27uhbUJU1r1p_wW1gFWFOEjXk"),
    "l3CV-awEesn3McD2JTC9Gq0yvZxCH_Zf-bZPXVV32nM",
  );
});
