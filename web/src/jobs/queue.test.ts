import assert from "node:assert/strict";
import { test } from "node:test";
import words from "../i18n/en/queue.ts";
import {
  curve,
  elapsed,
  orderedRows,
  type Progress,
  percentOf,
  pollDelay,
  type Result,
  redrivable,
  rowsOf,
  secondsUntil,
  signature,
  stepShares,
} from "./queue.ts";

const start = Date.parse("2026-05-04T10:00:00Z");
const after = (seconds: number) => start + seconds * 1000;
const at = (seconds: number) => new Date(after(seconds)).toISOString();

function result(changes: Partial<Result> = {}): Result {
  return {
    content_image_id: null,
    content_title: "A weekend in Porto",
    cost: null,
    error: null,
    error_code: null,
    finished_at: null,
    image_id: null,
    image_url: null,
    index: 1,
    label: "Featured Image",
    model: "m",
    position: null,
    progress: 25,
    provider: "openai",
    stage: "AI_CALL",
    stage_label: "Generating images with AI...",
    started_at: at(0),
    status: "running",
    thumbnail_url: null,
    type: "featured",
    waiting: null,
    ...changes,
  };
}

function progress(changes: Partial<Progress> = {}): Progress {
  return {
    cancelled: 0,
    completed: 0,
    cost: { amount: "0.000000", currency: "USD" },
    current_image: 1,
    failed: 0,
    images_percent: 0,
    job_id: "job_1",
    legacy: { task_id: "job_1", task_state: "PROGRESS" },
    message: "Generating image 1 of 1 with AI",
    percent: 25,
    phase: "AI_CALL",
    phase_label: "Generating images with AI...",
    results: [result()],
    skipped: 0,
    state: "running",
    total_images: 1,
    unknown: 0,
    waiting: null,
    ...changes,
  };
}

test("the curve reaches 50 % after 7 s, 75 % after 12 s, and stops at 95 % after 22 s", () => {
  const points = [-1, 0, 3.5, 7, 7.5, 12, 13, 22, 600].map(curve);
  assert.deepEqual(points, [0, 0, 25, 50, 52.5, 75, 77, 95, 95]);
});

test("a bar shows the curve or the stage, whichever is further", () => {
  assert.equal(percentOf(result(), after(2)), 25);
  assert.equal(percentOf(result(), after(7)), 50);
  assert.equal(percentOf(result({ stage: "SAVE" }), after(7)), 85);
  assert.equal(percentOf(result({ stage: "SAVE" }), after(30)), 95);
});

test("an image that has not started stands at 0 %, a finished one at 100 %", () => {
  assert.equal(percentOf(result({ status: "queued", started_at: null }), after(90)), 0);
  assert.equal(percentOf(result({ status: "succeeded" }), after(1)), 100);
});

test("the bar of a failed image stays where its work stopped", () => {
  const failed = result({ status: "failed", stage: "DONE", finished_at: at(7) });
  assert.equal(percentOf(failed, after(20)), 50);
  assert.equal(percentOf(failed, after(600)), 50);
});

test("rows begin pending at 0 %, and show why an order was refused", () => {
  const image = { number: 1, label: "Featured Image", contentTitle: "Porto", imageUrl: null };
  const [pending] = orderedRows([image]);
  assert.deepEqual([pending?.status, pending?.percent, pending?.error], ["queued", 0, null]);
  const [refused] = orderedRows([image], "The budget is used up.");
  assert.deepEqual([refused?.status, refused?.error], ["failed", "The budget is used up."]);
});

test("a row takes status, picture and error from the progress", () => {
  const ordered = orderedRows([
    { number: 1, label: "Featured Image", contentTitle: "Porto", imageUrl: null },
  ]);
  const [done] = rowsOf(
    ordered,
    [result({ status: "succeeded", thumbnail_url: "/t.webp" })],
    after(9),
  );
  assert.deepEqual([done?.status, done?.percent, done?.imageUrl], ["succeeded", 100, "/t.webp"]);
  const [failed] = rowsOf(ordered, [result({ status: "failed", error: "Refused" })], after(9));
  assert.deepEqual([failed?.status, failed?.error], ["failed", "Refused"]);
});

