"""Faulty rows as a CSV file, to be corrected and sent again."""

from collections.abc import Iterable, Sequence

from studio.csv_escape import escape_formula
from studio.domain.batches.model import RowError
from studio.domain.batches.records import Record, csv_line
from studio.domain.batches.table import DELIMITERS, ERROR, ROW, TableRow


def errors_csv(
    header: Sequence[str], delimiter: str, faulty: Iterable[tuple[TableRow, Sequence[RowError]]]
) -> bytes:
    """Return the faulty rows as CSV, with the columns ``row`` and ``error`` and then surplus cells.

    A cell that a spreadsheet would read as a formula gets an apostrophe in front. ``read_sheet``
    returns the rows as they were. A byte order mark marks the file as UTF-8.
    """
    text = [] if delimiter in DELIMITERS else [f"sep={delimiter}\r\n"]
    text.append(_line((*header, ROW, ERROR), delimiter))
    for row, errors in faulty:
        columns, surplus = row.cells[: len(header)], row.cells[len(header) :]
        cells = (*columns, *[""] * (len(header) - len(columns)))
        details = "; ".join(f"{error.column or 'row'}: {error.detail}" for error in errors)
        text.append(_line((*cells, str(row.number), details, *surplus), delimiter))
    return "".join(text).encode("utf-8-sig")


def _line(cells: Record, delimiter: str) -> str:
    return csv_line(tuple(escape_formula(cell) for cell in cells), delimiter)
