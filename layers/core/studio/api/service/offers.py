"""Documents about what the studio offers and what an order would cost."""

from dataclasses import asdict

from studio.api.http.serializers import Document
from studio.domain.catalogue.catalogue import ModelCard, ProviderCard
from studio.domain.catalogue.lifecycle import Lifecycle
from studio.domain.catalogue.parameters import Range
from studio.domain.catalogue.sizes import FixedSizes, FreeSizes


def provider(card: ProviderCard) -> Document:
    """A provider with its models, those that ended included."""
    return {
        "id": card.id,
        "title": card.title,
        "default_model": card.default_model,
        "defaults": {name: dict(levels) for name, levels in card.defaults.items()},
        "checked_at": card.checked_at.isoformat(),
        "price_version": card.price_version,
        "rate_per_minute": card.rate_per_minute,
        "models": [_model(model) for model in card.models.values()],
        "retired": [
            {"id": model.id, "title": model.title, **_lifecycle(model.lifecycle)}
            for model in card.retired.values()
        ],
    }


def _model(card: ModelCard) -> Document:
    takes = card.parameters
    return {
        "id": card.id,
        "title": card.title,
        **_lifecycle(card.lifecycle),
        "operations": list(card.operations),
        "prompt_max": card.prompt_max,
        "qualities": dict(card.quality),
        "parameters": {
            "seed": takes.seed,
            "negative_prompt": takes.negative_prompt,
            "steps": _range(takes.steps),
            "guidance": _range(takes.guidance),
        },
        "sizes": _sizes(card.sizes),
        "sources": {"max": card.sources.max, "roles": list(card.sources.roles)},
        "inputs": sorted(card.options),
        "price_known": card.prices.known,
    }


def _lifecycle(value: Lifecycle) -> Document:
    return {
        "state": value.state,
        "ends": value.ends.isoformat() if value.ends else None,
        "successor": value.successor,
    }


def _range(value: Range | None) -> Document | None:
    return None if value is None else {"min": value.min, "max": value.max}


def _sizes(value: FixedSizes | FreeSizes) -> Document:
    """What the model makes by itself; every other size is cut from one of these."""
    if isinstance(value, FixedSizes):
        fixed = [f"{width}x{height}" for width, height in value.sizes]
        return {"fixed": fixed, "range": None, "max_ratio": value.max_ratio}
    limits = asdict(value)
    return {"fixed": [], "max_ratio": limits.pop("max_ratio"), "range": limits}
