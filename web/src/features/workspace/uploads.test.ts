import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import {
  mediaTypeOf,
  percentOf,
  sha256,
  skuOf,
  startable,
  type UploadRow,
  type UploadState,
} from "./uploads.ts";

function row(id: number, state: UploadState): UploadRow {
  return { id, sku: "SKU-1", file: new File([], `${id}.jpg`), state, sent: 0, note: null };
}

test("three files are sent at the same time, the oldest first", () => {
  const rows = [1, 2, 3, 4, 5].map((id) => row(id, "waiting"));
  assert.deepEqual(
    startable(rows).map((one) => one.id),
    [1, 2, 3],
  );
});

test("a file that ended makes room, a file that is checked does not", () => {
  const rows = [row(1, "refused"), row(2, "checking"), row(3, "sending"), row(4, "waiting")];
  assert.deepEqual(
    startable([...rows, row(5, "waiting")]).map((one) => one.id),
    [4],
  );
});

test("a bar ends at 100 only when the file has ended", () => {
  assert.equal(percentOf({ state: "waiting", sent: 0 }), 0);
  assert.equal(percentOf({ state: "sending", sent: 1 }), 90);
  assert.equal(percentOf({ state: "checking", sent: 1 }), 95);
  assert.equal(percentOf({ state: "added", sent: 1 }), 100);
  assert.equal(percentOf({ state: "refused", sent: 0 }), 100);
});

test("the name of a photo proposes its SKU", () => {
  assert.equal(skuOf("SKU-1042_front.jpg"), "SKU-1042");
  assert.equal(skuOf("1042 blue.JPG"), "1042");
  assert.equal(skuOf("größe.png"), "gre");
  assert.equal(skuOf("_x.png"), "");
  assert.equal(skuOf(`${"a".repeat(80)}.png`).length, 64);
});

test("a file without a type is announced as bytes", () => {
  assert.equal(mediaTypeOf({ type: "" }), "application/octet-stream");
  assert.equal(mediaTypeOf({ type: "image/jpeg" }), "image/jpeg");
});

test("the digest is that of the bytes", async () => {
  const bytes = Buffer.from("a mug");
  assert.equal(await sha256(new Blob([bytes])), createHash("sha256").update(bytes).digest("hex"));
});
