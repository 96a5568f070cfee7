"""The transactions that reserve money: a new job, and a further run of an ended one.

Only a function that takes orders loads this module. Keys of the records: ``job_transactions``.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from studio.adapters.dynamodb import batch_actions, content_actions
from studio.adapters.dynamodb import job_records as records
from studio.adapters.dynamodb.base import write
from studio.adapters.dynamodb.job_transactions import (
    Actions,
    claim_key,
    item_key,
    job_key,
    put_entry,
    put_new,
    replay,
)
from studio.adapters.dynamodb.writes import WriteRetry, transact
from studio.config import Tables
from studio.domain.jobs.model import ContentClaim, Item, Job, LogLine
from studio.errors import BudgetExceededError, StateConflictError
from studio.ports.jobs import Idempotency, Replayed, Reservation

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

# What an item carries of the times of a run, and of how it ended.
_OF_AN_ENDING = ("error_code", "error_message", "error_retryable", "started_at", "finished_at")


def create(
    tables: Tables,
    job: Job,
    items: Sequence[Item],
    reservation: Reservation,
    idempotency: Idempotency,
    claims: Sequence[ContentClaim],
) -> Actions:
    """Key, month, job, items, the reservation of a new job, and the claims of its contents."""
    return [
        *_claim(tables, reservation, idempotency, job.created_at),
        put_new(tables.jobs, records.job_record(job)),
        *(put_new(tables.jobs, records.item_record(item)) for item in items),
        put_entry(tables, reservation.entry),
        *batch_actions.begin_row(tables.jobs, job),
        *content_actions.claim(tables.jobs, job, claims),
    ]


def redrive(
    tables: Tables,
    job: Job,
    items: Sequence[Item],
    reservation: Reservation,
    idempotency: Idempotency,
    at: datetime,
    log: LogLine,
    claims: Sequence[ContentClaim],
) -> Actions:
    """Key, month, the job's new run, the items queued again, the new reservation, and claims."""
    return [
        *_claim(tables, reservation, idempotency, at),
        {"Update": _reopen(tables, job, items, reservation, log, claims)},
        *({"Update": _requeue(tables, item, job.run + 1)} for item in items),
        put_entry(tables, reservation.entry),
        *batch_actions.reopen_row(tables.jobs, job),
        *content_actions.claim_again(tables.jobs, job, claims),
    ]


def submit(
    client: "DynamoDBClient",
    actions: Actions,
    reservation: Reservation,
    idempotency: Idempotency,
    retry: WriteRetry,
) -> Replayed | None:
    """Write a transaction of this module; return the first answer if its key is held.

    Raises:
        IdempotencyKeyReusedError: the key is held for another body.
        BudgetExceededError: the month has no room for the reservation.
        StateConflictError: the job or a content moved meanwhile.
    """
    failed = transact(client, actions, retry)
    if 0 in failed:
        return replay(failed[0], idempotency.body_hash)
    amount = reservation.entry.amount or 0
    # The month is written only if there is money to reserve.
    if amount and reservation.limit is not None and 1 in failed:
        committed = failed[1].get("committed", 0)
        raise BudgetExceededError(limit=reservation.limit, committed=committed, requested=amount)
    if failed:
        content_actions.check_claims(actions, failed)
        raise StateConflictError("the job moved meanwhile; read it again")
    return None


def _reopen(
    tables: Tables,
    job: Job,
    items: Sequence[Item],
    reservation: Reservation,
    log: LogLine,
    claims: Sequence[ContentClaim],
) -> dict[str, Any]:
    """Return the write that queues an ended job for its next run."""
    amount = reservation.entry.amount or 0
    back = {
        status: -sum(item.status == status for item in items)
        for status in ("failed", "unknown", "cancelled")
    }
    return write(
        tables.jobs,
        job_key(job),
        condition="#status = :status AND #run = :run AND attribute_not_exists(#open)",
        values={"status": job.status, "run": job.run},
        sets={
            "status": "queued",
            "run": job.run + 1,
            "open": "1",
            "budget_month": reservation.month,
            "run_reserved": amount,
            "run_spent": 0,
            "max_cost": job.max_cost,
            "warnings": list(job.warnings),
            "content_ids": [claim.content_id for claim in claims],
            "log": [records.log_text(line) for line in (*job.log, log)],
        },
        adds={"reserved": amount, **{name: count for name, count in back.items() if count}},
        removes=("finished_at",),
    )


def _claim(
    tables: Tables, reservation: Reservation, idempotency: Idempotency, at: datetime
) -> Actions:
    """The caller's key first, then the month: ``submit`` reads reasons by that order."""
    claim = claim_key(tables.jobs, idempotency, at)
    amount = reservation.entry.amount or 0
    return [claim, _hold(tables, reservation, amount)] if amount else [claim]


def _hold(tables: Tables, reservation: Reservation, amount: int) -> dict[str, Any]:
    """Raise the month's sums, within the limit where there is one."""
    condition: str | None = None
    values: dict[str, object] | None = None
    if reservation.limit is not None:
        values = {"room": reservation.limit - amount}
        condition = "#committed <= :room"
        if amount <= reservation.limit:
            condition = "attribute_not_exists(#committed) OR #committed <= :room"
    held = write(
        tables.ledger,
        {"pk": reservation.entry.tenant, "sk": f"MONTH#{reservation.month}"},
        condition=condition,
        values=values,
        adds={"committed": amount, "reserved": amount},
    )
    return {"Update": {**held, "ReturnValuesOnConditionCheckFailure": "ALL_OLD"}}


def _requeue(tables: Tables, item: Item, run: int) -> dict[str, Any]:
    priced = item.estimate.micros is not None
    return write(
        tables.jobs,
        item_key(item),
        condition="#status = :status AND #run = :run AND #attempt = :attempt",
        values={"status": item.status, "run": item.run, "attempt": item.attempt},
        sets={
            "status": "queued",
            "stage": "INIT",
            "run": run,
            "attempt_open": item.attempt_open,
            "estimate_micros": item.estimate.micros,
            "estimate_version": item.estimate.price_version,
            "log": [records.log_text(line) for line in item.log],
        },
        removes=(*_OF_AN_ENDING, *records.WAITING, *(() if priced else ("estimate_micros",))),
    )
