"""Tables at the widths of real terminals."""

import io
import re

import pytest
from rich.console import Console
from rich.text import Text

from studio_cli.tables import Listing, minute, narrowed, shortened

JOB, ASSET = "job_01M8PSRKJ3WJJMBZWWH4NYXB5X", "ast_01M8PSRKJ3WJJMBZWWH4NYXB5Y"
LONG = "Hero of the article on lighthouses of the north, taken at dawn"
HEADINGS = ("job", "status", "bytes", "cost", "created (UTC)", "result", "name")
ROW = (JOB, "partially_succeeded", "1,139,794", "$0.041125", "2026-11-30 17:58", ASSET, LONG)


def drawn(table: Listing, width: int) -> list[str]:
    file = io.StringIO()
    Console(file=file, width=width).print(table)
    return [line.rstrip() for line in file.getvalue().splitlines()]


def listing(*columns: int) -> Listing:
    table = Listing(*(HEADINGS[place] for place in columns), right=("bytes", "cost"))
    table.add_row(*(ROW[place] for place in columns))
    table.add_row(*("" if place == 6 else ROW[place] for place in columns))
    return table


@pytest.mark.parametrize("width", [200, 120, 80, 60, 40])
@pytest.mark.parametrize(
    "columns", [(0, 1, 3, 4, 6), (0, 5), (6, 1, 5, 0), (6, 2, 3, 5), (0, 1, 2, 3, 4, 5, 6)]
)
def test_no_id_and_no_number_is_ever_cut(width: int, columns: tuple[int, ...]) -> None:
    lines = drawn(listing(*columns), width)
    assert max(map(len, lines)) <= width
    for place in columns:
        if place in (0, 2, 3, 4, 5):
            assert sum(ROW[place] in line for line in lines) == 2
    if 6 in columns:
        text = re.sub(r"\s", "", "".join(lines))
        assert all(word in text for word in ("lighthouses", "north,", "dawn"))


def test_a_table_of_jobs_is_a_table_at_80_columns() -> None:
    lines = drawn(listing(0, 1, 3, 4, 6), 80)
    assert lines[0].startswith("job ")
    assert lines[1].startswith(JOB)


def test_what_fits_is_not_wrapped() -> None:
    table = Listing("name", "bytes", right=("bytes",))
    table.add_row("a boat", "6")
    table.add_row("b", "1,000")
    assert drawn(table, 80) == ["name   bytes", "a boat     6", "b      1,000"]
    assert bool(table)
    assert not Listing("name")


def test_what_does_not_fit_side_by_side_stands_one_below_the_other() -> None:
    table = Listing("job", "asset", "note")
    table.add_row(JOB, ASSET, "")
    table.add_row(JOB, ASSET, "ok")
    assert drawn(table, 60) == [
        f"job    {JOB}", f"asset  {ASSET}", "",
        f"job    {JOB}", f"asset  {ASSET}", "note   ok",
    ]  # fmt: skip


@pytest.mark.parametrize("width", [30, 40, 60])
def test_names_may_stay_whole(width: int) -> None:
    name = "us.stability.stable-image"
    table = Listing("model", "note", whole=("model",))
    table.add_row(name, LONG)
    assert sum(name in line for line in drawn(table, width)) == 1


@pytest.mark.parametrize(
    ("width", "shown"),
    [
        (24, "white-mug-front-1042.jpg"),
        (16, "white-mu\u2026042.jpg"),
        (10, "white\u2026.jpg"),
        (8, "whit\u2026jpg"),
    ],
)
def test_a_name_that_is_too_long_loses_its_middle(width: int, shown: str) -> None:
    assert shortened(Text("white-mug-front-1042.jpg"), width).plain == shown


def test_a_wide_name_is_shortened_by_its_columns() -> None:
    assert shortened(Text("商品写真商品写真.jpg"), 9).plain == "商品\u2026.jpg"
    assert shortened(Text("商品写真商品写真"), 8).plain.startswith("商品")
    assert shortened(Text("商品写真商品写真"), 8).cell_len <= 8


@pytest.mark.parametrize("width", [200, 80])
@pytest.mark.parametrize("name", ["f.jpg", "white-mug-front-1042.jpg", "two words and more.png"])
def test_a_short_column_stays_one_line_beside_whole_ids(width: int, name: str) -> None:
    table = Listing("source", "status", "result", "job", short=("source",))
    table.add_row(name, "succeeded", ASSET, JOB)

    lines = drawn(table, width)

    assert len(lines) == 2
    assert ASSET in lines[1]
    assert JOB in lines[1]
    assert (name in lines[1]) == (width == 200 or len(name) < 8)
    assert max(map(len, lines)) <= width


def test_a_short_column_is_whole_where_rows_are_lists() -> None:
    table = Listing("source", "status", "result", "job", short=("source",))
    table.add_row("white-mug-front-1042.jpg", "succeeded", ASSET, JOB)

    assert drawn(table, 70)[0] == "source  white-mug-front-1042.jpg"


@pytest.mark.parametrize(
    ("widths", "least", "room", "given"),
    [
        ([10, 30], [5, 5], 40, [10, 30]),
        ([10, 30], [5, 5], 20, [10, 10]),
        ([10, 30], [5, 30], 35, [5, 30]),
        ([10, 30], [8, 30], 35, [8, 30]),
        ([30, 30], [1, 1], 31, [15, 16]),
        ([3, 4], [9, 9], 1, [3, 4]),
    ],
)
def test_the_widest_column_gives_way_first(
    widths: list[int], least: list[int], room: int, given: list[int]
) -> None:
    assert narrowed(widths, least, room) == given


def test_a_time_is_shown_to_the_minute() -> None:
    assert minute("2026-11-30T17:58:43.380Z") == "2026-11-30 17:58"
    assert minute(None) == ""
