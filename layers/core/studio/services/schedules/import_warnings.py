"""Warnings of a schedule over an import: its rows, planned as if they ran today.

Rows that differ only in their words, names or files have the same warnings, so one of them is
planned for all.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from studio.domain.batches.manifest import LINES, MANIFEST, ManifestEntry, entries_of
from studio.domain.batches.model import BatchImport
from studio.domain.orders.faults import ORDER_REFUSALS
from studio.domain.orders.plan import obstacle_warnings
from studio.domain.orders.plan_job import plan_job
from studio.errors import InvalidRequestError
from studio.ports.blobs import BlobStore
from studio.services.batches.lookups import CachedAssets, CachedRecipes
from studio.services.orders.body import JobBody
from studio.services.orders.intake import JobRequestIntake, none_failing
from studio.services.orders.reading import read

# The API answers within seconds, so it looks at no more than this.
_MOST_BYTES = 8 * 1024 * 1024
_MOST_KINDS = 100
_OF_ONE_ROW = ("prompt", "negative_prompt", "name", "folder", "seed")


def import_warnings(
    intake: JobRequestIntake, blobs: BlobStore, value: BatchImport, created_by: str
) -> tuple[str, ...]:
    """Return the warnings of the rows of a checked import, each once with its rows."""
    entries = entries_of(blobs.read(value.key(LINES))[0])
    manifest = blobs.part(value.key(MANIFEST), 0, _MOST_BYTES)
    kinds = list(_kinds(entries, manifest).values())[:_MOST_KINDS]
    cached = _cached(intake)
    rows: dict[str, list[int]] = {}
    for places in kinds:
        longest = _body(max(places, key=lambda place: place.bytes), manifest)
        for text in _warnings(cached, value.tenant, longest, created_by):
            rows.setdefault(text, []).extend(place.row for place in places)
    sentences = [f"{_named(numbers)}: {text}" for text, numbers in rows.items()]
    left_out = len(entries) - sum(len(places) for places in kinds)
    if left_out:
        sentences.append(f"{left_out} rows were not looked at; their jobs have their own warnings")
    return tuple(sentences)


def _kinds(entries: Iterable[ManifestEntry], manifest: bytes) -> dict[str, Sequence[ManifestEntry]]:
    """Return the rows whose bodies are within the manifest, by what decides their warnings."""
    kinds: dict[str, list[ManifestEntry]] = {}
    for place in entries:
        if place.at + place.bytes <= len(manifest):
            kinds.setdefault(_kind(_body(place, manifest)), []).append(place)
    return dict(kinds)


def _kind(body: Mapping[str, object]) -> str:
    """Return a body as text, without the values that only one row has."""
    own = {name: bool(body[name]) for name in _OF_ONE_ROW if name in body}
    sources = body.get("sources")
    if isinstance(sources, list):
        own["sources"] = bool(sources)
    return json.dumps({**body, **own}, sort_keys=True)


def _body(place: ManifestEntry, manifest: bytes) -> dict[str, object]:
    body: dict[str, object] = json.loads(manifest[place.at : place.at + place.bytes])
    return body


def _cached(intake: JobRequestIntake) -> JobRequestIntake:
    """Return an intake that reads each recipe and asset once."""
    return replace(
        intake,
        recipe=CachedRecipes(intake.recipe),
        persona=CachedRecipes(intake.persona),
        template=CachedRecipes(intake.template),
        assets=CachedAssets(intake.assets),
        failing=none_failing,
    )


def _warnings(
    intake: JobRequestIntake, tenant: str, row: Mapping[str, object], created_by: str
) -> tuple[str, ...]:
    """Return the warnings of one row; why it is refused, if it is."""
    try:
        document, _ = intake.merge_recipe(tenant, row)
        body = read(JobBody, json.dumps(document))
        plan = plan_job(intake.preview(tenant, body, created_by=created_by))
    except InvalidRequestError as error:
        return tuple(field.detail for field in error.fields)
    except ORDER_REFUSALS as error:
        return (error.recorded_message,)
    return (*plan.all_warnings, *obstacle_warnings(plan))


def _named(numbers: Sequence[int]) -> str:
    first = min(numbers)
    return f"Row {first}" if len(numbers) == 1 else f"Row {first} and {len(numbers) - 1} more"
