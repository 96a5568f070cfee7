"""Reading of the JSON that providers send.

A body can hold a paid image, so one bad value in another member does not make it unreadable.
"""

import json
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import Final

MOST_TOKENS: Final = 10_000_000
"""The most tokens that a call can use; a larger count is a broken response and not a count."""

_DIGITS: Final = 100
_SENTENCE_LENGTH: Final = 500


def parse_json(body: bytes) -> dict[str, object] | None:
    """Return a JSON object, or None for anything else.

    Numbers with a point become ``Decimal``. ``NaN``, ``Infinity`` and numbers beyond the limits of
    Python become None, and bytes that are not UTF-8 are replaced. Of a list, its first object is
    returned, because some services wrap a response or an error in a list of one. A sentence is
    returned as the ``message`` of an object.
    """
    try:
        document = json.loads(
            body.decode(json.detect_encoding(body), "replace"),
            parse_float=_number,
            parse_int=_integer,
            parse_constant=lambda name: None,
            strict=False,
        )
    except (ValueError, RecursionError):
        return None
    if _is_sentence(document):
        return {"message": document}
    if isinstance(document, list):
        document = next(json_objects(document), None)
    return document if isinstance(document, dict) else None


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
