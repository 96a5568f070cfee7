"""Strict reading of the JSON that providers send."""

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import NoReturn


def parse_json(body: bytes) -> dict[str, object] | None:
    """Return a JSON object, or None for anything else.

    Numbers with a point become ``Decimal``. ``NaN`` and ``Infinity`` are not accepted.
    """
    try:
        document = json.loads(body, parse_float=Decimal, parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        return None
    return document if isinstance(document, dict) else None


def json_objects(value: object) -> Iterator[dict[str, object]]:
    """Yield the JSON objects of a list, and nothing for a value that is not a list."""
    if isinstance(value, list):
        yield from (entry for entry in value if isinstance(entry, dict))


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")
