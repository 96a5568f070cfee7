"""Cells of a table as values of a job body."""

import re
from collections.abc import Callable, Iterator, Mapping

from studio.csv_escape import BLANKS
from studio.domain.batches.members import MEMBERS, NUMBERS, Kind, Member, Value
from studio.domain.batches.numbers import AmbiguousNumberError, read_number
from studio.domain.batches.spreadsheet_words import FALSE, TRUE, is_spreadsheet_error

_BLANK = re.escape(BLANKS)
# A comma may separate columns, so names in a cell may have other separators.
_BETWEEN = re.compile(rf"[{_BLANK},;|\u3001\uff0c\uff1b\uff5c\u060c\u061b\u2022]+")
# Addresses have commas and semicolons of their own.
_BETWEEN_FILES = re.compile(rf"[{_BLANK},;|]+(?=https?://|ast_|upl_|$)|[{_BLANK}|]+")
_BETWEEN_PAIRS = re.compile(r"[,;|\r\n]+")
_TIMES = r"[xX*\u00d7]"
_SIDE = rf"([0-9]{{1,5}}|[0-9][.,'\u2019{_BLANK}][0-9]{{3}})(?:[.,]0+)?(?:[{_BLANK}]*[pP][xX])?"
_SIZE = re.compile(rf"{_SIDE}[{_BLANK}]*{_TIMES}[{_BLANK}]*{_SIDE}")
# A spreadsheet takes 16:9 for a time: 16:09, 16:09:00.
_COLON = rf"[{_BLANK}]*[:\u2236\uff1a][{_BLANK}]*"
_TIME = re.compile(rf"0?([1-9][0-9]{{0,3}}){_COLON}0?([1-9][0-9]{{0,3}})(?::00)?")
# No text has them. Tabs, line ends and Excel's own line break are blanks of a prompt.
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1f\x7f]")
# What keeps a spreadsheet from reading a value: an apostrophe before it, or a formula around it.
_KEPT_AS_TEXT = re.compile(r"'(?P<behind>[^']+)|=\"(?P<within>[^\"]+)\"")
_VALUES: frozenset[Kind] = NUMBERS | {"flag", "size", "ratio"}
_VARIANT = "\ufe0f"
_CURRENCIES = re.compile("[\u00a2-\u00a5\u20a0-\u20bf]|\\b(?!USD)[A-Z]{3}\\b")
_RENDITION = re.compile(rf"(?:(?P<name>[^=]*)=)?(?P<width>[0-9]*){_TIMES}(?P<height>[0-9]*)")


def text_of(cell: str) -> str:
    """Return what a cell shows, without blanks and marks around it."""
    return cell.strip(BLANKS)


def fault_of(name: str, text: str, cell: str) -> tuple[str, str] | None:
    """Return code and detail of what is wrong with a cell itself; none quotes a long cell.

    Args:
        name: The member that the cell gives.
        text: The cell, as ``text_of`` returns it.
        cell: The name of the cell, such as B2.
    """
    member = MEMBERS[name]
    if len(text) > member.longest:
        detail = f"the cell has {len(text)} characters, at most {member.longest} are read"
        return "too-long", detail
    if is_spreadsheet_error(text):
        detail = f"the cell {cell} shows the spreadsheet error {text[:30]}; correct its formula"
        return "spreadsheet-error", detail
    if hidden := _CONTROLS.search(text):
        detail = f"the cell {cell} holds the control character U+{ord(hidden[0]):04X}; delete it"
        return "control-character", detail
    return _fault_of_kind(member, text, cell)


def _fault_of_kind(member: Member, text: str, cell: str) -> tuple[str, str] | None:
    text = _bare(member, text)
    if member.kind == "labels":
        return _fault_of_labels(text, cell)
    if member.kind == "dollars" and (sign := _CURRENCIES.search(text)):
        detail = f"{sign[0]} in the cell {cell} is no US dollar; give the amount in US dollars"
        return "currency-unknown", detail
    if member.kind in NUMBERS:
        try:
            read_number(text, member)
        except AmbiguousNumberError as error:
            detail = f"{text!r} may be {error}; write it without a separator of thousands"
            return "number-ambiguous", detail
    return None


