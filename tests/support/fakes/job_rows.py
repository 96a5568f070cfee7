"""Comparisons and changes of the rows of the fake job store."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from studio.domain.jobs.model import (
    Counts,
    Item,
    ItemStatus,
    Job,
    LogLine,
)
from studio.domain.ledger.model import LedgerEntry
from studio.money import UNKNOWN, Cost
from studio.ports.jobs import ItemEnding, Reservation


def same_attempt(row: Item, seen: Item) -> bool:
    """Return whether an item still is in the attempt and run in which it was read."""
    return (row.attempt, row.run) == (seen.attempt, seen.run)


def course(job: Job) -> tuple[object, ...]:
    """Return the values that an end of a run is computed from."""
    return job.run, job.status, job.reserved, job.run_spent


def in_call(row: Item, seen: Item) -> bool:
    return row.status == "running" and row.attempt == seen.attempt and row.attempt_open


def ended(row: Item, ending: ItemEnding) -> Item:
    entry = ending.settlement
    return replace(
        row,
        status=ending.status,
        stage="DONE" if ending.status == "succeeded" else ending.before.stage,
        attempt_open=ending.keep_attempt_open,
        settled_attempt=row.settled_attempt if entry is None else row.attempt,
        finished_at=ending.at,
        handle=row.handle if ending.keeps_handle else None,
        error=ending.error,
        **({} if entry is None else _costs(row, entry)),
        waiting=None,
        log=(*row.log, ending.log),
    )


def requeued(row: Item, run: int, wanted: Item) -> Item:
    return replace(
        row,
        status="queued",
        stage="INIT",
        run=run,
        attempt_open=wanted.attempt_open,
        estimate=wanted.estimate,
        started_at=None,
        finished_at=None,
        error=None,
        log=wanted.log,
        waiting=None,
    )


def _costs(row: Item, entry: LedgerEntry) -> dict[str, Any]:
    """Return the costs of an item after one more entry."""
    known, unknown = row.known_cost + (entry.amount or 0), row.unknown_costs + unknown_change(entry)
    return {
        "settled_basis": entry.basis,
        "known_cost": known,
        "unknown_costs": unknown,
        "cost": UNKNOWN if unknown else Cost(known, entry.basis, entry.price_version),
    }


def unknown_change(entry: LedgerEntry) -> int:
    """Return how an entry changes the number of calls without a known amount."""
    return -1 if entry.type == "adjust" else int(entry.amount is None)


def counted(counts: Counts, change: Mapping[ItemStatus, int]) -> Counts:
    return replace(
        counts,
        succeeded=counts.succeeded + change.get("succeeded", 0),
        failed=counts.failed + change.get("failed", 0),
        skipped=counts.skipped + change.get("skipped", 0),
        cancelled=counts.cancelled + change.get("cancelled", 0),
        unknown=counts.unknown + change.get("unknown", 0),
    )


def begun(row: Item, item: Item, at: datetime, deadline: datetime, log: LogLine) -> Item:
    return replace(
        row,
        status="running",
        stage="AI_CALL",
        attempt=item.attempt if item.attempt_open else item.attempt + 1,
        attempt_open=True,
        called_at=row.called_at if item.attempt_open else at,
        attempt_deadline=deadline,
        started_at=item.started_at or at,
        waiting=None,
        log=(*row.log, log),
    )


def with_costs(job: Job, entry: LedgerEntry) -> Job:
    """Return a job with its costs after one more entry."""
    known = entry.amount or 0
    job = replace(
        job,
        cost=job.cost + known,
        unknown_costs=job.unknown_costs + unknown_change(entry),
        reserved=job.reserved - entry.reserved,
    )
    if entry.type == "adjust":
        return job
    spent = entry.reserved if entry.amount is None else known
    return replace(job, run_spent=job.run_spent + spent)


def next_run(
    row: Job, job: Job, were: Sequence[ItemStatus], reservation: Reservation, log: LogLine
) -> Job:
    amount = reservation.entry.amount or 0
    back = {status: -count for status, count in Counter(were).items()}
    return replace(
        row,
        status="queued",
        run=job.run + 1,
        finished_at=None,
        budget_month=reservation.month,
        max_cost=job.max_cost if job.max_cost is not None else row.max_cost,
        reserved=row.reserved + amount,
        run_reserved=amount,
        run_spent=0,
        counts=counted(row.counts, back),
        warnings=job.warnings,
        log=(*job.log, log),
    )
