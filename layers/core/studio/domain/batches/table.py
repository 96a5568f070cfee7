"""Tables from CSV files: header and rows.

Files are UTF-8, with or without a byte order mark, or UTF-16 with one. The delimiter is detected
from the header. Rows have a spreadsheet's numbers: the header is row 1.
"""

import csv
import io
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterator
from dataclasses import dataclass

MAX_BYTES = 10 * 1024 * 1024
MAX_ROWS = 10_000
MAX_COLUMNS = 100
MAX_HEADER = 100
DELIMITERS = (",", ";", "\t")

# Each column has its own limit, so the limit of the csv module must not apply.
csv.field_size_limit(MAX_BYTES)


class TableError(Exception):
    """The file is no table that can be imported; ``code`` is for programs."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail


@dataclass(frozen=True, slots=True)
class TableRow:
    """One record; one that cannot be read has a ``fault`` and no cells."""

    number: int
    cells: tuple[str, ...]
    fault: str | None = None


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table without its blank rows."""

    delimiter: str
    header: tuple[str, ...]
    rows: tuple[TableRow, ...]


def read_sheet(data: bytes, delimiter: str | None = None) -> Sheet:
    """Return the table of a CSV file.

    Args:
        data: The file's bytes.
        delimiter: One of ``DELIMITERS``, None to detect it.

    Raises:
        TableError: the file is no table, or too large to be imported.
    """
    if len(data) > MAX_BYTES:
        raise TableError("too-large", f"a file has at most {MAX_BYTES} bytes")
    text = _decoded(data)
    found = delimiter or detect_delimiter(text)
    records = _records(text, found)
    header = _header(next(records, None))
    rows: list[TableRow] = []
    for row in records:
        if len(rows) == MAX_ROWS:
            raise TableError("too-many-rows", f"a file has at most {MAX_ROWS} rows of data")
        rows.append(row)
    if not rows:
        raise TableError("no-rows", "the file has a header and no row below it")
    return Sheet(found, header, tuple(rows))


def detect_delimiter(text: str) -> str:
    """Return the delimiter that is most frequent in the first line outside quotes; else a comma."""
    counts = dict.fromkeys(DELIMITERS, 0)
    quoted = False
    for character in text:
        if character == '"':
            quoted = not quoted
        elif quoted:
            continue
        elif character in "\r\n":
            break
        elif character in counts:
            counts[character] += 1
    return max(DELIMITERS, key=lambda one: counts[one])


def _decoded(data: bytes) -> str:
    utf16 = data.startswith((BOM_UTF16_LE, BOM_UTF16_BE))
    try:
        return data.decode("utf-16" if utf16 else "utf-8-sig")
    except UnicodeDecodeError as error:
        where = data[: error.start].count(b"\n") + 1
        raise TableError(
            "wrong-encoding", f"the file is not UTF-8: see its line {where}; save it as UTF-8"
        ) from None


def _records(text: str, delimiter: str) -> Iterator[TableRow]:
    """Yield every record that is not blank, the header included."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number = 0
    while True:
        number += 1
        try:
            cells = tuple(next(reader))
        except StopIteration:
            return
        except csv.Error as error:
            yield TableRow(
                number, (), f"the quotes of this row do not close as they open ({error})"
            )
            continue
        if any(cell.strip() for cell in cells):
            yield TableRow(number, cells)


def _header(row: TableRow | None) -> tuple[str, ...]:
    if row is None:
        raise TableError("empty", "the file is empty")
    if row.fault:
        raise TableError("bad-header", row.fault)
    names = tuple(cell.strip() for cell in row.cells)
    if len(names) > MAX_COLUMNS:
        raise TableError("too-many-columns", f"a file has at most {MAX_COLUMNS} columns")
    for name in names:
        if len(name) > MAX_HEADER:
            raise TableError("bad-header", f"a column's name has at most {MAX_HEADER} characters")
        if name and sum(other.casefold() == name.casefold() for other in names) > 1:
            raise TableError("duplicate-column", f"two columns have the name {name!r}")
    return names
