"""Estimates of what images cost, before they are made."""

from datetime import date
from typing import Literal, NamedTuple

from studio.domain.catalogue.catalogue import ModelCard, planned_model, provider_card
from studio.domain.catalogue.sizes import Size
from studio.domain.jobs.image_spec import ImageSpec
from studio.domain.orders.sizing import request_size, source_size
from studio.domain.provider_calls.instructions import most_bytes
from studio.domain.routing.fallback import apply_substitute
from studio.money import UNKNOWN, Cost


def estimate(spec: ImageSpec, model: ModelCard, size: Size) -> Cost:
    """Return an upper bound of an image's cost.

    Args:
        spec: The image.
        model: The model that makes it.
        size: Width and height in pixels that the provider is asked for.
    """
    return model.estimate(
        *size,
        model.quality_word(spec.quality),
        most_bytes(spec.operation, spec.prompt or "", spec.options),
        spec.steps,
        sources=len(spec.sources),
        options=spec.options,
    )


def likely_cost(spec: ImageSpec, model: ModelCard, size: Size) -> Cost:
    """Return the most likely cost of an image; arguments as in ``estimate``."""
    return model.prices.likely(
        *size,
        model.quality_word(spec.quality),
        most_bytes(spec.operation, spec.prompt or "", spec.options),
        spec.steps,
        model.source_tokens(len(spec.sources)),
        spec.options,
    )


class PriceOrigin(NamedTuple):
    """Source of the price of an estimate.

    Attributes:
        source: ``table``: the studio's price table has it; ``reported``: only the provider's answer
            says what a call cost; ``none``: no price is published.
        version, checked_at: The price table and the day of its last check; None without a table.
    """

    provider: str
    model: str
    source: Literal["table", "reported", "none"]
    version: str | None = None
    checked_at: date | None = None


def price_origin(provider: str, model: str) -> PriceOrigin:
    """Return whose price the estimates of a model are."""
    card = provider_card(provider)
    prices = planned_model(provider, model).prices
    if prices.known:
        return PriceOrigin(provider, model, "table", card.price_version, card.checked_at)
    # Tokens are counted by the provider's answer.
    told = card.reports_cost or prices.token_rates is not None
    return PriceOrigin(provider, model, "reported" if told else "none")


def reestimate(spec: ImageSpec) -> Cost:
    """Return an upper bound of an image's cost at today's prices, by any of its providers."""
    return dearest(spec)[0]


def dearest(spec: ImageSpec) -> tuple[Cost, tuple[str, str]]:
    """Return the highest of today's estimates of an image, and its provider and model.

    An unknown estimate is higher than any other.
    """
    found: list[tuple[Cost, tuple[str, str]]] = []
    for one in (spec, *(apply_substitute(spec, substitute) for substitute in spec.substitutes)):
        model = planned_model(one.provider, one.model)
        cost = estimate(one, model, request_size(one, model, source_size(one)))
        found.append((cost, (one.provider, one.model)))
    return max(found, key=lambda one: (one[0].micros is None, one[0].known_micros))


def higher_cost(one: Cost, other: Cost) -> Cost:
    """Return the larger of two estimates; an unknown one is larger than any other."""
    if one.micros is None or other.micros is None:
        return UNKNOWN
    return max(one, other, key=lambda cost: cost.known_micros)
