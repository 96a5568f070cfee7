import assert from "node:assert/strict";
import { test } from "node:test";
import type { Slot } from "../../api/contents.ts";
import { addressOf, fileOf, freeDevices, freePlaces, jobNamed } from "./slots.ts";

const slot = (changes: Partial<Slot>): Slot => ({
  id: "img_1",
  content_id: "cnt_1",
  type: "featured",
  position: null,
  device: "all",
  label: "Featured Image",
  prompt: "a fox",
  alt_text: null,
  status: "pending",
  version: 1,
  asset_id: null,
  image_url: null,
  desktop_url: null,
  mobile_url: null,
  error: null,
  notice: null,
  created_at: "2026-12-01T00:00:00Z",
  updated_at: "2026-12-01T00:00:00Z",
  ...changes,
});

test("an address names an asset and a rendition", () => {
  assert.deepEqual(fileOf("/v1/assets/ast_1/content"), { assetId: "ast_1", rendition: null });
  assert.deepEqual(fileOf("/v1/assets/ast_1/content?rendition=mobile"), {
    assetId: "ast_1",
    rendition: "mobile",
  });
  assert.equal(fileOf("https://elsewhere/v1/assets/ast_1/content"), null);
  assert.equal(fileOf(null), null);
});

test("a view shows its own picture, else the one for all devices", () => {
  const made = slot({ image_url: "/all", mobile_url: "/mobile" });
  assert.equal(addressOf(made, "mobile"), "/mobile");
  assert.equal(addressOf(made, "desktop"), "/all");
});

test("a place has one image for all devices, or one for each", () => {
  const slots = [
    slot({}),
    slot({ id: "img_2", position: 1 }),
    slot({ id: "img_3", position: 2, device: "desktop" }),
  ];
  assert.deepEqual(freeDevices(slots, null), []);
  assert.deepEqual(freeDevices(slots, 1), []);
  assert.deepEqual(freeDevices(slots, 2), ["mobile"]);
  assert.deepEqual(freeDevices(slots, 3), ["all", "desktop", "mobile"]);
  assert.deepEqual(freeDevices(slots, 1, "img_2"), ["all", "desktop", "mobile"]);
  assert.deepEqual(freePlaces(slots), [2, 3, 4, 5]);
  assert.deepEqual(freePlaces([]), [null, 1, 2, 3, 4, 5]);
});

test("a refusal names its job", () => {
  const id = "job_01M8QJYKR78P6ZDXVQ9PB8P8QK";
  assert.equal(jobNamed(`job ${id} makes images for cnt_1; wait for it`), id);
  assert.equal(jobNamed("the budget is spent"), null);
});
