import assert from "node:assert/strict";
import { test } from "node:test";
import { columnsOf, inlineText } from "./table-file.ts";

function bytes(...values: number[]): ArrayBuffer {
  return new Uint8Array(values).buffer;
}

test("UTF-8 goes as text, without its byte order mark", () => {
  assert.equal(inlineText(bytes(0xef, 0xbb, 0xbf, 0x61, 0xc3, 0xa4)), "aä");
});

test("other encodings go as bytes, so that the studio reads them", () => {
  assert.equal(inlineText(bytes(0x61, 0xe4)), null);
  assert.equal(inlineText(bytes(0xff, 0xfe, 0x61, 0x00)), null);
});

test("a long table goes as a file", () => {
  assert.equal(inlineText(new ArrayBuffer(700_001)), null);
  assert.equal(inlineText(new ArrayBuffer(700_000))?.length, 700_000);
});

test("the columns are those of the first line", () => {
  assert.deepEqual(columnsOf("\uFEFFprompt,size\r\nA mug,1024x1024\r\n"), ["prompt", "size"]);
});
