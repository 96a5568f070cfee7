"""Endings of items without an image, and their cost; all steps share them."""

import json
from datetime import datetime
from typing import TYPE_CHECKING

from studio.domain.jobs.model import Item, ItemError, LogLine
from studio.domain.ledger.model import LedgerEntry, adjust_id, settle_id
from studio.money import UNKNOWN, Cost
from studio.ports.jobs import ItemEnding

if TYPE_CHECKING:
    from studio.domain.jobs.staged_result import StagedResult
    from studio.domain.provider_calls.model import Refused


def settlement(
    item: Item,
    cost: Cost,
    at: datetime,
    provider_request_id: str | None = None,
    staged: "StagedResult | None" = None,
) -> LedgerEntry | None:
    """Return the entry that books the item's newest call, None if its cost is booked already.

    A call that was settled as unknown gets an adjust entry once its cost is known. It used none
    of the present run's reservation. A call without a staged result ends at ``at``.
    """
    learned = item.settled_attempt == item.attempt
    if learned and (item.settled_basis != "unknown" or cost.micros is None):
        return None
    number, attempt = item.number, item.attempt
    entry_id = adjust_id(number, attempt, "result") if learned else settle_id(number, attempt)
    return LedgerEntry(
        tenant=item.tenant,
        job_id=item.job_id,
        entry_id=entry_id,
        type="adjust" if learned else "settle",
        at=at,
        run=item.run,
        amount=cost.micros,
        basis=cost.basis,
        reserved=0 if learned else item.estimate.known_micros,
        price_version=cost.price_version,
        item=item.number,
        attempt=item.attempt,
        provider=item.spec.provider,
        model=item.spec.model,
        provider_request_id=provider_request_id,
        operation=item.spec.operation,
        duration_ms=duration_ms(item, at) if staged is None else staged.duration_ms,
    )


def duration_ms(item: Item, at: datetime) -> int | None:
    """Return the milliseconds from the start of an item's newest call to a time."""
    if item.called_at is None:
        return None
    return max(0, round((at - item.called_at).total_seconds() * 1000))


def cost_of_refusal(item: Item, refusal: "Refused") -> Cost | None:
    """Return what a refused call cost, None for a call with nothing to book.

    A free refusal of the call itself corrects a call that was settled as unknown to zero. A
    refusal of the question about it, for example for a wrong key, says nothing about its cost.
    """
    if refusal.cost is None and refusal.kind in ("moderation", "transient"):
        learned = item.settled_attempt == item.attempt and item.settled_basis == "unknown"
        return Cost(0, "reported") if learned else None
    return refusal.cost


def failed(
    item: Item,
    at: datetime,
    code: str,
    message: str,
    *,
    retryable: bool = False,
    cost: Cost | None = None,
    provider_request_id: str | None = None,
    staged: "StagedResult | None" = None,
    keep_attempt_open: bool = False,
) -> ItemEnding:
    """Return the ending of a failed item.

    ``cost`` is what was charged, None for nothing; ``staged`` is what is stored of a paid call.
    """
    if staged is not None:
        cost, provider_request_id = staged.cost, staged.provider_request_id
    entry = settlement(item, cost, at, provider_request_id, staged) if cost is not None else None
    return ItemEnding(
        before=item,
        status="failed",
        at=at,
        log=LogLine(at, "error", item.stage, f"Failed ({code}): {message}", item.number),
        error=ItemError(code, message, retryable),
        settlement=entry,
        keep_attempt_open=keep_attempt_open,
    )


def cancelled(item: Item, at: datetime) -> ItemEnding:
    """Return the ending of a queued item of a cancelled job; nothing is owed."""
    return ItemEnding(
        before=item,
        status="cancelled",
        at=at,
        log=LogLine(at, "warning", item.stage, "Cancelled before its next call", item.number),
        keep_attempt_open=item.attempt_open,
    )


def unknown(item: Item, at: datetime, message: str) -> ItemEnding:
    """Return the ending of an item whose call may be paid; its amount is unknown, never zero."""
    return ItemEnding(
        before=item,
        status="unknown",
        at=at,
        log=LogLine(at, "warning", item.stage, f"Outcome unknown: {message}", item.number),
        error=ItemError("outcome-unknown", message),
        settlement=settlement(item, UNKNOWN, at, call_id(item.handle)),
    )


def call_id(handle: str | None) -> str | None:
    """Return the provider's id of a call from its handle, None if the handle has none.

    A handle is JSON with the id as ``call_id`` or ``id``, also one level down, or text that ends
    with the id after a slash.
    """
    if handle is None or not handle.startswith("{"):
        return handle.rpartition("/")[2] if handle else None
    members = json.loads(handle)
    inner = next((value for value in members.values() if isinstance(value, dict)), {})
    found = (one.get(name) for one in (members, inner) for name in ("call_id", "id"))
    return next((str(value) for value in found if value), None)
