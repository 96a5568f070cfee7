"""Files of an import and its batch: the manifest, the entries of its rows, and lanes.

``manifest.jsonl`` has one job body per valid row. ``lines.jsonl`` has the place of each row in
the manifest. A lane is a part of ``lines.jsonl``. So the workflow carries places, not bodies.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal, NamedTuple, TypedDict

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


class ManifestEntry(NamedTuple):
    """The place of a row in the manifest: its first byte and its length in bytes.

    Files and events of the workflow name the row ``line``.
    """

    row: int
    at: int
    bytes: int


def entries_text(entries: Iterable[ManifestEntry]) -> bytes:
    """Return entries as JSON Lines."""
    documents = ({"line": place.row, "at": place.at, "bytes": place.bytes} for place in entries)
    return b"".join(map(json_line, documents))


def entries_of(data: bytes) -> list[ManifestEntry]:
    """Return the entries of ``entries_text``."""
    return [entry_of(json.loads(line)) for line in data.splitlines()]


def entry_of(document: Mapping[str, Any]) -> ManifestEntry:
    """Return an entry from a line of its file, or from an event that carries it."""
    return ManifestEntry(document["line"], document["at"], document["bytes"])


def lanes(entries: Sequence[ManifestEntry], count: int) -> list[Sequence[ManifestEntry]]:
    """Return the rows in ``count`` lanes of nearly equal length, or in fewer for few rows."""
    return [entries[first::count] for first in range(min(count, len(entries)))]


def lane_name(run: int, lane: int) -> str:
    """Return the name of a lane's file."""
    return f"{run}/lane-{lane:02d}.jsonl"


def json_line(document: object) -> bytes:
    """Return a document as one line of JSON."""
    return json.dumps(document, separators=(",", ":"), ensure_ascii=False).encode() + b"\n"
