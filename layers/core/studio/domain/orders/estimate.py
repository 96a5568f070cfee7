"""Estimates of what images cost, before they are made."""

from studio.domain.catalogue.catalogue import ModelCard, planned_model
from studio.domain.catalogue.sizes import Size
from studio.domain.jobs.model import ImageSpec
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


def reestimate(spec: ImageSpec) -> Cost:
    """Return an upper bound of an image's cost at today's prices, by any of its providers."""
    highest: Cost | None = None
    for one in (spec, *(apply_substitute(spec, substitute) for substitute in spec.substitutes)):
        model = planned_model(one.provider, one.model)
        cost = estimate(one, model, request_size(one, model, source_size(one)))
        highest = cost if highest is None else higher_cost(highest, cost)
    return highest or UNKNOWN


def higher_cost(one: Cost, other: Cost) -> Cost:
    """Return the larger of two estimates; an unknown one is larger than any other."""
    if one.micros is None or other.micros is None:
        return UNKNOWN
    return max(one, other, key=lambda cost: cost.known_micros)
