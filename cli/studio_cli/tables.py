"""Tables that fit the terminal and never cut an id or a number."""

import re
from collections.abc import Sequence

from rich.console import Console, ConsoleOptions, RenderResult
from rich.table import Table
from rich.text import Text

from studio_cli.terminal import printable

_GAP = 1
_SHORTEST = 6
"""A column of words may become this narrow before the rows are printed as lists."""
_TIME = r"\d{4}-\d\d-\d\d \d\d:\d\d(?::\d\d)?"
_WORD = re.compile(rf"{_TIME}|\S+")
_WHOLE = re.compile(rf"{_TIME}|\S*[a-z]{{3}}_[0-9A-HJKMNP-TV-Z]{{26}}\S*|\W*\d\S{{0,29}}")
"""Ids, amounts, sizes and times: a line break inside one would make it another one."""

_SHORTENED = 8
"""Columns of the shortest name that is still told from others."""

Cell = str | Text


class Listing:
    """Rows under headings.

    A wide column wraps before a narrow one. If ids and numbers alone need more
    columns than the terminal has, each row is a list of headings and values.

    Args:
        headings: The headings of the columns.
        right: The headings of the columns of numbers.
        whole: The headings of the columns of names, which are never cut either.
        short: The headings of the columns of names that lose their middle before they wrap.
    """

    def __init__(
        self,
        *headings: str,
        right: Sequence[str] = (),
        whole: Sequence[str] = (),
        short: Sequence[str] = (),
    ) -> None:
        self._headings = headings
        self._short = frozenset(short)
        self._whole = frozenset(whole)
        self._right = frozenset(right)
        self._rows: list[list[Text]] = []

    def __bool__(self) -> bool:
        return bool(self._rows)

    def add_row(self, *cells: Cell) -> None:
        """Add a row with a cell for each heading; a text with a style is printable already."""
        self._rows.append([_text(cell) for cell in cells])

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        widths = self._widths(options.max_width)
        if widths is None:
            yield from self._lists()
            return
        table = Table(box=None, pad_edge=False, padding=(0, _GAP, 0, 0))
        for heading, width in zip(self._headings, widths, strict=True):
            table.add_column(
                heading,
                width=width,
                overflow="fold",
                justify="right" if heading in self._right else "left",
            )
        for row in self._rows:
            cells = zip(self._headings, row, widths, strict=True)
            table.add_row(
                *(
                    shortened(cell, width) if heading in self._short else cell
                    for heading, cell, width in cells
                )
            )
        yield table

    def _widths(self, room: int) -> list[int] | None:
        """Return the widths of the columns; None if the rows do not fit side by side."""
        columns = [
            [Text(heading), *(row[place] for row in self._rows)]
            for place, heading in enumerate(self._headings)
        ]
        widths = [max(cell.cell_len for cell in column) for column in columns]
        room -= _GAP * (len(columns) - 1)
        words = [_longest_word(column) for column in columns]
        least = [
            words[place] if heading in self._whole else _longest_whole(columns[place])
            for place, heading in enumerate(self._headings)
        ]
        for place, heading in enumerate(self._headings):
            if heading in self._short:
                words[place] = least[place] = min(widths[place], _SHORTENED)
        widths = narrowed(narrowed(widths, words, room), least, room)
        return widths if sum(widths) <= room else None

    def _lists(self) -> RenderResult:
        """Yield each row as its headings and values; the terminal wraps what is too long."""
        wide = max(len(heading) for heading in self._headings)
        for number, row in enumerate(self._rows):
            if number:
                yield Text("")
            for heading, cell in zip(self._headings, row, strict=True):
                if cell.plain:
                    yield Text.assemble((f"{heading:<{wide}}  ", "dim"), cell)


def narrowed(widths: Sequence[int], least: Sequence[int], room: int) -> list[int]:
    """Return widths that need at most ``room`` together: the widest one gives way first.

    No width goes below its least one, so the sum may stay above ``room``.
    """
    widths = list(widths)
    while (over := sum(widths) - room) > 0:
        able = [place for place, width in enumerate(widths) if width > least[place]]
        if not able:
            break
        widest = max(able, key=lambda place: widths[place])
        next_widest = max((widths[place] for place in able if place != widest), default=0)
        floor = max(least[widest], min(next_widest, widths[widest] - 1), widths[widest] - over)
        widths[widest] = min(floor, widths[widest] - 1)
    return widths


def shortened(text: Text, width: int) -> Text:
    """Return a text of at most ``width`` columns: its beginning and its end, which differ."""
    if text.cell_len <= width:
        return text
    end = (width - 1) // 2
    first, last = text.copy(), text[0:0]
    first.truncate(width - 1 - end)
    while last.cell_len < text.cell_len and text[-len(last) - 1 :].cell_len <= end:
        last = text[-len(last) - 1 :]
    return Text.assemble(first, "\u2026", last)


def second(time: str) -> str:
    """Return a time of the API to the second, without its zone, which is always UTC."""
    return time[:19].replace("T", " ")


def minute(time: str | None) -> str:
    """Return a time of the API to the minute, without its zone, which is always UTC."""
    return time[:16].replace("T", " ") if time else ""


def _text(cell: Cell) -> Text:
    return cell if isinstance(cell, Text) else Text(printable(cell))


def _longest_word(column: Sequence[Text]) -> int:
    return max(_cells(word) for cell in column for word in ("", *_WORD.findall(cell.plain)))


def _longest_whole(column: Sequence[Text]) -> int:
    """Return the width below which an id, a number or a short word of a column would break."""
    words = [word for cell in column for word in _WORD.findall(cell.plain)]
    whole = [_cells(word) for word in words if _WHOLE.fullmatch(word)]
    return max(min(_SHORTEST, max(map(_cells, words), default=0)), *whole, 0)


def _cells(word: str) -> int:
    return Text(word).cell_len
