"""Faulty rows back as a file that no spreadsheet computes."""

import csv
import io

import pytest

from studio.csv_escape import escape_formula
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


def test_plain_cells_stay_as_they_are() -> None:
    assert [escape_formula(cell) for cell in ("a=b", "", "'", "ü")] == ["a=b", "", "'", "ü"]


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


def test_a_huge_cell_is_cut() -> None:
    data = errors_csv(["prompt"], ",", [(TableRow(2, ("a" * 1_000_000,)), [])])

    assert len(data) < 5_000
