"""Reading of the JSON that providers send.

A body can hold a paid image, so one bad value in another member does not make it unreadable.
"""

import json
import re
from collections.abc import Iterable, Iterator
from decimal import Decimal, InvalidOperation
from typing import Final

MOST_TOKENS: Final = 10_000_000
"""The most tokens that a call can use; a larger count is a broken response and not a count."""

_DIGITS: Final = 100
_GAP: Final = re.compile(r"[ \t\r\n,]*")
_MOST_VALUES: Final = 1_000
_EVENTS: Final = ("data:", "event:", "id:", "retry:", ":")
_SENTENCE_LENGTH: Final = 500


def parse_json(body: bytes) -> dict[str, object] | None:
    """Return a JSON object, or None for anything else.

    Numbers with a point become ``Decimal``. ``NaN``, ``Infinity`` and numbers beyond the limits of
    Python become None, and bytes that are not UTF-8 are replaced. Some services wrap a response or
    an error in a list, or send it in parts: the objects become one, with the lists of all and the
    last of other values. A sentence is returned as the ``message`` of an object.
    """
    document = parse_value(body)
    if isinstance(document, str) and document.lstrip().startswith("{"):
        document = parse_value(document.encode("utf-8", "replace"))
    if _is_sentence(document):
        return {"message": document}
    if isinstance(document, list):
        document = _joined(json_objects(document))
    return document if isinstance(document, dict) else None


def parse_value(body: bytes) -> object:
    """Return a JSON value, the list of several values in a row, or None for anything else.

    The values may be lines, or events of a stream. A text behind them does not count.
    """
    text = body.decode(json.detect_encoding(body), "replace").lstrip()
    if text.startswith(_EVENTS):
        lines = text.splitlines()
        text = "\n".join(line[5:].strip() for line in lines if line.startswith("data:"))
    values: list[object] = []
    gap = _GAP.match(text)
    try:
        while gap and gap.end() < len(text) and len(values) < _MOST_VALUES:
            value, end = _DECODER.raw_decode(text, gap.end())
            values.append(value)
            gap = _GAP.match(text, end)
    except (ValueError, RecursionError):
        pass
    return values[0] if len(values) == 1 else list(filter(_is_object, values)) or None


def _is_object(value: object) -> bool:
    return isinstance(value, dict)


def _joined(objects: Iterable[dict[str, object]]) -> dict[str, object] | None:
    """Return the members of all objects, None if there is no object."""
    joined: dict[str, object] | None = None
    for one in objects:
        joined = joined or {}
        for name, value in one.items():
            before = joined.get(name)
            if isinstance(before, list) and isinstance(value, list):
                joined[name] = before + value
            elif value is not None or name not in joined:
                joined[name] = value
    return joined


def json_objects(value: object) -> Iterator[dict[str, object]]:
    """Yield the JSON objects of a list, and nothing for a value that is not a list."""
    if isinstance(value, list):
        yield from (entry for entry in value if isinstance(entry, dict))


def _is_sentence(value: object) -> bool:
    """Return whether a value is a short text of several words, and no file or URL."""
    if not isinstance(value, str) or len(value) > _SENTENCE_LENGTH:
        return False
    return " " in value.strip() and "://" not in value and not value.startswith("data:")


def _integer(text: str) -> int | None:
    return int(text) if len(text) <= _DIGITS else None


def _number(text: str) -> Decimal | None:
    try:
        return Decimal(text)
    except InvalidOperation:
        return None


_DECODER: Final = json.JSONDecoder(
    parse_float=_number, parse_int=_integer, parse_constant=lambda name: None, strict=False
)
