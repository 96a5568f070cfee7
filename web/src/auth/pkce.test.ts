import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { challengeOf } from "./pkce.ts";

test("the challenge is the hash of the verifier in base64url without padding", async () => {
  const verifier = "an example of a verifier that is long enough to be one";
  assert.equal(
    await challengeOf(verifier),
    createHash("sha256").update(verifier).digest("base64url"),
  );
});
