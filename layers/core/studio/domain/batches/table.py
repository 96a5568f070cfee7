"""Tables from CSV files: header and rows.

Files are UTF-8, UTF-16 or Windows-1252. A first line such as ``sep=;`` names
the delimiter; else it is detected from the header. Rows have a spreadsheet's numbers: the header
is row 1.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, islice

from studio.csv_escape import BLANKS, unescape_formula
from studio.domain.batches.decoding import decoded, encoding_warnings
from studio.domain.batches.file_kinds import kind_of_file
from studio.domain.batches.headings import member_named
from studio.domain.batches.records import BROKEN_QUOTES, BrokenRecord, Record, csv_line, records
from studio.domain.batches.table_error import TableError

MAX_BYTES = 10 * 1024 * 1024
MAX_ROWS = 10_000
# The columns of a spreadsheet.
MAX_COLUMNS = 16_384
DELIMITERS = (",", ";", "\t", "|")
# How many records may stand above the header, and how many known headings tell it from them.
_PREAMBLE, _SURE = 10, 2
_LOOKED_AT = 1_000
# Headings of the columns that ``errors_csv`` adds.
ROW, ERROR = "row", "error"

_SEPARATOR = re.compile(
    rf'[{re.escape(BLANKS)}]*"?[Ss][Ee][Pp] *= *(?P<named>[^\w\s"\'=]|\t)"?(?P<more>[^\r\n\w]*)'
    r"(?:\r\n|\r|\n|\Z)"
)
# A first line with a run of one delimiter at its end.
_TAIL = re.compile(r"(?P<head>[^\r\n]*?[^\r\n,;\t|])(?P<run>(?P<mark>[,;\t|])(?P=mark)*)(?=[\r\n])")
# A program may write the number of a row as 2.0.
_WHOLE = re.compile(r"[0-9]*(?:[.,]0+)?")


@dataclass(frozen=True, slots=True)
class TableRow:
    """One record; one that cannot be read has a ``fault``, and perhaps a row for each line."""

    number: int
    cells: Record
    fault: str | None = None


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table without its blank rows and without nameless columns that hold nothing."""

    delimiter: str
    header: tuple[str, ...]
    rows: tuple[TableRow, ...]
    encoding: str = "utf-8"
    warnings: tuple[str, ...] = ()


def read_sheet(data: bytes, delimiter: str | None = None) -> Sheet:
    """Return the table of a CSV file.

    The columns that ``errors_csv`` added are taken away again, and so are its apostrophes.

    Args:
        data: The file's bytes.
        delimiter: One of ``DELIMITERS``, None to detect it.

    Raises:
        TableError: the file is no table, or too large to be imported.
    """
    if len(data) > MAX_BYTES:
        raise TableError("too-large", f"a file has at most {MAX_BYTES} bytes")
    if kind := kind_of_file(data):
        raise TableError("not-csv", f"the file is {kind}, no CSV; save the table as CSV UTF-8")
    whole, encoding = decoded(data)
    named, text = _without_separator_line(whole)
    text = _without_quotes_around_rows(_without_foreign_tails(text))
    found = delimiter or _fitting(named, text)
    table = _table_rows(text, found)
    head = list(islice(table, _PREAMBLE))
    head = head[_header_place([row.cells for row in head]) :]
    header = _header(head[0] if head else None)
    rows: list[TableRow] = []
    for row in chain(head[1:], table):
        if len(rows) == MAX_ROWS:
            raise TableError("too-many-rows", f"a file has at most {MAX_ROWS} rows of data")
        one = _trimmed(_unwrapped(row, len(header), found), len(header))
        if not _repeats(header, one):
            rows.append(one)
    if not rows:
        raise TableError("no-rows", "the file has a header and no row below it")
    warnings = encoding_warnings(whole, encoding)
    sheet = Sheet(found, header, tuple(rows), encoding, warnings)
    return _without_phantoms(_without_errors(sheet))


