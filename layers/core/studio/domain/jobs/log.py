"""The length of a log: it is part of a record, and DynamoDB keeps at most 400 KB in one."""

import re

from studio.domain.jobs.model import LogLine

MOST_LINES, MOST_BYTES = 200, 40_000
"""A log beyond one of these is cut."""
_KEPT_LINES, _KEPT_BYTES = 100, 20_000
_CUT = re.compile(r"Left out: (\d+) earlier lines")


def shortened(log: tuple[LogLine, ...]) -> tuple[LogLine, ...]:
    """Return a log, or its newest lines behind a line that says how many were left out."""
    if len(log) <= MOST_LINES and sum(map(_size, log)) <= MOST_BYTES:
        return log
    first = len(log)
    room = _KEPT_BYTES
    while first > 0 and len(log) - first < _KEPT_LINES and _size(log[first - 1]) <= room:
        first -= 1
        room -= _size(log[first])
    left_out = sum(map(_lines, log[:first]))
    newest = log[first - 1]
    said = LogLine(
        newest.at, "info", newest.stage, f"Left out: {left_out} earlier lines", newest.item
    )
    return (said, *log[first:])


def _size(line: LogLine) -> int:
    return len(line.message.encode())


def _lines(line: LogLine) -> int:
    """Return how many lines of the whole log a line stands for."""
    said = _CUT.fullmatch(line.message)
    return int(said[1]) if said else 1