test("the title of the page stands until the progress names one", () => {
  const ordered = orderedRows([
    { number: 1, label: "Image 1", contentTitle: "Porto", imageUrl: null },
  ]);
  assert.equal(
    rowsOf(ordered, [result({ content_title: null })], after(1))[0]?.contentTitle,
    "Porto",
  );
  assert.equal(rowsOf([], [result()], after(1))[0]?.contentTitle, "A weekend in Porto");
});

test("a bar never goes back, although the clock may", () => {
  const rows = rowsOf([], [result()], after(12));
  assert.equal(rowsOf(rows, [result()], after(5))[0]?.percent, 75);
});

test("a bar begins again when its image is made again", () => {
  const failed = rowsOf([], [result({ status: "failed", finished_at: at(7) })], after(9));
  const queued = [result({ status: "queued", started_at: null })];
  assert.equal(rowsOf(failed, queued, after(10))[0]?.percent, 0);
});

test("an image that waits for its provider says so until it ends", () => {
  const waiting = { reason: "rate_limit", until: at(20), provider: "openai" } as const;
  assert.equal(rowsOf([], [result({ waiting })], after(1))[0]?.status, "waiting");
  const [ended] = rowsOf([], [result({ waiting, status: "cancelled" })], after(1));
  assert.deepEqual([ended?.status, ended?.waiting], ["cancelled", null]);
});

test("steps before the phase are done, and the phase is done in part", () => {
  const shares = { INIT: 1, PREP: 1, AI_CALL: 1 / 3, PARSE: 0, SAVE: 0 };
  assert.deepEqual(stepShares("AI_CALL", 40), shares);
  assert.equal(stepShares("AI_CALL", 90).AI_CALL, 1);
  assert.equal(stepShares("DONE", 100).SAVE, 1);
});

test("a countdown counts whole seconds and ends at 0", () => {
  assert.equal(secondsUntil(at(12), after(0.5)), 12);
  assert.equal(secondsUntil(at(12), after(13)), 0);
});

test("a failed poll waits 2, 4, 8, 8 s, or as long as the server asks", () => {
  assert.deepEqual(
    [1, 2, 3, 4].map((failures) => pollDelay(failures, null)),
    [2, 4, 8, 8],
  );
  assert.equal(pollDelay(1, 30), 30);
});

test("nothing is ordered again while the job runs", () => {
  assert.deepEqual(redrivable(progress({ failed: 2 })), { failed: 0, unknown: 0 });
  const ended = progress({ state: "partially_succeeded", failed: 2, unknown: 1 });
  assert.deepEqual(redrivable(ended), { failed: 2, unknown: 1 });
});

test("the signature changes with an image, not with the percentage", () => {
  assert.equal(signature(progress()), signature(progress({ percent: 60 })));
  const saved = progress({ results: [result({ stage: "SAVE" })] });
  assert.notEqual(signature(progress()), signature(saved));
});

test("the time runs from the first start, and stands still at the last end", () => {
  const results = [
    result({ status: "succeeded", finished_at: at(9) }),
    result({ index: 2, started_at: at(9), finished_at: at(38), status: "succeeded" }),
  ];
  assert.equal(elapsed(progress({ results }), after(50)), 50);
  assert.equal(elapsed(progress({ results, state: "succeeded" }), after(50)), 38);
  assert.equal(elapsed(progress({ results: [result({ started_at: null })] }), after(5)), null);
});

test("the message at the end counts the images", () => {
  assert.equal(words.success(1), "1 image generated successfully");
  assert.equal(words.success(4), "4 images generated successfully");
  assert.equal(words.success(null), "Images generated successfully");
  assert.equal(words.summary(3, 1, 4), "3 completed, 1 failed of 4");
});
