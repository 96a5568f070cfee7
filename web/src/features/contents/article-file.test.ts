import assert from "node:assert/strict";
import { test } from "node:test";
import { FileError, placeOf, readContents } from "./article-file.ts";

const article = `---
title: "Foxes: a field guide"  # a comment
meta_title: No
external_ref: 2026-12-01
labels: {team: nature, "desk": 'north'}
images:
  - prompt: A red fox in snow,
      seen from above
    alt_text: 'It''s a fox'
  - position: 1
    device: mobile
    prompt: |
      First line
      second # no comment
  - {position: 2, prompt: "a, b"}
  -
    position: 3
    prompt: >-
      folded
      text
---
# Text with images: none
`;

test("front matter becomes a content, and values stay text", () => {
  const [draft] = readContents("fox.md", article);
  assert.deepEqual(draft?.body, {
    title: "Foxes: a field guide",
    meta_title: "No",
    external_ref: "2026-12-01",
    labels: { team: "nature", desk: "north" },
    images: [
      {
        prompt: "A red fox in snow, seen from above",
        alt_text: "It's a fox",
        type: "featured",
      },
      {
        position: 1,
        device: "mobile",
        prompt: "First line\nsecond # no comment\n",
        type: "in_article",
      },
      { position: 2, prompt: "a, b", type: "in_article" },
      { position: 3, prompt: "folded text", type: "in_article" },
    ],
  });
});

test("members know their lines", () => {
  const [draft] = readContents("fox.md", article);
  const places = draft?.places ?? new Map();
  assert.equal(placeOf(places, "/title"), "line 2");
  assert.equal(placeOf(places, "/images/1/position"), "line 10");
  assert.equal(placeOf(places, "/images/1/type"), "line 10");
  assert.equal(placeOf(places, "/images/3/prompt"), "line 18");
  assert.equal(placeOf(places, "/nothing"), "");
});

test("texts go over lines", () => {
  const [draft] = readContents(
    "a.md",
    `---
title: "two
  lines"
images:
  - position: "1"
    prompt: >
      one
      two

      three
        four
      five
    alt_text: x
---`,
  );
  assert.equal(draft?.body.title, "two lines");
  assert.deepEqual(draft?.body.images, [
    {
      position: 1,
      prompt: "one two\nthree\n  four\nfive\n",
      alt_text: "x",
      type: "in_article",
    },
  ]);
});

test("a list may stand at the indentation of its name", () => {
  const [draft] = readContents("a.md", "---\ntitle: A\nimages:\n- prompt: one\n- prompt: two\n---");
  assert.equal(draft?.body.images?.length, 2);
});

for (const [name, text, message] of [
  ["a.md", "# No front matter", /no front matter/],
  ["a.md", "---\ntitle: A\n", /Line 1: the front matter has no end/],
  ["a.md", "---\ntitle: A\ntitle: B\n---", /Line 3: title is given twice/],
  ["a.md", "---\ntitle: A\njust text\n---", /Line 3: a member has the form/],
  ["a.md", "---\ntitle: A\n    more: B\n---", /Line 3/],
  ["a.md", '---\ntitle: "A\n---', /Line 2: a quoted text is not closed/],
  ["a.md", "---\ntitle: A\n\timages: B\n---", /Line 3: indent with spaces/],
  ["a.md", "---\ntitle: *other\n---", /Line 2: write the value in quotes/],
  ["a.md", "---\ntitle: A: b\n---", /Line 2: write the value in quotes/],
  ["a.md", "---\ntitle: - a\n---", /Line 2: write the value in quotes/],
  ["a.md", "---\ntitle: |2\n  a\n---", /Line 2: write the value in quotes/],
  ["a.md", "---\ntags: [a, b\n---", /Line 2: a \] is missing/],
  ["a.md", "---\n---", /no members/],
  ["a.json", "{", /not JSON/],
  ["a.json", "[1]", /not a JSON object/],
  ["a.json", "[]", /describes no content/],
  ["a.csv", "name\nA", /column "name" is unknown/],
  ["a.csv", "prompt\nA", /no column title/],
  ["a.csv", "title,prompt\n,a fox", /row 1 the title is missing/],
  ["a.csv", "title,prompt\nA,b,c", /row 1 there are more cells/],
  ["a.pdf", "", /Only .md, .json and .csv/],
] as const) {
  test(`${name} with ${JSON.stringify(text)} is refused`, () => {
    assert.throws(
      () => readContents(name, text),
      (error) => error instanceof FileError && message.test(error.message),
    );
  });
}

test("JSON holds one content or a list", () => {
  assert.equal(readContents("a.json", '{"title": "A"}').length, 1);
  assert.equal(readContents("a.JSON", '\ufeff[{"title": "A"}, {"title": "B"}]').length, 2);
});

test("a table has a row for each image", () => {
  const drafts = readContents(
    "a.csv",
    'title;external_ref;position;prompt\r\nFoxes;f-1;;"red; ""wild"""\r\n;;1;"two\nlines"\r\n\r\nOwls;;x;an owl',
  );
  assert.deepEqual(drafts[0]?.body, {
    title: "Foxes",
    external_ref: "f-1",
    images: [
      { type: "featured", prompt: 'red; "wild"' },
      { type: "in_article", position: 1, prompt: "two\nlines" },
    ],
  });
  // The server says what is wrong with a position that is no number.
  assert.deepEqual(drafts[1]?.body.images, [
    { type: "in_article", position: "x", prompt: "an owl" },
  ]);
  assert.equal(placeOf(drafts[1]?.places ?? new Map(), "/images/0/position"), "row 4");
});
