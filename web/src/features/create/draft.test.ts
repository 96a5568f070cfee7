import assert from "node:assert/strict";
import { test } from "node:test";
import { AUTO, draftOf, limitedTexts, orderOf, ratioOf, shapesFor, widthsOf } from "./draft.ts";

const empty = draftOf(new URLSearchParams());

test("an address fills the form", () => {
  const draft = draftOf(new URLSearchParams("template=instagram.product&prompt=a%20cup"));
  assert.equal(draft.templateId, "instagram.product");
  assert.equal(draft.prompt, "a cup");
});

test("an empty form orders one image and leaves the rest to the studio", () => {
  assert.deepEqual(orderOf({ ...empty, prompt: " a fox " }), {
    operation: "generate",
    prompt: "a fox",
    variations: 1,
  });
});

test("what the form says is part of the order", () => {
  const body = orderOf({
    ...empty,
    prompt: "a fox",
    provider: "openai gpt-image-2",
    shape: "3:2",
    seed: "0",
    guidance: "7.5",
    maxCost: "0.50",
    strict: true,
    formats: ["essentials"],
    widths: "320, 640",
    input: { style_preset: "anime", other: "" },
  });
  assert.deepEqual(body.provider, { id: "openai", model: "gpt-image-2" });
  assert.equal(body.aspect_ratio, "3:2");
  assert.equal(body.seed, 0);
  assert.equal(body.guidance, 7.5);
  assert.equal(body.max_cost, "0.50");
  assert.deepEqual(body.output, {
    formats: ["essentials"],
    renditions: [
      { name: "w320", width: 320 },
      { name: "w640", width: 640 },
    ],
  });
  assert.deepEqual(body.input, { style_preset: "anime" });
});

test("a size replaces the shape", () => {
  const body = orderOf({ ...empty, shape: "3:2", size: "1536 × 1024" });
  assert.equal(body.size, "1536x1024");
  assert.equal(body.aspect_ratio, undefined);
});

test("the strength needs a source image", () => {
  assert.equal(orderOf({ ...empty, strength: "0.4" }).strength, undefined);
  assert.equal(orderOf({ ...empty, strength: "0.4", sourceId: "ast_1" }).strength, 0.4);
});

test("a template adds its shape to the choice", () => {
  assert.equal(shapesFor(undefined).length, 5);
  assert.equal(shapesFor({ aspect_ratio: "16:9" }).length, 5);
  assert.equal(shapesFor({ aspect_ratio: "4:5" }).at(-1), "4:5");
});

test("shapes and widths are read leniently", () => {
  assert.equal(ratioOf("3:2"), 1.5);
  assert.equal(ratioOf("odd"), 1);
  assert.deepEqual(widthsOf("320px; 640 and 320"), [320, 640]);
});

test("a strength without a source image is not checked", () => {
  assert.equal(limitedTexts({ ...empty, strength: "7" }).strength, "");
  assert.equal(limitedTexts({ ...empty, strength: "7", sourceId: "ast_1" }).strength, "7");
  assert.equal(limitedTexts({ ...empty, size: "64 X 64" }).size, "64x64");
});

test("the studio's choice is ordered in so many words", () => {
  assert.deepEqual(orderOf({ ...empty, provider: AUTO }).provider, { mode: "auto" });
  assert.equal(orderOf(empty).provider, undefined);
});
