import assert from "node:assert/strict";
import { test } from "node:test";
import { DelayedActions, UNDO_MS } from "./delayed.ts";

function started() {
  const done: string[] = [];
  const actions = new DelayedActions();
  const add = (key: string) =>
    actions.add(key, async () => {
      done.push(key);
    });
  return { done, actions, add };
}

test("an action runs once, when its undo has ended", (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const { done, actions, add } = started();
  add("a");
  t.mock.timers.tick(UNDO_MS - 1);
  assert.deepEqual(done, []);
  t.mock.timers.tick(1);
  assert.deepEqual(done, ["a"]);
  assert.equal(actions.takeBack("a"), false);
});

test("an action that is taken back does not run", (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const { done, actions, add } = started();
  add("a");
  assert.equal(actions.takeBack("a"), true);
  t.mock.timers.tick(UNDO_MS);
  assert.deepEqual(done, []);
});

test("a flush runs what waits, and nothing runs twice", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const { done, actions, add } = started();
  add("a");
  add("b");
  actions.takeBack("a");
  await actions.flush();
  t.mock.timers.tick(UNDO_MS);
  assert.deepEqual(done, ["b"]);
});
