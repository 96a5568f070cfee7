import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { buildQueue, offersRun, type QueuedSlot, type QueueSettings } from "./queue-rules.ts";

// The server's rules are tested with the same table.
const table = new URL("../../../../tests/support/queue_cases.json", import.meta.url);

interface Case {
  name: string;
  settings: Partial<QueueSettings>;
  slots: (Omit<QueuedSlot, "id"> & { number: number })[];
  wanted: number[] | null;
  force: boolean;
  items: [number, string[]][];
  excluded: [number, string][];
}

const defaults: QueueSettings = {
  max_in_article_images: 2,
  desktop_enabled: true,
  mobile_enabled: true,
  separate_generation: false,
};

const id = (number: number) => `img_00000000000000000000000007_${number}`;
const numberOf = (slot: QueuedSlot) => Number(slot.id.split("_").at(-1));

for (const { name, settings, slots, wanted, force, items, excluded } of JSON.parse(
  readFileSync(table, "utf8"),
) as Case[]) {
  test(name, () => {
    const queue = buildQueue(
      { ...defaults, ...settings },
      slots.map(({ number, ...slot }) => ({ id: id(number), ...slot })),
      { wanted: wanted?.map(id), force },
    );
    assert.deepEqual(
      queue.items.map(({ slot, devices }) => [numberOf(slot), devices]),
      items,
    );
    assert.deepEqual(
      queue.excluded.map(({ slot, reason }) => [numberOf(slot), reason]),
      excluded,
    );
  });
}

test("an image offers the run only if it is pending and has a prompt", () => {
  const slot: QueuedSlot = {
    id: id(1),
    type: "featured",
    position: null,
    device: "all",
    prompt: "a fox",
    status: "pending",
  };
  assert.equal(offersRun(slot), true);
  assert.equal(offersRun({ ...slot, prompt: " " }), false);
  assert.equal(offersRun({ ...slot, status: "generated" }), false);
  assert.equal(offersRun({ ...slot, status: "failed" }), false);
});
