"""Records of a CSV text: cells between delimiters, with or without quotes.

Blanks around quotes do not count. A quote inside a cell that has none around it is a character
as any other. Lines end as on any system.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from studio.csv_escape import BLANKS

Record = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BrokenRecord:
    """A record whose quotes are broken, line by line; a broken cell keeps its quotes."""

    lines: tuple[Record, ...]


BROKEN_QUOTES = "the quotes of this row do not close as they open"
_LINE_END = re.compile(r"\r\n|\r|\n")
_TO_QUOTE = re.compile(r'"(?:[^"]|"")*+"?')
_WHOLE = re.compile(r'"(?:[^"]|"")*+"')
# Line ends of other systems; in a text with line feeds they are characters of its cells.
_OTHER_ENDS = re.compile("[\x85\u2028\u2029]")


def records(text: str, delimiter: str) -> Iterator[Record | BrokenRecord]:
    """Yield the cells of each record."""
    if "\n" not in text and "\r" not in text:
        text = _OTHER_ENDS.sub("\n", text)
    at = 0
    while at < len(text):
        end = _LINE_END.search(text, at)
        stop = end.start() if end else len(text)
        line = text[at:stop]
        if '"' in line:
            cells, stop = _quoted_record(text, at, delimiter)
            end = _LINE_END.search(text, stop)
            stop = end.start() if end else len(text)
            yield cells or _broken(text[at:stop], delimiter)
        else:
            yield tuple(line.split(delimiter))
        at = end.end() if end else len(text)


def csv_line(cells: Record, delimiter: str) -> str:
    """Return a record as a line of CSV; ``records`` reads the same cells from it."""
    return delimiter.join(_quoted(cell, delimiter) for cell in cells) + "\r\n"


def _quoted(cell: str, delimiter: str) -> str:
    if any(one in cell for one in (delimiter, *'",;|\t\r\n\x85\u2028\u2029')):
        return '"' + cell.replace('"', '""') + '"'
    return cell


def _quoted_record(text: str, at: int, delimiter: str) -> tuple[Record | None, int]:
    """Return the cells of a record, and where it ends or may be taken up again."""
    cell, cells = _cell(delimiter), []
    while True:
        found = cell.match(text, at)
        if found is None:
            broken = _TO_QUOTE.match(text, at)
            return None, broken.end() if broken else at
        quoted, plain = found.groups()
        cells.append(plain if quoted is None else quoted.replace('""', '"'))
        if not text.startswith(delimiter, found.end()):
            return tuple(cells), found.end()
        at = found.end() + len(delimiter)


def _broken(text: str, delimiter: str) -> BrokenRecord:
    """Return the cells between the delimiters of each line; a whole pair of quotes is taken off."""
    lines = (line.split(delimiter) for line in _LINE_END.split(text))
    return BrokenRecord(tuple(tuple(map(_unquoted, cells)) for cells in lines))


def _unquoted(cell: str) -> str:
    return cell[1:-1].replace('""', '"') if _WHOLE.fullmatch(cell) else cell


@lru_cache
def _cell(delimiter: str) -> re.Pattern[str]:
    """Return the pattern of a cell: with quotes, else without one at its beginning."""
    blank = "".join(re.escape(one) for one in BLANKS if one not in f"\r\n{delimiter}")
    end = re.escape(delimiter)
    return re.compile(
        rf'[{blank}]*+"((?:[^"]|"")*+)"[{blank}]*+(?=[{end}\r\n]|\Z)|((?!")[^{end}\r\n]*+)'
    )
