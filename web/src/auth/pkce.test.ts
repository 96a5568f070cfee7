import assert from "node:assert/strict";
import { test } from "node:test";
import { challengeOf } from "./pkce.ts";

test("the challenge is the hash of the verifier in base64url without padding", async () => {
  const verifier = "an example of a verifier that is long enough to be one";
  // The hash was computed with hashlib of Python.
  const hash = Buffer.from(
    "76448cd8fff5a0c9b96f4485e87c7abb6a70b3d7f8b399cb6b8d2667084f29cc",
    "hex",
  );
  assert.equal(await challengeOf(verifier), hash.toString("base64url"));
});
