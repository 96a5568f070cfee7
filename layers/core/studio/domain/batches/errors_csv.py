"""Faulty rows as a CSV file, to be corrected and sent again."""

import csv
import io
from collections.abc import Iterable, Sequence

from studio.csv_escape import escape_formula
from studio.domain.batches.model import RowError
from studio.domain.batches.table import TableRow

# Enough characters of a cell to find it by.
_SHOWN = 4_000


def errors_csv(
    header: Sequence[str], delimiter: str, faulty: Iterable[tuple[TableRow, Sequence[RowError]]]
) -> bytes:
    """Return the faulty rows as CSV, with the columns ``row`` and ``error`` and then surplus cells.

    A cell that a spreadsheet would read as a formula gets an apostrophe in front. A byte order
    mark marks the file as UTF-8.
    """
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, delimiter=delimiter)
    writer.writerow([escape_formula(name) for name in (*header, "row", "error")])
    for row, errors in faulty:
        columns, surplus = row.cells[: len(header)], row.cells[len(header) :]
        cells = (*columns, *[""] * (len(header) - len(columns)))
        details = "; ".join(f"{error.column or 'row'}: {error.detail}" for error in errors)
        writer.writerow(
            [escape_formula(cell[:_SHOWN]) for cell in (*cells, str(row.number), details, *surplus)]
        )
    return buffer.getvalue().encode("utf-8-sig")
