"""The files between an import and its batch: orders, where each of them is, and lanes.

``manifest.jsonl`` has one job body per valid row, ``lines.jsonl`` the place of each in it. A lane
is a part of the latter: what the workflow carries is where an order is, and never the order.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Literal, TypedDict

MANIFEST, LINES = "manifest.jsonl", "lines.jsonl"
ROWS, ERRORS = "rows.jsonl", "errors.csv"
JSON_LINES = "application/x-ndjson"


class RowErrorRecord(TypedDict):
    """A ``RowError`` as ``rows.jsonl`` holds it."""

    row: int | None
    column: str | None
    code: str
    detail: str


class RowResult(TypedDict):
    """One line of ``rows.jsonl``: a row of the table and the result of its validation.

    ``prompt`` is the beginning of the prompt. ``estimate`` is in decimal dollars, None where a
    price is unknown.
    """

    row: int
    status: Literal["valid", "faulty"]
    prompt: str | None
    images: int
    estimate: str | None
    errors: list[RowErrorRecord]
    warnings: list[str]


@dataclass(frozen=True, slots=True)
class ManifestEntry:
    """Where the order of a line is in the manifest: its first byte and how many there are."""

    line: int
    at: int
    bytes: int


def places_text(places: Iterable[ManifestEntry]) -> bytes:
    """Write places, one a line."""
    return b"".join(json_line(asdict(place)) for place in places)


def places_of(data: bytes) -> list[ManifestEntry]:
    """Read what ``places_text`` wrote."""
    return [ManifestEntry(**json.loads(line)) for line in data.splitlines()]


def lanes(places: Sequence[ManifestEntry], count: int) -> list[Sequence[ManifestEntry]]:
    """Deal the lines out to as many lanes, or as many as there are lines."""
    return [places[first::count] for first in range(min(count, len(places)))]


def lane_name(run: int, lane: int) -> str:
    """Name of a lane's file."""
    return f"{run}/lane-{lane:02d}.jsonl"


def json_line(document: object) -> bytes:
    """Write a document as one line."""
    return json.dumps(document, separators=(",", ":"), ensure_ascii=False).encode() + b"\n"
