"""The files between an import and its batch: orders, where each of them is, and lanes.

``manifest.jsonl`` has one job body per valid row, ``lines.jsonl`` the place of each in it. A lane
is a part of the latter: what the workflow carries is where an order is, and never the order.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass

MANIFEST, LINES = "manifest.jsonl", "lines.jsonl"
ROWS, ERRORS = "rows.jsonl", "errors.csv"
JSON_LINES = "application/x-ndjson"


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
