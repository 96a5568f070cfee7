"""Substitutes of a job's images: which providers may take over, and why others may not."""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace

from studio.domain.orders.estimate import higher_cost
from studio.domain.orders.plan import Plan, PlannedImage
from studio.domain.orders.request import JobRequest
from studio.domain.routing.choice import Candidate
from studio.domain.routing.fallback import MAX_SUBSTITUTES, substitute_of
from studio.errors import InvalidRequestError


def with_substitutes(
    order: JobRequest, best: Candidate[Plan], others: Sequence[Candidate[Plan]]
) -> tuple[Plan, tuple[str, ...]]:
    """Return the best plan with substitutes for its images, and the providers of both.

    Args:
        order: The order; the plan keeps its ``max_cost``.
        best: The provider and model that are asked first.
        others: Candidates for substitutes, the preferred first.
    """
    plan, providers = best.plan, [best.provider]
    for other in others:
        if len(providers) > MAX_SUBSTITUTES:
            break
        if not _may_replace(best, other):
            continue
        longer = replace(plan, images=tuple(map(_with_substitute, plan.images, other.plan.images)))
        if order.max_cost is None or longer.reserve <= order.max_cost:
            plan = longer
            providers.append(other.provider)
    return plan, tuple(providers)


def unused_fallbacks(
    order: JobRequest,
    providers: Collection[str],
    candidate: Callable[[str, str | None], Candidate[Plan]],
) -> Iterator[str]:
    """Yield warnings for each fallback that the caller names and the plan does not use.

    Those of its model, for example that it has ended, come before the reason.

    Args:
        order: The order.
        providers: The providers of the plan. With as many as a job may have, nothing is wrong.
        candidate: Plans the order with a provider and a model.
    """
    if len(providers) > MAX_SUBSTITUTES:
        return
    for provider, model in order.fallback:
        if provider not in providers:
            warnings, reason = _obstacle(provider, model, candidate)
            yield from warnings
            yield f"{provider} was named to take over and will not: {reason}."


def substitute_warnings(
    order: JobRequest, providers: Collection[str], others: Sequence[Candidate[Plan]]
) -> Iterator[str]:
    """Yield the warnings of each fallback that the caller names and the plan uses.

    Args:
        order: The order.
        providers: The providers of the plan.
        others: The candidates for substitutes.
    """
    models = dict(order.fallback)
    for other in others:
        if other.provider not in providers or other.provider not in models:
            continue
        if models[other.provider]:
            yield from other.plan.warnings
        for image in other.plan.images:
            for text in image.spec.warnings:
                yield f"if {other.provider} takes over: {text}"


def _may_replace(best: Candidate[Plan], other: Candidate[Plan]) -> bool:
    if other.preview or other.refused or other.obstacle is not None:
        return False
    if (other.provider, other.model) == (best.provider, best.model):
        return False
    return best.price is None or other.price is not None


def _with_substitute(image: PlannedImage, other: PlannedImage) -> PlannedImage:
    if image.skipped:
        return image
    substitutes = (*image.spec.substitutes, substitute_of(other.spec))
    cost = higher_cost(image.estimate, other.estimate)
    held_for = image.held_for if cost == image.estimate else other.held_for
    return replace(
        image,
        spec=replace(image.spec, substitutes=substitutes),
        estimate=cost,
        held_for=held_for,
    )


def _obstacle(
    provider: str, model: str | None, candidate: Callable[[str, str | None], Candidate[Plan]]
) -> tuple[tuple[str, ...], str]:
    """Return the warnings of a fallback's model, and why it cannot make the images."""
    try:
        planned = candidate(provider, model)
    except InvalidRequestError as error:
        return (), error.fields[0].detail
    warnings = planned.plan.warnings
    if planned.obstacle is not None:
        return warnings, planned.obstacle
    if planned.price is None:
        return warnings, "its price is not known"
    return warnings, "it does not keep the limit on what may be spent"
