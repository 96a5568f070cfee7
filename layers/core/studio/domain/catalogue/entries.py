"""The entries of the JSON files in ``data``, and what they tell without a card.

Models, limits and prices change more often than code, so an update edits ``data/*.json``.
Each file has its source and the date of its last check.
"""

import json
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

_FOLDER = Path(__file__).with_name("data")

Process = Literal["generative", "algorithmic", "passthrough"]
"""How a model makes its result.

``generative``: an AI model makes it. ``algorithmic``: classical image operations do.
``passthrough``: the result is the source image itself, in other files.
"""


@lru_cache(maxsize=1)
def provider_ids() -> tuple[str, ...]:
    """Return the ids of all providers, sorted."""
    return tuple(sorted(path.stem for path in _FOLDER.glob("*.json")))


def provider_document(provider: str) -> dict[str, Any]:
    """Return the document of a provider that ``provider_ids`` names."""
    document: dict[str, Any] = json.loads((_FOLDER / f"{provider}.json").read_bytes())
    return document


def model_entries(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the entries of a provider's models by id, with what each takes over from another."""
    entries: dict[str, dict[str, Any]] = {}
    for own in document["models"]:
        entry = {**entries[own["like"]], **own} if "like" in own else own
        entries[entry["id"]] = entry
    return entries


def process_of(provider: str, model: str) -> Process:
    """Return how a model makes its result; ``generative`` for one that is not in the catalogue."""
    if provider not in provider_ids():
        return "generative"
    return _processes(provider).get(model, "generative")


@lru_cache(maxsize=32)
def _processes(provider: str) -> dict[str, Process]:
    entries = model_entries(provider_document(provider))
    return {name: entry.get("process", "generative") for name, entry in entries.items()}
