"""Columns as members of a job body, and wrong fields as columns."""

import pytest

from studio.domain.batches.columns import Columns
from studio.domain.batches.members import MAX_CELL, MEMBERS
from studio.domain.batches.table import TableRow
from studio.domain.batches.table_error import TableError
from studio.errors import FieldError


def columns(*header: str, **mapping: str) -> Columns:
    return Columns.of(header, mapping)


def test_names_match_in_any_case_and_a_mapping_goes_first() -> None:
    found = columns("PROMPT", "Seed", "Anbieter", "x", Anbieter="provider", seed="steps")

    assert found.members == {0: "prompt", 1: "steps", 2: "provider"}
    assert found.ignored == ("x",)


def test_a_row_says_what_its_cells_say() -> None:
    header = tuple(MEMBERS)
    cells = {"width": "64", "seed": "7", "model": "m", "provider": "p", "format": "png"}
    cells |= {"output_quality": "90", "guidance": "7.5"}
    row = TableRow(2, tuple(cells.get(name, " ") for name in header))

    assert Columns.of(header, {}).body(row) == {
        "width": 64,
        "seed": 7,
        "provider": {"id": "p", "model": "m"},
        "output": {"format": "png", "quality": 90},
        "guidance": "7.5",
    }


@pytest.mark.parametrize(
    ("cell", "source"),
    [
        ("ast_01", {"asset_id": "ast_01"}),
        ("https://example.com/a.png", {"url": "https://example.com/a.png"}),
    ],
)
def test_a_source_is_an_asset_or_an_address(cell: str, source: dict[str, str]) -> None:
    assert columns("source").body(TableRow(2, (cell,))) == {"sources": [source]}


@pytest.mark.parametrize(
    ("cell", "value"),
    [("TRUE", True), ("yes", True), ("1", True), ("False", False), ("no", False), ("0", False)],
)
def test_a_flag_is_written_as_spreadsheets_and_people_do(cell: str, value: bool) -> None:
    body = columns("enhance_prompt").body(TableRow(2, (cell,)))
    assert body["enhance_prompt"] is value


def test_what_is_no_flag_is_left_to_be_refused() -> None:
    assert columns("enhance_prompt").body(TableRow(2, ("maybe",))) == {"enhance_prompt": "maybe"}


def test_what_is_no_number_is_left_to_be_refused() -> None:
    assert columns("seed").body(TableRow(2, ("seven",))) == {"seed": "seven"}


@pytest.mark.parametrize("cell", ["'=1+1", "x;'=1, '+2", "'tis", "''", "it's"])
def test_apostrophes_stay_where_the_writer_put_them(cell: str) -> None:
    assert columns("prompt").body(TableRow(2, (cell,))) == {"prompt": cell}


@pytest.mark.parametrize(
    ("pointer", "column"),
    [
        ("/prompt", "Text"),
        ("/provider/id", "provider"),
        ("/output/quality", "output_quality"),
        ("/sources/0/url", "source"),
        ("/height", "height"),
        ("/items/0/title", "items"),
        ("", None),
    ],
)
def test_an_error_names_the_column(pointer: str, column: str | None) -> None:
    found = columns("Text", "provider", Text="prompt")

    assert found.error(TableRow(5, ("a",)), FieldError(pointer, "bad", "x" * 999)).column == column


def test_a_cell_of_a_megabyte_is_named_and_not_shown() -> None:
    row = TableRow(9, ("a" * 1_000_000, "y" * (MAX_CELL + 1)))

    first, second = columns("prompt", "name").faults(row)

    assert (first.row, first.column, first.code) == (9, "prompt", "too-long")
    assert (second.column, second.code) == ("name", "too-long")
    assert "aaaa" not in first.detail
    assert len(first.detail) < 200


def test_cells_beyond_the_header_are_a_fault_unless_they_are_blank() -> None:
    found = columns("prompt")

    assert [fault.code for fault in found.faults(TableRow(2, ("a", "", "b")))] == ["too-many-cells"]
    assert list(found.faults(TableRow(2, ("a", "", " ")))) == []


@pytest.mark.parametrize(
    ("header", "mapping", "code"),
    [
        (("text",), {}, "no-known-column"),
        (("prompt",), {"Text": "prompt"}, "mapping-unknown-column"),
        (("prompt", "text"), {"text": "prompt"}, "duplicate-column"),
        (("Prompt", "prompt"), {}, "duplicate-column"),
        (("Max cost", "max_cost", "prompt"), {}, "duplicate-column"),
        (("a", "b"), {"a": "prompt", "b": "prompt"}, "duplicate-column"),
        (("text", "Text", "size"), {"TEXT": "prompt"}, "duplicate-column"),
        (("text-1", "text 1", "size"), {"Text_1": "prompt"}, "duplicate-column"),
        (("text", "size"), {"text": "prompt", "Text": "name"}, "mapping-contradictory"),
        (("prompt",), {"prompt": "name", "PROMPT": "prompt"}, "mapping-contradictory"),
        (("prompt", ""), {" ": "name"}, "mapping-unknown-column"),
    ],
)
def test_columns_that_make_no_sense_are_refused(
    header: tuple[str, ...], mapping: dict[str, str], code: str
) -> None:
    with pytest.raises(TableError) as refused:
        Columns.of(header, mapping)

    assert refused.value.code == code


def test_a_table_without_a_known_column_is_told_what_its_columns_may_be() -> None:
    with pytest.raises(TableError, match="'Prompt text' may be prompt; 'qualty' may be quality"):
        Columns.of(("Prompt text", "note", "qualty"), {})


def test_a_mapping_may_say_the_same_twice_and_swap_names() -> None:
    same = Columns.of(("text",), {"text": "prompt", "TEXT": "prompt"})
    swapped = Columns.of(("prompt", "name"), {"prompt": "name", "name": "prompt"})

    assert same.members == {0: "prompt"}
    assert swapped.members == {0: "name", 1: "prompt"}


def test_a_mapping_names_a_column_loosely_and_an_exact_name_goes_first() -> None:
    assert Columns.of(("Bild Text",), {"bild_text": "prompt"}).members == {0: "prompt"}
    assert Columns.of(("text-1", "text 1"), {"Text 1": "prompt"}).members == {1: "prompt"}


@pytest.mark.parametrize(
    "cell", ["essentials ig_story", "essentials;ig_story", "essentials, ig_story"]
)
def test_formats_of_platforms_stand_in_one_cell(cell: str) -> None:
    found = columns("source", "formats")

    body = found.body(TableRow(2, ("ast_1", cell)))

    assert body["output"] == {"formats": ["essentials", "ig_story"]}
    wrong = FieldError("/output/formats/1", "format-unknown", "no such format")
    assert found.error(TableRow(2, ("", "")), wrong).column == "formats"
