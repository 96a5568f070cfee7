"""Pages of an import's rows, read from parts of its file."""

import json
from collections.abc import Callable

from studio.domain.batches.manifest import RowResult

PART_BYTES = 256 * 1024


def page_of_rows(
    part: Callable[[int, int], bytes], at: int, limit: int, status: str | None
) -> tuple[list[RowResult], int | None]:
    """Return up to ``limit`` rows, and the byte at which the next page begins (None at the end).

    Args:
        part: Reads a number of bytes from a byte on, fewer at the end of the file.
        at: The byte at which a row begins.
        limit: Largest number of rows.
        status: Only rows of this status; None for all.
    """
    found: list[RowResult] = []
    rest, read_to = b"", at
    while True:
        data = part(read_to, PART_BYTES)
        read_to += len(data)
        *lines, rest = (rest + data).split(b"\n")
        for line in lines:
            row: RowResult = json.loads(line)
            if status in (None, row["status"]):
                if len(found) == limit:
                    return found, at
                found.append(row)
            at += len(line) + 1
        if len(data) < PART_BYTES:
            return found, None
