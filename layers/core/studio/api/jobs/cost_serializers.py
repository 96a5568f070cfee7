"""Serializers of what jobs cost: estimates before they run, ledger entries after."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from studio.api.http.serializers import cost, money
from studio.api.jobs.serializers import provider, size
from studio.clock import rfc3339
from studio.domain.ledger.model import LedgerEntry, totals
from studio.domain.orders.estimate import price_origin
from studio.domain.orders.plan import Plan, PlannedImage
from studio.money import CURRENCY, UNKNOWN, Cost, format_usd

if TYPE_CHECKING:
    from studio.api.http.responses import Page
    from studio.api.jobs import responses
    from studio.services.orders.origins import Member, MemberOrigin


def estimate(
    plans: Sequence[Plan],
    sources: "Sequence[Mapping[Member, MemberOrigin]]",
    warnings: Sequence[str],
    budget: "responses.Budget",
) -> "responses.Estimate":
    """Return what jobs would cost; a sum is unknown as soon as one image is."""
    images = [image for plan in plans for image in plan.images]
    total = _sum([image.estimate for image in images])
    held = sum(plan.reserve for plan in plans)
    return {
        "total": cost(total),
        "basis": total.basis,
        "likely": cost(_sum([image.likely for image in images])),
        "held": {**money(held), "unpriced": sum(plan.unpriced for plan in plans)},
        "per_item": [
            _image(order, number, image)
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
        "sources": [_origins(order, members) for order, members in enumerate(sources, 1)],
        "warnings": list(warnings),
        "budget": budget,
    }


def _image(order: int, number: int, image: PlannedImage) -> "responses.ItemEstimate":
    return {
        "job": order,
        "item": number,
        "provider": provider(image.spec.provider, image.spec.model),
        "size": size(image.spec),
        "cost": cost(image.estimate),
        "likely": cost(image.likely),
        "likely_price": _price(image.spec.provider, image.spec.model),
        "held": cost(image.estimate),
        "held_price": _price(*image.held_for),
    }


def _origins(order: int, members: "Mapping[Member, MemberOrigin]") -> "responses.MemberSources":
    return {
        "job": order,
        "provider": members["provider"],
        "model": members["model"],
        "format": members["format"],
        "size": members["size"],
        "quality": members["quality"],
    }


def budget(limit: int | None, committed: int) -> "responses.Budget":
    """Return the limit and the committed sum of the month, in micro-dollars."""
    if limit is None:
        return {"limit": None, "committed": None}
    return {"limit": money(limit), "committed": money(committed)}


def ledger(
    shown: Sequence[LedgerEntry], entries: Sequence[LedgerEntry], page: "Page"
) -> "responses.Ledger":
    """Return a page of a job's entries, and the sums of all its entries."""
    sums = totals(entries)
    return {
        "data": [_entry(entry) for entry in shown],
        "totals": {
            "currency": CURRENCY,
            "reserved": format_usd(sums.reserved),
            "settled": format_usd(sums.settled),
            "released": format_usd(sums.released),
            "held": format_usd(sums.held),
            "unknown_entries": sums.unknown_entries,
        },
        "page": page,
    }


def _sum(costs: Sequence[Cost]) -> Cost:
    if any(value.micros is None for value in costs):
        return UNKNOWN
    return Cost(sum(value.known_micros for value in costs), "estimated")


def _price(provider_id: str, model: str) -> "responses.PriceOrigin":
    origin = price_origin(provider_id, model)
    return {
        "provider": origin.provider,
        "model": origin.model,
        "source": origin.source,
        "version": origin.version,
        "checked_at": origin.checked_at.isoformat() if origin.checked_at else None,
    }


def _entry(value: LedgerEntry) -> "responses.LedgerEntry":
    return {
        "id": value.entry_id,
        "type": value.type,
        "at": rfc3339(value.at),
        "run": value.run,
        "item": value.item,
        "attempt": value.attempt,
        "amount": None if value.amount is None else format_usd(value.amount),
        "currency": CURRENCY,
        "basis": value.basis,
        "reservation_used": format_usd(value.reserved),
        "price_version": value.price_version,
        "provider": value.provider,
        "model": value.model,
        "provider_request_id": value.provider_request_id,
        "operation": value.operation,
        "duration_ms": value.duration_ms,
    }
