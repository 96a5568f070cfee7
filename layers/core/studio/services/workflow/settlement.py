"""Endings of images without a picture, and their cost; all steps share them."""

from datetime import datetime

from studio.domain.jobs.model import Item, ItemError, LogLine
from studio.domain.ledger.model import LedgerEntry, settle_id
from studio.money import UNKNOWN, Cost
from studio.ports.jobs import ItemEnding


def settlement(
    item: Item, cost: Cost, at: datetime, provider_request_id: str | None = None
) -> LedgerEntry | None:
    """Return the entry that settles the item's newest call, None if it is settled already."""
    if item.settled_attempt == item.attempt:
        return None
    return LedgerEntry(
        tenant=item.tenant,
        job_id=item.job_id,
        entry_id=settle_id(item.number, item.attempt),
        type="settle",
        at=at,
        run=item.run,
        amount=cost.micros,
        basis=cost.basis,
        reserved=item.estimate.known_micros,
        price_version=cost.price_version,
        item=item.number,
        attempt=item.attempt,
        provider=item.spec.provider,
        model=item.spec.model,
        provider_request_id=provider_request_id,
    )


def failed(
    item: Item,
    at: datetime,
    code: str,
    message: str,
    *,
    retryable: bool = False,
    cost: Cost | None = None,
    provider_request_id: str | None = None,
    keep_attempt_open: bool = False,
) -> ItemEnding:
    """Return the ending of a failed item; ``cost`` is what was charged, None for nothing."""
    entry = settlement(item, cost, at, provider_request_id) if cost is not None else None
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
        settlement=settlement(item, UNKNOWN, at),
    )
