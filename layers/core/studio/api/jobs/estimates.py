"""Documents about what orders would cost."""

from collections.abc import Iterable, Sequence

from studio.api.http.serializers import Document, cost, money, size
from studio.domain.orders.estimate import price_origin
from studio.domain.orders.plan import Plan
from studio.money import UNKNOWN, Cost


def _sum(costs: Iterable[Cost]) -> Cost:
    """Return the sum of estimates, unknown as soon as one is."""
    values = list(costs)
    if any(value.micros is None for value in values):
        return UNKNOWN
    return Cost(sum(value.known_micros for value in values), "estimated")


def _price(provider: str, model: str) -> Document:
    """Whose price an estimate is."""
    origin = price_origin(provider, model)
    return {
        "provider": origin.provider,
        "model": origin.model,
        "source": origin.source,
        "version": origin.version,
        "checked_at": origin.checked_at.isoformat() if origin.checked_at else None,
    }


def estimate(plans: Sequence[Plan], warnings: Sequence[str], budget: Document) -> Document:
    """What orders would cost: per image and in all, unknown as soon as one image is."""
    images = [image for plan in plans for image in plan.images]
    total = _sum(image.estimate for image in images)
    held = sum(plan.reserve for plan in plans)
    return {
        "total": cost(total),
        "basis": total.basis,
        "likely": cost(_sum(image.likely for image in images)),
        "held": {**money(held), "unpriced": sum(plan.unpriced for plan in plans)},
        "per_item": [
            {
                "job": order,
                "item": number,
                "provider": {"id": image.spec.provider, "model": image.spec.model},
                "size": size(image.spec),
                "cost": cost(image.estimate),
                "likely": cost(image.likely),
                "likely_price": _price(image.spec.provider, image.spec.model),
                "held": cost(image.estimate),
                "held_price": _price(*image.held_for),
            }
            for order, plan in enumerate(plans, 1)
            for number, image in enumerate(plan.images, 1)
        ],
        "provider_choice": [
            {
                "job": order,
                "id": plan.choice.provider,
                "model": plan.choice.model,
                "reason": plan.choice.reason,
            }
            for order, plan in enumerate(plans, 1)
            if plan.choice is not None
        ],
        "warnings": list(warnings),
        "budget": budget,
    }
