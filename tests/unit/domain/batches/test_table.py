"""Tables as people and programs write them, and those that cannot be read."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.domain.batches.table import (
    MAX_BYTES,
    MAX_COLUMNS,
    MAX_ROWS,
    detect_delimiter,
    is_empty,
    read_sheet,
)
from studio.domain.batches.table_error import TableError

HEADER = b"prompt,size\n"

cells = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=20)
names = st.text(st.sampled_from("abcdefgh ,;\t\"'é"), min_size=1, max_size=8)


def is_row(row: list[str]) -> bool:
    return not all(is_empty(cell) for cell in row)


@st.composite
def tables(draw: st.DrawFn) -> list[list[str]]:
    width = draw(st.integers(2, 4))
    header = draw(
        st.lists(
            names.map(str.strip).filter(bool),
            min_size=width,
            max_size=width,
            unique_by=str.casefold,
        )
    )
    row = st.lists(cells, min_size=width, max_size=width).filter(is_row)
    return [header, *draw(st.lists(row, min_size=1, max_size=5))]


@given(
    tables(),
    st.sampled_from([",", ";", "\t"]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    st.sampled_from(["\n", "\r\n"]),
)
def test_what_a_csv_writer_wrote_is_read_back(
    table: list[list[str]], delimiter: str, encoding: str, quoting: int, ending: str
) -> None:
    if ending == "\n":
        # Python's writer quotes of all line ends only its own.
        table = [[cell.replace("\r", "\n") for cell in row] for row in table]
    buffer = io.StringIO(newline="")
    writer = csv.writer(
        buffer,
        delimiter=delimiter,
        quoting=quoting,  # type: ignore[arg-type]
        lineterminator=ending,
    )
    writer.writerows(table)

    sheet = read_sheet(buffer.getvalue().encode(encoding), delimiter)

    assert sheet.header == tuple(table[0])
    assert [list(row.cells) for row in sheet.rows] == table[1:]
    assert all(row.fault is None for row in sheet.rows)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_delimiter_is_found_in_the_header_outside_quotes(delimiter: str) -> None:
    header = delimiter.join(['"a,;\t,;\t,;\t,;\tb"', "prompt", "size", "x", "y", "z"])

    assert detect_delimiter(f"{header}\n,,,,,,,,;;;;;;;;") == delimiter


def test_rows_have_the_numbers_that_a_spreadsheet_shows() -> None:
    sheet = read_sheet(b'prompt\n\n  \n"two\nlines"\nlast\n,\n')

    assert [(row.number, row.cells) for row in sheet.rows] == [(4, ("two\nlines",)), (5, ("last",))]


def test_a_row_whose_quotes_are_broken_is_one_bad_row() -> None:
    sheet = read_sheet(b'prompt,size\n"a"b,1\nfine,2\n"open,3\n')

    assert [(row.number, row.fault is None) for row in sheet.rows] == [
        (2, False),
        (3, True),
        (4, False),
    ]
    assert sheet.rows[1].cells == ("fine", "2")


def test_ten_thousand_rows_are_read_and_blank_ones_do_not_count() -> None:
    data = HEADER + b"a,64x64\n" * MAX_ROWS + b",\n" * 5

    assert len(read_sheet(data).rows) == MAX_ROWS


@pytest.mark.parametrize(
    ("data", "code"),
    [
        pytest.param(b"", "empty", id="empty"),
        pytest.param(b"\xef\xbb\xbf\n\n", "empty", id="only a byte order mark"),
        pytest.param(HEADER, "no-rows", id="header only"),
        pytest.param(HEADER + b",\n\n", "no-rows", id="header and blanks"),
        pytest.param(HEADER + "Küche,1".encode("mac-roman"), "wrong-encoding", id="an old Mac"),
        pytest.param(b"\xff\xfep", "wrong-encoding", id="half of UTF-16"),
        pytest.param(HEADER + b"a,1\n" * (MAX_ROWS + 1), "too-many-rows", id="10,001 rows"),
        pytest.param(b"p" * (MAX_BYTES + 1), "too-large", id="too large"),
        pytest.param(b"c," * MAX_COLUMNS + b"c\n1\n", "too-many-columns", id="too wide"),
        pytest.param(b'"prompt', "bad-header", id="an open quote"),
    ],
)
def test_what_is_no_table_is_refused_as_a_whole(data: bytes, code: str) -> None:
    with pytest.raises(TableError) as refused:
        read_sheet(data)

    assert refused.value.code == code


def test_a_wrong_encoding_names_its_line() -> None:
    with pytest.raises(TableError, match="line 3"):
        read_sheet("prompt\nfine\nKüche\n".encode("mac-roman"))
