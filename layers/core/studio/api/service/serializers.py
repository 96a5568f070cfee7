"""Serializers of the service, the caller and the providers."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from studio.api.http.serializers import money
from studio.domain.catalogue.catalogue import ModelCard, ProviderCard
from studio.domain.catalogue.lifecycle import Lifecycle
from studio.domain.catalogue.parameters import Range
from studio.domain.catalogue.sizes import FixedSizes, FreeSizes
from studio.domain.jobs.model import MAX_ITEMS, MAX_VARIATIONS

if TYPE_CHECKING:
    from studio.api.http.messages import Caller
    from studio.api.service import responses
    from studio.domain.integrations.model import ProviderAccess
    from studio.domain.ledger.model import MonthTotals


def health(version: str, region: str) -> "responses.Health":
    """Return that the function runs, its version and its region."""
    return {"status": "ok", "version": version, "region": region}


def me(caller: "Caller", monthly_limit: int | None, month: "MonthTotals") -> "responses.Me":
    """Return the caller, their limits and their month; ``monthly_limit`` is in micro-dollars."""
    limit = None if monthly_limit is None else money(monthly_limit)
    return {
        "id": caller.subject,
        "email": caller.email,
        "account_id": caller.tenant,
        "role": caller.role,
        "groups": list(caller.groups),
        "limits": {
            "monthly": limit,
            "images_per_job": MAX_ITEMS,
            "variations": MAX_VARIATIONS,
        },
        "month": {
            "spent": money(month.spent),
            "reserved": money(month.reserved),
            "limit": limit,
        },
    }


@dataclass(frozen=True, slots=True)
class Usable:
    """What an account can use; ``failing`` are providers whose calls a breaker holds now."""

    access: "ProviderAccess"
    failing: frozenset[str]


def providers(cards: Iterable[ProviderCard], usable: Usable) -> "responses.ProviderList":
    """Return all providers."""
    return {"data": [provider(card, usable) for card in cards]}


def provider(card: ProviderCard, usable: Usable) -> "responses.Provider":
    """Return a provider with its models, the retired ones included."""
    return {
        "id": card.id,
        "title": card.title,
        "enabled": card.id not in usable.access.disabled,
        # A provider without keys is called by the stack itself.
        "configured": usable.access.configured(card.id) if card.auth == "key" else "stack",
        "healthy": card.id not in usable.failing,
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


def _model(card: ModelCard) -> "responses.Model":
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
            "steps": _range(takes.steps) if takes.steps else None,
            "guidance": _range(takes.guidance) if takes.guidance else None,
        },
        "sizes": _sizes(card.sizes),
        "sources": {"max": card.sources.max, "roles": list(card.sources.roles)},
        "inputs": sorted(card.options),
        "price_known": card.prices.known,
    }


def _lifecycle(value: Lifecycle) -> "responses.ModelLifecycle":
    return {
        "state": value.state,
        "ends": value.ends.isoformat() if value.ends else None,
        "successor": value.successor,
    }


def _range(value: Range) -> "responses.Range":
    return {"min": value.min, "max": value.max}


def _sizes(value: FixedSizes | FreeSizes) -> "responses.Sizes":
    """Return the sizes that a model makes; other sizes are cropped from these."""
    if isinstance(value, FixedSizes):
        fixed = [f"{width}x{height}" for width, height in value.sizes]
        return {"fixed": fixed, "range": None, "max_ratio": value.max_ratio}
    limits: responses.SizeRange = {
        "multiple_of": value.multiple_of,
        "min_side": value.min_side,
        "max_side": value.max_side,
        "min_pixels": value.min_pixels,
        "max_pixels": value.max_pixels,
    }
    return {"fixed": [], "max_ratio": value.max_ratio, "range": limits}
