"""Faulty rows go out as errors.csv and come back as they were, whatever their cells hold."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.domain.batches.columns import Columns
from studio.domain.batches.errors_csv import errors_csv
from studio.domain.batches.members import MEMBERS
from studio.domain.batches.model import RowError
from studio.domain.batches.records import csv_line, records
from studio.domain.batches.table import Sheet, TableRow, is_empty, read_sheet
from studio.domain.batches.table_error import TableError

# Every character counts, and those that quotes, guards and line ends are made of come often.
_SPECIAL = "=+-@'\"\t\r\n ,;|\x00\x1a\x85\u2028\ufeff\u200b\xa0\uff1d\u2212ax1"
_CHARACTERS = st.one_of(st.sampled_from(_SPECIAL), st.characters(exclude_categories=["Cs"]))
_CELLS = st.text(_CHARACTERS, max_size=12)
_NAMES = st.sampled_from(["prompt", "Size", "note", "=name", "row", "error", "'x", "a;b", "", "-"])


@st.composite
def sheets(draw: st.DrawFn) -> Sheet:
    """Return a table as it is read from a file that any program may have written."""
    header = draw(st.lists(_NAMES, min_size=1, max_size=5))
    row = st.lists(_CELLS, min_size=1, max_size=len(header) + 2)
    rows = draw(st.lists(row, min_size=1, max_size=4))
    delimiter = draw(st.sampled_from([",", ";", "\t", "|", "^"]))
    rows.append(["a"])
    lines = [("prompt", *header), *(("p", *cells) for cells in rows)]
    text = "".join(csv_line(tuple(line), delimiter) for line in lines)
    return read_sheet(text.encode(), delimiter)


def returned(sheet: Sheet) -> Sheet:
    """Return a table that went out as errors.csv and came back."""
    wrong = RowError(2, "=size", "bad", '-1 is "no" size; or,\n=2')
    data = errors_csv(sheet.header, sheet.delimiter, [(row, [wrong]) for row in sheet.rows])
    return read_sheet(data)


def content(sheet: Sheet) -> tuple[str, tuple[str, ...], list[tuple[str, ...]]]:
    """Return delimiter, header and cells; a short row ends with empty cells in errors.csv."""
    width = len(sheet.header)
    rows = [(*row.cells, *[""] * (width - len(row.cells))) for row in sheet.rows]
    return sheet.delimiter, sheet.header, rows


@given(sheets())
def test_any_table_comes_back_from_errors_csv_unchanged(sheet: Sheet) -> None:
    assert content(returned(sheet)) == content(sheet)
    assert content(returned(returned(sheet))) == content(sheet)


@given(st.lists(_CELLS, min_size=1, max_size=5), st.sampled_from([",", ";", "\t", "|", "^"]))
def test_a_written_record_is_read_back(cells: list[str], delimiter: str) -> None:
    # A line feed of its own keeps the line ends of other systems apart.
    text = csv_line(tuple(cells), delimiter) + "\n"

    assert next(records(text, delimiter)) == tuple(cells)


@pytest.mark.parametrize(
    "cell",
    ["'-20% off' in red letters", "'=' sign", "=cmd()", "'=cmd()", "''=x", " =1", "\uff1d1", "-1",
     "x,'@home', -5", "a" * 31_000, '"quoted"', "two\r\nlines", "\x1a", "#REF!", "512.0"],
)  # fmt: skip
def test_a_cell_survives_two_rounds(cell: str) -> None:
    sheet = read_sheet(
        csv_line(("prompt", "size"), ",").encode() + csv_line((cell, "9x9"), ",").encode()
    )
    assert sheet.rows[0].cells == (cell, "9x9")

    assert returned(returned(sheet)).rows[0].cells == (cell, "9x9")


def test_no_cell_of_errors_csv_begins_as_a_formula() -> None:
    sheet = read_sheet(b"prompt,size\n=cmd(),9x9\n -1,9x9\n")
    data = errors_csv(sheet.header, ",", [(row, []) for row in sheet.rows])

    text = data.decode("utf-8-sig")
    assert [line.partition(",")[0] for line in text.splitlines()] == [
        "prompt", "'=cmd()", "' -1",
    ]  # fmt: skip


def test_cells_beyond_the_header_stay_beyond_it() -> None:
    sheet = read_sheet(b"prompt,size\na,9x9,more,,=1\n")

    assert returned(sheet).rows[0].cells == ("a", "9x9", "more", "", "=1")


def test_the_errors_file_of_another_spreadsheet_comes_back_too() -> None:
    data = errors_csv(["prompt", "size"], ",", [(read_sheet(b"prompt\n=x\n").rows[0], [])])
    saved = data.decode("utf-8-sig").replace(",2,", ",2.0,").replace("\r\n", ",,\r\n")

    sheet = read_sheet(saved.encode("utf-16"))

    assert (sheet.header, sheet.rows[0].cells[0]) == (("prompt", "size"), "=x")


def test_columns_of_the_writer_named_row_and_error_stay() -> None:
    sheet = read_sheet(b"prompt,row,error\n'=x,front,none\n")

    assert sheet.header == ("prompt", "row", "error")
    assert sheet.rows[0].cells[0] == "'=x"
    assert not is_empty(sheet.rows[0].cells[1])


@given(st.binary(max_size=60), st.sampled_from(["utf-8", "utf-16", "utf-16-le"]))
def test_any_bytes_are_a_table_or_refused_as_one(data: bytes, encoding: str) -> None:
    head = "prompt,width,strength,max_cost,labels,source,formats,renditions,strict\n".encode(
        encoding
    )
    try:
        sheet = read_sheet(head + data)
    except TableError:
        return
    columns = Columns.of(sheet.header, {})
    for row in sheet.rows:
        if not list(columns.faults(row)):
            assert columns.body(row).keys() <= {member.path[0] for member in MEMBERS.values()}


@given(
    st.sampled_from(sorted(MEMBERS)), st.text("0123456789.,eE+-% $'\xa0;|=xTRUE#N/A!", max_size=14)
)
def test_any_cell_has_a_value_or_a_fault(name: str, cell: str) -> None:
    columns = Columns.of((name,), {})
    row = TableRow(2, (cell,))

    assert list(columns.faults(row)) or columns.body(row) is not None


def faults_of(sheet: Sheet) -> list[tuple[int, tuple[str, ...]]]:
    return [(row.number, row.cells) for row in sheet.rows if row.fault is not None]


@pytest.mark.parametrize(
    ("lines", "cells"),
    [
        ('"a"b,9x9\n', [(2, ('"a"b', "9x9"))]),
        ('"open,9x9\n', [(2, ('"open', "9x9"))]),
        ('"a ""best"" b"c,"9x9"\n', [(2, ('"a ""best"" b"c', "9x9"))]),
        ('"two\nlines"x,9x9\n', [(2, ('"two',)), (2, ('lines"x', "9x9"))]),
        ('"=1"b,"9x9"\n', [(2, ('"=1"b', "9x9"))]),
        ('"a, b"c,9x9\n', [(2, ('"a', ' b"c', "9x9"))]),
        ('"open,9x9\nfox,9x9\n', [(2, ('"open', "9x9")), (2, ("fox", "9x9"))]),
    ],
)
def test_rows_with_broken_quotes_come_back_cell_by_cell(
    lines: str, cells: list[tuple[int, tuple[str, ...]]]
) -> None:
    sheet = read_sheet(f"prompt,size\n{lines}".encode())

    assert faults_of(sheet) == cells


def test_a_row_with_broken_quotes_is_faulty_until_it_is_mended() -> None:
    sheet = read_sheet(b'prompt,size\n"a"b,9x9\nfox,9x9\n"open,8x8\n\nowl,7x7\n')
    columns = Columns.of(sheet.header, {})
    faulty = [(row, list(columns.faults(row))) for row in sheet.rows if row.fault]
    data = errors_csv(sheet.header, ",", faulty)

    again = read_sheet(data)
    mended = data.decode("utf-8-sig").replace('"""a""b"', "ab").replace('"""open"', "open")
    quoted = data.decode("utf-8-sig").replace("row: the quotes", "")

    assert [row.cells[:2] for row in again.rows] == [
        ('"a"b', "9x9"),
        ('"open', "8x8"),
        ("owl", "7x7"),
    ]
    assert all(row.fault for row in again.rows)
    assert [(row.cells, row.fault) for row in read_sheet(mended.encode()).rows] == [
        (("ab", "9x9"), None), (("open", "8x8"), None), (("owl", "7x7"), None),
    ]  # fmt: skip
    assert [row.fault for row in read_sheet(quoted.encode()).rows] == [None, None, None]
