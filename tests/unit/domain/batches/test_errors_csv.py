"""Faulty rows back as a file that no spreadsheet computes."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.csv_escape import escape_formula, unescape_formula
from studio.domain.batches.errors_csv import errors_csv
from studio.domain.batches.model import RowError
from studio.domain.batches.table import TableRow


def read(data: bytes, delimiter: str = ",") -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=delimiter))


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t1", "\r1"])
def test_a_formula_becomes_text(cell: str) -> None:
    data = errors_csv(
        ["=prompt"], ",", [(TableRow(2, (cell,)), [RowError(2, "=prompt", "x", "no")])]
    )

    assert read(data)[1] == [f"'{cell}", "2", "'=prompt: no"]
    assert read(data)[0][0] == "'=prompt"


@pytest.mark.parametrize("end", [",", ";", "\t", "\n", "\r"])
@pytest.mark.parametrize("sign", "=+-@")
def test_a_formula_behind_the_end_of_a_cell_in_another_spreadsheet_becomes_text(
    end: str, sign: str
) -> None:
    assert escape_formula(f"x{end}{sign}cmd") == f"x{end}'{sign}cmd"


@pytest.mark.parametrize("cell", ["a=b", "", "'", "ü", "'home' - sweet", "a-b", "it's 5-6"])
def test_plain_cells_stay_as_they_are(cell: str) -> None:
    assert escape_formula(cell) == cell


@pytest.mark.parametrize("before", ["", " ", "\xa0", "\u200b", "\ufeff", "\u3000", '"', "'", "x; "])
@pytest.mark.parametrize(
    "sign", ["=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20", "\u2212"]
)
def test_a_guard_stands_before_blanks_and_signs_of_any_width(before: str, sign: str) -> None:
    cell = f"{before}{sign}cmd"

    guarded = f"x;' {sign}cmd" if before == "x; " else f"'{cell}"
    assert escape_formula(cell) == guarded
    assert unescape_formula(guarded) == cell


@given(st.text(st.sampled_from("=+-@'\"\t\r\n ,;|a\ufeff\uff1d\u2212"), max_size=12))
def test_a_guard_is_taken_off_without_a_loss(cell: str) -> None:
    assert unescape_formula(escape_formula(cell)) == cell


@pytest.mark.parametrize("unit", ["\n", ",", "'", " ", ", ", ",'", '"', "\n="])
def test_a_guard_looks_at_each_character_a_few_times_only(unit: str) -> None:
    # A search that begins again at each character would take hours here.
    cell = unit * 300_000

    assert unescape_formula(escape_formula(cell)) == cell


def test_rows_keep_their_columns_and_say_every_error() -> None:
    errors = [RowError(7, None, "malformed-row", "broken"), RowError(7, "size", "bad", "no size")]
    data = errors_csv(["prompt", "size"], ";", [(TableRow(7, ("a; b",)), errors)])

    assert data.startswith(b"\xef\xbb\xbf")
    assert read(data, ";") == [
        ["prompt", "size", "row", "error"],
        ["a; b", "", "7", "row: broken; size: no size"],
    ]


def test_cells_beyond_the_columns_follow_behind() -> None:
    row = TableRow(2, ("a mug", " white", "64x64"))
    data = errors_csv(["prompt", "size"], ",", [(row, [RowError(2, None, "x", "too many")])])

    assert read(data)[1] == ["a mug", " white", "2", "row: too many", "64x64"]


def test_a_long_cell_is_not_cut_because_a_cut_prompt_would_be_a_valid_one() -> None:
    data = errors_csv(["prompt"], ",", [(TableRow(2, ("a" * 100_000,)), [])])

    assert read(data)[1][0] == "a" * 100_000