def is_empty(cell: str) -> bool:
    """Tell whether a cell holds nothing but blanks and marks."""
    return not cell.strip(BLANKS)


def detect_delimiter(text: str) -> str:
    """Return the delimiter that gives the first line the most known headings, then the most cells.

    Lines before the header do not count. A line without any of both has the first delimiter.
    """

    def score(delimiter: str) -> tuple[int, int]:
        head = [row.cells for row in islice(_table_rows(text, delimiter), _PREAMBLE)]
        header = head[_header_place(head)] if head else ()
        return _known(header), len(header)

    return max(DELIMITERS, key=score)


def _header_place(head: Sequence[Record]) -> int:
    """Return the place of the header: the first record, unless a later one has known headings.

    Programs write titles and notes above a table.
    """
    if not head or _known(head[0]):
        return 0
    return next((at for at, cells in enumerate(head) if _known(cells) >= _SURE), 0)


def _known(cells: Record) -> int:
    return sum(member_named(cell) is not None for cell in cells[:_LOOKED_AT])


def _without_separator_line(text: str) -> tuple[str | None, str]:
    """Return the delimiter that a first line ``sep=X`` names, and the text behind that line.

    A spreadsheet that saved the line again wrote its own delimiter behind it.
    """
    line = _SEPARATOR.match(text)
    if line is None:
        return None, text
    behind = [one for one in line["more"] if one in DELIMITERS]
    return (behind or [line["named"]])[-1], text[line.end() :]


def _fitting(named: str | None, text: str) -> str:
    """Return the delimiter that a separator line names, unless only another gives headings."""
    detected = detect_delimiter(text)
    if named is None:
        return detected
    first = next(_table_rows(text, named), None)
    if first is not None and _known(first.cells):
        return named
    other = next(_table_rows(text, detected), None)
    return detected if other is not None and _known(other.cells) >= _SURE else named


def _without_foreign_tails(text: str) -> str:
    """Return a text without the empty columns that a program with another delimiter added."""
    tail = _TAIL.match(text)
    if tail is None or tail["mark"] in tail["head"] or '"' in tail["head"]:
        return text
    others = (one for one in DELIMITERS if one != tail["mark"])
    if all(_known(tuple(tail["head"].split(one))) < _SURE for one in others):
        return text
    return re.sub(rf"{re.escape(tail['run'])}(?=[\r\n]|\Z)", "", text)


def _repeats(header: Sequence[str], row: TableRow) -> bool:
    """Tell whether a row is the header again, as where files were joined."""
    pairs = zip(header, row.cells, strict=False)
    return (
        not row.fault
        and len(row.cells) <= len(header)
        and all(name.casefold() == cell.strip(BLANKS).casefold() for name, cell in pairs)
    )


def _is_blank(cells: Record) -> bool:
    return all(is_empty(cell) for cell in cells)


def _table_rows(text: str, delimiter: str) -> Iterator[TableRow]:
    """Yield every record that is not blank, the header included."""
    for number, record in enumerate(records(text, delimiter), start=1):
        if isinstance(record, BrokenRecord):
            lines = (line for line in record.lines if not _is_blank(line))
            yield from (TableRow(number, line, BROKEN_QUOTES) for line in lines)
        elif not _is_blank(record):
            yield TableRow(number, record)


def _header(row: TableRow | None) -> tuple[str, ...]:
    if row is None:
        raise TableError("empty", "the file is empty")
    if row.fault:
        raise TableError("bad-header", row.fault)
    if len(row.cells) > MAX_COLUMNS:
        raise TableError("too-many-columns", f"a file has at most {MAX_COLUMNS} columns")
    return tuple(cell.strip(BLANKS) for cell in row.cells)


