"""The transactions that move jobs, items, pictures and money together.

Every status write names the states it may come from, so a repeat, a late worker or a second
event changes nothing. Keys (table Ledger): entry pk = {tenant}#{job_id}, sk = entry id; month
pk = {tenant}, sk = MONTH#{yyyy-mm}. Keys (table Assets): pk = {tenant}, sk = {asset_id}; its
renditions pk = {tenant}#RENDITIONS.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from studio.adapters.dynamodb import batch_actions
from studio.adapters.dynamodb import job_records as records
from studio.adapters.dynamodb.asset_records import asset_record
from studio.adapters.dynamodb.base import Attributes, write
from studio.adapters.dynamodb.ledger_records import entry_record
from studio.adapters.dynamodb.rendition_records import renditions_record
from studio.clock import rfc3339
from studio.config import Tables
from studio.domain.jobs.model import Item, Job, LogLine
from studio.domain.ledger.model import LedgerEntry
from studio.ports.jobs import Idempotency, ItemEnding, JobEnding, Reservation

Actions = list[Any]

# What an item carries of the times of a run, and of how it ended.
_OF_AN_ENDING = ("error_code", "error_message", "error_retryable", "started_at", "finished_at")


def idempotency_key(tenant: str, scope: str, key: str) -> dict[str, str]:
    """Primary key of a caller's key."""
    return {"pk": f"{tenant}#IDEM", "sk": f"{scope}#{key}"}


def create(
    tables: Tables,
    job: Job,
    items: Sequence[Item],
    reservation: Reservation,
    idempotency: Idempotency,
) -> Actions:
    """Key, month, job, items and the reservation of a new job."""
    return [
        *_claim(tables, reservation, idempotency, job.created_at),
        _put(tables.jobs, records.job_record(job)),
        *(_put(tables.jobs, records.item_record(item)) for item in items),
        _put_entry(tables, reservation.entry),
        *batch_actions.begin_line(tables.jobs, job),
    ]


def redrive(
    tables: Tables,
    job: Job,
    items: Sequence[Item],
    reservation: Reservation,
    idempotency: Idempotency,
    at: datetime,
    log: LogLine,
) -> Actions:
    """Key, month, the job's new run, the items queued again, and the new reservation."""
    amount = reservation.entry.amount or 0
    back = {
        status: -sum(item.status == status for item in items)
        for status in ("failed", "unknown", "cancelled")
    }
    reopened = write(
        tables.jobs,
        _job_key(job),
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
            "log": [records.log_text(line) for line in (*job.log, log)],
        },
        adds={"reserved": amount, **{name: count for name, count in back.items() if count}},
        removes=("finished_at",),
    )
    return [
        *_claim(tables, reservation, idempotency, at),
        {"Update": reopened},
        *({"Update": _requeue(tables, item, job.run + 1)} for item in items),
        _put_entry(tables, reservation.entry),
        *batch_actions.reopen_line(tables.jobs, job),
    ]


def finish_item(tables: Tables, ending: ItemEnding) -> Actions:
    """Item and job counters, with the asset and the ledger entry where there are any."""
    item, entry = ending.before, ending.settlement
    settled = entry is not None
    ended = write(
        tables.jobs,
        _item_key(item),
        condition="#status IN (:queued, :running) AND #attempt = :attempt"
        " AND #settled_attempt = :settled AND #run = :run",
        values={
            "queued": "queued",
            "running": "running",
            "attempt": item.attempt,
            "settled": item.settled_attempt,
            "run": item.run,
        },
        sets={
            "status": ending.status,
            "stage": "DONE" if ending.status == "succeeded" else item.stage,
            "attempt_open": ending.keep_attempt_open,
            "settled_attempt": item.attempt if settled else item.settled_attempt,
            "finished_at": rfc3339(ending.at),
            "error_code": ending.error.code if ending.error else None,
            "error_message": ending.error.message if ending.error else None,
            "error_retryable": ending.error.retryable if ending.error else None,
            "cost_basis": entry.basis if entry else None,
            "price_version": entry.price_version if entry else None,
        },
        adds=_costs(entry),
        removes=records.WAITING if ending.keeps_handle else ("handle", *records.WAITING),
        appends={"log": [records.log_text(ending.log)]},
    )
    counted = write(
        tables.jobs,
        _job_key(item),
        condition="attribute_exists(#open) AND #run = :run",
        values={"run": item.run},
        adds={str(ending.status): 1, **_costs(entry), **_run_costs(entry)},
    )
    actions: Actions = [{"Update": ended}, {"Update": counted}]
    if entry is not None:
        actions.append(_put_entry(tables, entry))
    if ending.asset is not None:
        actions.append(_put(tables.assets, asset_record(ending.asset)))
    if ending.asset is not None and ending.renditions:
        record = renditions_record(item.tenant, ending.asset.asset_id, ending.renditions)
        actions.append(_put(tables.assets, record))
    return actions