def _fault_of_labels(text: str, cell: str) -> tuple[str, str] | None:
    if isinstance(_labels(text), str):
        return "dict-type", f"the cell {cell} has to hold pairs, such as campaign=spring; sku=1042"
    values: dict[str, str] = {}
    for name, _, value in _pairs(text):
        if values.setdefault(name, value) != value:
            detail = f"{name[:30]} in the cell {cell} has two values; give it one"
            return "duplicate", detail
    return None


def value_of(name: str, text: str) -> Value | None:
    """Return the value of a cell; an invalid one is kept for the body's own checks to refuse.

    Args:
        name: The member that the cell gives.
        text: The cell, as ``text_of`` returns it; without faults.

    Returns:
        None for a list without a member: the cell gives nothing.
    """
    member = MEMBERS[name]
    text = _bare(member, text)
    if member.kind in NUMBERS:
        number = read_number(text, member)
        return text if number is None else number
    return _READERS[member.kind](text)


def asset_ids(name: str, text: str) -> Iterator[str]:
    """Yield the assets that a cell names as files."""
    if MEMBERS[name].kind in ("file", "files"):
        yield from (one for one in _members(_BETWEEN_FILES, text) if one.startswith("ast_"))


def _members(between: re.Pattern[str], text: str) -> list[str]:
    """Return the members of a list without the empty ones."""
    return [one for one in between.split(text) if one]


def _bare(member: Member, text: str) -> str:
    """Return a value without what kept it as a text; a text keeps all its signs."""
    kept = _KEPT_AS_TEXT.fullmatch(text) if member.kind in _VALUES else None
    return (kept["behind"] or kept["within"]).strip(BLANKS) if kept else text


def _same(text: str) -> str:
    return text


def _size(text: str) -> str:
    sides = _SIZE.fullmatch(text)
    return "x".join(re.sub("[^0-9]", "", side) for side in sides.groups()) if sides else text


def _ratio(text: str) -> str:
    time = _TIME.fullmatch(text)
    return f"{time[1]}:{time[2]}" if time else text


def _files(text: str) -> Value | None:
    return [_file(one) for one in _members(_BETWEEN_FILES, text)] or None


def _names(text: str) -> Value | None:
    return [*_members(_BETWEEN, text)] or None


def _renditions(text: str) -> Value | None:
    return [_rendition(one) for one in _members(_BETWEEN, text)] or None


def _flag(text: str) -> bool | str:
    word = re.sub(r"^([01])[.,]0+$", r"\1", text.casefold().rstrip(_VARIANT))
    if word in TRUE:
        return True
    return False if word in FALSE else text


def _file(text: str) -> dict[str, object]:
    for prefix, kind in (("ast_", "asset_id"), ("upl_", "upload_id")):
        if text.startswith(prefix):
            return {kind: text}
    return {"url": text.rstrip(",;|")}


def _pairs(text: str) -> Iterator[tuple[str, str, str]]:
    """Yield name, sign and value of each pair that is not empty."""
    for one in _members(_BETWEEN_PAIRS, text):
        name, sign, value = (part.strip(BLANKS) for part in one.partition("="))
        if name or value:
            yield name, sign, value


def _labels(text: str) -> dict[str, object] | str | None:
    pairs: dict[str, object] = {}
    for name, sign, value in _pairs(text):
        if not sign or not name:
            return text
        pairs[name] = value
    return pairs or None


def _rendition(text: str) -> dict[str, object] | str:
    found = _RENDITION.fullmatch(text)
    if found is None:
        return text
    sides = {side: int(found[side]) for side in ("width", "height") if found[side]}
    return {**({"name": found["name"]} if found["name"] else {}), **sides}


_READERS: Mapping[Kind, Callable[[str], Value | None]] = {
    "text": _same,
    "word": str.casefold,
    "flag": _flag,
    "size": _size,
    "ratio": _ratio,
    "file": _file,
    "files": _files,
    "names": _names,
    "labels": _labels,
    "renditions": _renditions,
}