def _unwrapped(row: TableRow, width: int, delimiter: str) -> TableRow:
    """Return a row without quotes around the whole of it; its cells have quotes of their own."""
    if width == 1 or len(row.cells) != 1 or '"' not in row.cells[0]:
        return row
    inner = list(islice(records(row.cells[0], delimiter), 2))
    if len(inner) == 1 and not isinstance(inner[0], BrokenRecord) and len(inner[0]) == width:
        return replace(row, cells=inner[0])
    return row


def _without_quotes_around_rows(text: str) -> str:
    """Return a text whose rows are cells of commas; a header shows whether each is one cell."""
    first = next(records(text, ","), None)
    if not text.startswith('"') or isinstance(first, BrokenRecord) or not first or len(first) > 1:
        return text
    if first[0].count(",") == 0 or _known(tuple(first[0].split(","))) < _SURE:
        return text
    lines = (csv_line(one, ",") if len(one) > 1 else one[0] for one in _whole(text))
    return "\n".join(lines)


def _whole(text: str) -> Iterator[Record]:
    for record in records(text, ","):
        yield from record.lines if isinstance(record, BrokenRecord) else (record,)


def _trimmed(row: TableRow, width: int) -> TableRow:
    """Return a row without empty cells beyond the header."""
    if len(row.cells) > width and _is_blank(row.cells[width:]):
        return replace(row, cells=row.cells[:width])
    return row


def _without_errors(sheet: Sheet) -> Sheet:
    """Return the table that ``errors_csv`` was made of; any other table as it is."""
    at = _errors_at(sheet)
    if at is None:
        return sheet
    header = tuple(unescape_formula(name) for name in _without_pair(sheet.header, at))
    broken = {_pair(row, at) for row in sheet.rows if _has_quotes(row, at)}
    rows = (
        replace(
            row,
            cells=tuple(unescape_formula(cell) for cell in _without_pair(row.cells, at)),
            fault=BROKEN_QUOTES if _pair(row, at) in broken else row.fault,
        )
        for row in sheet.rows
    )
    kept = tuple(row for row in rows if row.fault or not _is_blank(row.cells))
    if not kept:
        raise TableError("no-rows", "the file has a header and no row below it")
    return replace(sheet, header=header, rows=kept)


def _errors_at(sheet: Sheet) -> int | None:
    """Return the place of the column ``row`` before ``error``, if it holds the numbers of rows."""
    names = [name.casefold() for name in sheet.header]
    pairs = [at for at, name in enumerate(names[:-1]) if (name, names[at + 1]) == (ROW, ERROR)]
    for at in reversed(pairs):
        numbers = (row.cells[at].strip(BLANKS) for row in sheet.rows if len(row.cells) > at)
        if all(_WHOLE.fullmatch(number) for number in numbers):
            return at
    return None


def _pair(row: TableRow, at: int) -> Record:
    return row.cells[at : at + 2]


def _has_quotes(row: TableRow, at: int) -> bool:
    """Tell whether a row whose quotes were broken still has quotes: it was not mended.

    Its error says so until a person clears it. Without that the row would be read as it stands.
    """
    told = BROKEN_QUOTES in "".join(_pair(row, at)[1:])
    return told and any('"' in cell for cell in _without_pair(row.cells, at))


def _without_pair(cells: Sequence[str], at: int) -> Record:
    return (*cells[:at], *cells[at + 2 :])


def _without_phantoms(sheet: Sheet) -> Sheet:
    """Return a table without nameless empty columns at its right."""
    used = max(len(row.cells) - _blanks_behind(row.cells) for row in sheet.rows)
    width = max(len(sheet.header) - _blanks_behind(sheet.header), min(used, len(sheet.header)))
    if width == len(sheet.header):
        return sheet
    rows = (replace(row, cells=row.cells[:width]) for row in sheet.rows)
    return replace(sheet, header=sheet.header[:width], rows=tuple(rows))


def _blanks_behind(cells: Record) -> int:
    count = 0
    while count < len(cells) and is_empty(cells[-1 - count]):
        count += 1
    return count