def cancel(tables: Tables, job: Job, queued: Sequence[Item], at: datetime, log: LogLine) -> Actions:
    """The job marked, its queued items cancelled and counted."""
    marked = write(
        tables.jobs,
        _job_key(job),
        condition="#status IN (:queued, :running) AND #run = :run",
        values={"queued": "queued", "running": "running", "run": job.run},
        sets={"status": "cancelling"},
        adds={"cancelled": len(queued)},
        appends={"log": [records.log_text(log)]},
    )
    return [{"Update": marked}, *({"Update": _cancelled(tables, item, at)} for item in queued)]


def finish(tables: Tables, ending: JobEnding) -> Actions:
    """The job's last status, what is given back, and the month put right."""
    job = ending.before
    closed = write(
        tables.jobs,
        _job_key(job),
        condition="attribute_exists(#open) AND #run = :run AND #status = :status"
        " AND #reserved = :reserved AND #run_spent = :spent",
        values={
            "run": job.run,
            "status": job.status,
            "reserved": job.reserved,
            "spent": job.run_spent,
        },
        sets={"status": ending.status, "finished_at": rfc3339(ending.at), "reserved": 0},
        removes=("open",),
        appends={"log": [records.log_text(ending.log)]},
    )
    actions: Actions = [{"Update": closed}]
    if ending.release is not None:
        actions.append(_put_entry(tables, ending.release))
    if ending.month_correction:
        correction = add_to_month(tables, job.tenant, job.budget_month, ending.month_correction)
        actions.append(correction)
    return actions + batch_actions.end_line(tables.jobs, ending)


def _claim(
    tables: Tables, reservation: Reservation, idempotency: Idempotency, at: datetime
) -> Actions:
    """The caller's key first, then the month: ``DynamoJobStore`` reads reasons by that order."""
    claim = claim_key(tables.jobs, idempotency, at)
    amount = reservation.entry.amount or 0
    return [claim, _hold(tables, reservation, amount)] if amount else [claim]


def claim_key(table: str, idempotency: Idempotency, at: datetime) -> dict[str, Any]:
    """A caller's key with its answer, where it is not held already."""
    claimed = write(
        table,
        idempotency_key(idempotency.tenant, idempotency.scope, idempotency.key),
        condition="attribute_not_exists(pk) OR #expires_at < :now",
        values={"now": int(at.timestamp())},
        put={
            "body_hash": idempotency.body_hash,
            "answer": idempotency.answer,
            "expires_at": int(idempotency.expires_at.timestamp()),
        },
    )
    return {"Put": {**claimed, "ReturnValuesOnConditionCheckFailure": "ALL_OLD"}}


def _hold(tables: Tables, reservation: Reservation, amount: int) -> dict[str, Any]:
    """Raise the month's committed sum, within the limit where there is one."""
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
        adds={"committed": amount},
    )
    return {"Update": {**held, "ReturnValuesOnConditionCheckFailure": "ALL_OLD"}}


def _requeue(tables: Tables, item: Item, run: int) -> dict[str, Any]:
    priced = item.estimate.micros is not None
    return write(
        tables.jobs,
        _item_key(item),
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


def _cancelled(tables: Tables, item: Item, at: datetime) -> dict[str, Any]:
    return write(
        tables.jobs,
        _item_key(item),
        condition="#status = :queued AND #attempt = :attempt",
        values={"queued": "queued", "attempt": item.attempt},
        sets={"status": "cancelled", "finished_at": rfc3339(at)},
        removes=records.WAITING,
    )


def add_to_month(tables: Tables, tenant: str, month: str, correction: int) -> dict[str, Any]:
    """Return the action that corrects a month's committed sum by micro-dollars."""
    key = {"pk": tenant, "sk": f"MONTH#{month}"}
    return {"Update": write(tables.ledger, key, adds={"committed": correction})}


def _costs(entry: LedgerEntry | None) -> dict[str, int]:
    """What an entry adds to the cost of its item and of its job."""
    if entry is None:
        return {}
    if entry.amount is None:
        return {"unknown_costs": 1}
    if entry.type == "adjust":
        return {"cost": entry.amount, "unknown_costs": -1}
    return {"cost": entry.amount}


def _run_costs(entry: LedgerEntry | None) -> dict[str, int]:
    """What an entry does to the run: an unknown charge goes on holding its reservation.

    An adjust entry corrects an earlier run, so the present one neither pays nor frees anything.
    """
    if entry is None or entry.type == "adjust":
        return {}
    spent = entry.reserved if entry.amount is None else entry.amount
    return {"reserved": -entry.reserved, "run_spent": spent}


def _put(table: str, record: Attributes) -> dict[str, Any]:
    key = {"pk": record["pk"], "sk": record["sk"]}
    return {"Put": write(table, key, put=record, condition="attribute_not_exists(pk)")}


def _put_entry(tables: Tables, entry: LedgerEntry) -> dict[str, Any]:
    return _put(tables.ledger, entry_record(entry))


def _job_key(of: Job | Item) -> dict[str, str]:
    return {"pk": records.partition(of.tenant, of.job_id), "sk": records.JOB_SORT_KEY}


def _item_key(item: Item) -> dict[str, str]:
    return {
        "pk": records.partition(item.tenant, item.job_id),
        "sk": records.item_sort_key(item.number),
    }
