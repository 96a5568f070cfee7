"""Files that describe contents: each kind gives the same request, and errors name their place."""

import json
from pathlib import Path
from typing import Any

import pytest

from studio_cli.content_files import Draft, located, read_contents
from studio_cli.errors import ApiError, CliError, WrongField

ARTICLE = """---
title: No
external_ref: 2026-12-01
labels: {season: spring}
images:
  - prompt: a fox
    alt_text: "~"
  - position: 2
    device: mobile
    prompt: >-
      a den
      in the wood
  - position: 1
    prompt:
---

# Foxes
---
"""
IMAGES = [
    {"type": "featured", "prompt": "a fox", "alt_text": "~"},
    {"type": "in_article", "position": 2, "device": "mobile", "prompt": "a den in the wood"},
    {"type": "in_article", "position": 1, "prompt": None},
]


def written(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_front_matter_is_text_but_for_positions(tmp_path: Path) -> None:
    (draft,) = read_contents(written(tmp_path, "a.md", ARTICLE))
    assert draft.body == {
        "title": "No", "external_ref": "2026-12-01", "labels": {"season": "spring"},
        "images": IMAGES,
    }  # fmt: skip


def test_a_json_file_has_one_content_or_a_list(tmp_path: Path) -> None:
    body = {"title": "Foxes", "images": [{"position": 1, "prompt": "a fox"}]}
    whole = {**body, "images": [{"type": "in_article", "position": 1, "prompt": "a fox"}]}
    for text in (json.dumps(body), f"[{json.dumps(body)}]"):
        assert read_contents(written(tmp_path, "a.json", text)) == [Draft(whole)]


def test_the_rows_of_a_table_are_gathered_by_content(tmp_path: Path) -> None:
    text = (
        "title;external_ref;type;position;device;prompt;alt_text\n"
        "Foxes;f;featured;;;a fox;A fox\n"
        ';;;1;mobile;"a den; dark";\n'
        ";;;;;;\n"
        "Wolves;;;x;;a wolf;\n"
        "Foxes;f;;2;;a tail;\n"
    )
    first, second = read_contents(written(tmp_path, "a.csv", text))
    assert first.body == {
        "title": "Foxes",
        "external_ref": "f",
        "images": [
            {"type": "featured", "prompt": "a fox", "alt_text": "A fox"},
            {"type": "in_article", "position": 1, "device": "mobile", "prompt": "a den; dark"},
            {"type": "in_article", "position": 2, "prompt": "a tail"},
        ],
    }
    assert second.body["images"] == [{"type": "in_article", "position": "x", "prompt": "a wolf"}]
    assert first.places["/images/2"] == "row 5"


@pytest.mark.parametrize(
    ("pointer", "words"),
    [
        ("/title", "line 2, title"),
        ("/labels/season", "line 4, labels season"),
        ("/images/0/prompt", "line 6, prompt of image 1"),
        ("/images/1/prompt", "line 10, prompt of image 2"),
        ("/images/1/alt_text", "line 8, alt_text of image 2"),
        ("/images/2", "line 13, image 3"),
        ("/meta_title", "line 2, meta_title"),
    ],
)
def test_a_refused_member_is_named_with_its_line(tmp_path: Path, pointer: str, words: str) -> None:
    (draft,) = read_contents(written(tmp_path, "a.md", ARTICLE))
    refusal = ApiError(status=422, title="Wrong", fields=[WrongField(pointer, "it is wrong")])
    assert str(located("a.md", draft, refusal)).splitlines()[1] == f"  {words}: it is wrong"


def test_a_refusal_without_members_is_told_as_it_is() -> None:
    refusal = ApiError(status=409, title="Conflict", detail="a second featured image")
    told = str(located("a.md", Draft({}), refusal))
    assert told == "a.md: Conflict: a second featured image"


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("a.txt", "a", "a.txt is of no known kind"),
        ("a.md", "# Foxes\n", "a.md has no front matter"),
        ("a.md", "---\ntitle: a\n", "line 1: the front matter has no end"),
        ("a.md", "---\n---\n", "line 2: the front matter has no members"),
        ("a.md", "---\n- a\n---\n", "line 2: the front matter has no members"),
        ("a.md", "---\ntitle: a\nimages: [\n---\n", "a.md, line 3: expected"),
        ("a.md", "---\ntitle: a: b\n---\n", "line 2: mapping values are not allowed"),
        ("a.md", "---\na: 1\nb: 2\na: 3\n---\n", "line 4: a is given twice"),
        ("a.md", "---\n[a]: 1\n---\n", "line 2: a name must be text"),
        ("a.md", "---\na:\n  - [[[[[[[b]]]]]]]\n---\n", "line 3: it is nested too deeply"),
        ("a.md", f"---\na: {'[' * 400}\n---\n", "a.md"),
        ("a.json", "{", "a.json is not JSON"),
        ("a.json", "[1]", "not a JSON object or a list of objects"),
        ("a.json", "[]", "a.json has no content"),
        ("a.csv", "title,colour\n", "unknown column 'colour'"),
        ("a.csv", "prompt\na\n", "no column title"),
        ("a.csv", "title\n", "a.csv has no content"),
        ("a.csv", "title,prompt\n,a\n", "row 1: the first row needs a title"),
        ("a.csv", "title,prompt\na,b,c\n", "row 1: it has more cells"),
        ("a.csv", "title,prompt,prompt\na,b,c\n", "a.csv has the column 'prompt' twice"),
        (
            "a.csv",
            "title,external_ref\na,r\n\nb,r\n",
            "row 2: the title of r is 'a' in row 1 and 'b' here",
        ),
        (
            "a.csv",
            f"title,prompt\na,b\na,{'x' * 140_000}\n",
            "row 2: field larger than field limit",
        ),
        ("a.json", "[" * 200_000, "a.json is nested too deeply"),
        ("a.md", "---\ntitle: a\nimages: !list ['b']\n---\n", "line 3: the tag !list is not known"),
        ("a.md", "---\ntitle: !!set {a}\n---\n", "line 2: the tag tag:yaml.org,2002:set is not"),
    ],
)
def test_a_faulty_file_names_what_is_wrong(tmp_path: Path, name: str, text: str, said: str) -> None:
    with pytest.raises(CliError) as caught:
        read_contents(written(tmp_path, name, text))
    assert said in str(caught.value)


def test_a_file_that_is_not_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(CliError, match="not UTF-8"):
        read_contents(path)


def test_aliases_do_not_multiply(tmp_path: Path) -> None:
    text = "---\na: &a [1, 2]\nb: [*a, *a]\n---\n"
    (draft,) = read_contents(written(tmp_path, "a.md", text))
    found: dict[str, Any] = draft.body
    assert found == {"a": ["1", "2"], "b": [["1", "2"]] * 2}
