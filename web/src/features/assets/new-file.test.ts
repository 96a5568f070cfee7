import assert from "node:assert/strict";
import { test } from "node:test";
import { bodyOfForm } from "./new-file.ts";

function filled(members: Record<string, string>): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(members)) form.set(name, value);
  return form;
}

test("a platform's format is the whole order", () => {
  const form = filled({ export: "ig_story", name: "web", width: "10" });
  assert.deepEqual(bodyOfForm(form, "platform"), { export: "ig_story" });
});

test("empty fields of a size are left to the studio", () => {
  const form = filled({ name: "web", width: "800", height: "", quality: "", limit: "" });
  assert.deepEqual(bodyOfForm(form, "size"), {
    name: "web",
    width: 800,
    height: null,
    fit: "cover",
    format: "webp",
    quality: null,
    max_bytes: null,
  });
});

test("a limit is typed in kB and sent in bytes", () => {
  const form = filled({ name: "web", limit: "60.5", quality: "70", format: "jpg", fit: "pad" });
  const body = bodyOfForm(form, "size");
  assert.equal(body.max_bytes, 60_500);
  assert.equal(body.quality, 70);
  assert.equal(body.format, "jpg");
  assert.equal(body.fit, "pad");
});
