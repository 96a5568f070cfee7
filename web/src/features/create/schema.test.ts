import assert from "node:assert/strict";
import { test } from "node:test";
import { faultOf, membersOf } from "./schema.ts";

const schema = {
  $defs: {
    Output: {
      properties: {
        format: { anyOf: [{ enum: ["webp", "png"], type: "string" }, { type: "null" }] },
      },
    },
  },
  properties: {
    seed: { anyOf: [{ minimum: 0, maximum: 9, type: "integer" }, { type: "null" }] },
    quality: { enum: ["draft", "standard"], description: "How fine" },
    output: { $ref: "#/$defs/Output" },
  },
};

test("limits are found behind a choice with null", () => {
  assert.deepEqual(membersOf(schema).seed?.minimum, 0);
  assert.deepEqual(membersOf(schema).seed?.maximum, 9);
  assert.deepEqual(membersOf(schema).quality?.options, ["draft", "standard"]);
  assert.equal(membersOf(schema).quality?.description, "How fine");
});

test("members behind a reference are found by their path", () => {
  assert.deepEqual(membersOf(schema, "output").format?.options, ["webp", "png"]);
});

test("what the schema does not have is absent", () => {
  assert.equal(membersOf(schema).steps, undefined);
  assert.deepEqual(membersOf(schema, "input"), {});
  assert.deepEqual(membersOf(null), {});
});

test("texts are held against limits and patterns", () => {
  const seed = { minimum: 0, maximum: 9 };
  assert.equal(faultOf(seed, " 9 "), null);
  assert.deepEqual(faultOf(seed, "-1"), { kind: "low", limit: 0 });
  assert.deepEqual(faultOf(seed, "10"), { kind: "high", limit: 9 });
  assert.deepEqual(faultOf(seed, "many"), { kind: "form", limit: 0 });
  const folder = { pattern: "^[A-Z]+$" };
  assert.equal(faultOf(folder, "SKU"), null);
  assert.deepEqual(faultOf(folder, "a b"), { kind: "form", limit: 0 });
});

test("an empty text and an unknown member are never wrong", () => {
  assert.equal(faultOf({ minimum: 1 }, " "), null);
  assert.equal(faultOf(undefined, "-1"), null);
});
