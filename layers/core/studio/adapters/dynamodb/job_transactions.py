"""The transactions that end items and jobs, with the images and money of each.

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
from studio.adapters.dynamodb.base import Attributes, write
from studio.adapters.dynamodb.ledger_records import entry_record
from studio.clock import rfc3339
from studio.config import Tables
from studio.domain.assets.model import Asset
from studio.domain.jobs.model import Item, Job, LogLine
from studio.domain.ledger.model import LedgerEntry
from studio.domain.renditions.model import Rendition
from studio.errors import IdempotencyKeyReusedError
from studio.ports.jobs import Idempotency, ItemEnding, JobEnding, Replayed

Actions = list[Any]


def idempotency_key(tenant: str, scope: str, key: str) -> dict[str, str]:
    """Primary key of a caller's key."""
    return {"pk": f"{tenant}#IDEM", "sk": f"{scope}#{key}"}


def finish_item(tables: Tables, ending: ItemEnding) -> Actions:
    """Item and job counters, with the asset and the ledger entry where there are any."""
    return [
        {"Update": _end_item(tables, ending)},
        {"Update": _count_item(tables, ending)},
        *([put_entry(tables, ending.settlement)] if ending.settlement else []),
        *([] if ending.asset is None else _put_asset(tables, ending.asset, ending.renditions)),
    ]


def _end_item(tables: Tables, ending: ItemEnding) -> dict[str, Any]:
    """End the item of the attempt and run that the ending is about."""
    item, entry = ending.before, ending.settlement
    return write(
        tables.jobs,
        item_key(item),
        condition="#status IN (:queued, :running) AND #attempt = :attempt"
        " AND #settled_attempt = :settled AND #run = :run",
        values={
            "queued": "queued",
            "running": "running",
            "attempt": item.attempt,
            "settled": item.settled_attempt,
            "run": item.run,
        },
        sets=_ended(ending),
        adds=_costs(entry),
        removes=records.WAITING if ending.keeps_handle else ("handle", *records.WAITING),
        appends={"log": [records.log_text(ending.log)]},
    )


def _ended(ending: ItemEnding) -> dict[str, object]:
    """Return the members of an item that describe its ending."""
    item, entry, error = ending.before, ending.settlement, ending.error
    return {
        "status": ending.status,
        "stage": "DONE" if ending.status == "succeeded" else item.stage,
        "attempt_open": ending.keep_attempt_open,
        "settled_attempt": item.attempt if entry else item.settled_attempt,
        "finished_at": rfc3339(ending.at),
        "error_code": error.code if error else None,
        "error_message": error.message if error else None,
        "error_retryable": error.retryable if error else None,
        "cost_basis": entry.basis if entry else None,
        "price_version": entry.price_version if entry else None,
    }


def _count_item(tables: Tables, ending: ItemEnding) -> dict[str, Any]:
    """Count an ended item, and its costs, in its job; a list shows its picture for the job."""
    item, entry, asset = ending.before, ending.settlement, ending.asset
    return write(
        tables.jobs,
        job_key(item),
        condition="attribute_exists(#open) AND #run = :run",
        values={"run": item.run},
        sets={"latest_asset_id": asset.asset_id if asset else None},
        adds={str(ending.status): 1, **_costs(entry), **_run_costs(entry)},
    )


def _put_asset(tables: Tables, asset: Asset, renditions: Sequence[Rendition]) -> Actions:
    """The asset and its further files; only SaveImage needs the modules of their records."""
    from studio.adapters.dynamodb.asset_records import asset_record
    from studio.adapters.dynamodb.rendition_records import renditions_record

    puts = [put_new(tables.assets, asset_record(asset))]
    if renditions:
        record = renditions_record(asset.tenant, asset.asset_id, renditions)
        puts.append(put_new(tables.assets, record))
    return puts


def cancel(tables: Tables, job: Job, queued: Sequence[Item], at: datetime, log: LogLine) -> Actions:
    """The job marked, its queued items cancelled and counted."""
    marked = write(
        tables.jobs,
        job_key(job),
        condition="#status IN (:queued, :running) AND #run = :run",
        values={"queued": "queued", "running": "running", "run": job.run},
        sets={"status": "cancelling"},
        adds={"cancelled": len(queued)},
        appends={"log": [records.log_text(log)]},
    )
    return [{"Update": marked}, *({"Update": _cancelled(tables, item, at)} for item in queued)]


def finish(tables: Tables, ending: JobEnding) -> Actions:
    """The job's last status, what is given back, the month put right, and its contents freed."""
    job = ending.before
    closed = write(
        tables.jobs,
        job_key(job),
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
        actions.append(put_entry(tables, ending.release))
    if ending.month_correction or job.run_reserved:
        actions.append(
            add_to_month(
                tables,
                job.tenant,
                job.budget_month,
                ending.month_correction,
                freed=job.run_reserved,
            )
        )
    if job.content_ids:
        from studio.adapters.dynamodb.content_actions import free

        actions += free(tables.jobs, job)
    return actions + batch_actions.end_row(tables.jobs, ending)


def replay(record: Attributes, body_hash: str) -> Replayed:
    """Return the first answer to a key that is held.

    Raises:
        IdempotencyKeyReusedError: the key is held for another body.
    """
    if record["body_hash"] != body_hash:
        raise IdempotencyKeyReusedError("this Idempotency-Key was used for another body")
    return Replayed(record["answer"])


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


def _cancelled(tables: Tables, item: Item, at: datetime) -> dict[str, Any]:
    return write(
        tables.jobs,
        item_key(item),
        condition="#status = :queued AND #attempt = :attempt",
        values={"queued": "queued", "attempt": item.attempt},
        sets={"status": "cancelled", "finished_at": rfc3339(at)},
        removes=records.WAITING,
    )


def add_to_month(
    tables: Tables, tenant: str, month: str, correction: int, *, freed: int = 0
) -> dict[str, Any]:
    """Return the action that corrects a month's committed sum by micro-dollars.

    ``freed`` is what the end of a run takes from the month's reserved sum.
    """
    key = {"pk": tenant, "sk": f"MONTH#{month}"}
    adds = {"committed": correction, **({"reserved": -freed} if freed else {})}
    return {"Update": write(tables.ledger, key, adds=adds)}


def _costs(entry: LedgerEntry | None) -> dict[str, int]:
    """Return the amounts that an entry adds to the cost of its item and of its job."""
    if entry is None:
        return {}
    if entry.amount is None:
        return {"unknown_costs": 1}
    if entry.type == "adjust":
        return {"cost": entry.amount, "unknown_costs": -1}
    return {"cost": entry.amount}


def _run_costs(entry: LedgerEntry | None) -> dict[str, int]:
    """Return the changes of an entry to the run: an unknown charge goes on holding its reservation.

    An adjust entry corrects an earlier run, so the present one neither pays nor frees anything.
    """
    if entry is None or entry.type == "adjust":
        return {}
    spent = entry.reserved if entry.amount is None else entry.amount
    return {"reserved": -entry.reserved, "run_spent": spent}


def put_new(table: str, record: Attributes) -> dict[str, Any]:
    """Return the action that writes a record whose key is not there yet."""
    key = {"pk": record["pk"], "sk": record["sk"]}
    return {"Put": write(table, key, put=record, condition="attribute_not_exists(pk)")}


def put_entry(tables: Tables, entry: LedgerEntry) -> dict[str, Any]:
    """Return the action that writes a ledger entry, which is never written twice."""
    return put_new(tables.ledger, entry_record(entry))


def job_key(of: Job | Item) -> dict[str, str]:
    """Return the primary key of a job, or of an item's job."""
    return {"pk": records.partition(of.tenant, of.job_id), "sk": records.JOB_SORT_KEY}


def item_key(item: Item) -> dict[str, str]:
    """Return the primary key of an item."""
    return {
        "pk": records.partition(item.tenant, item.job_id),
        "sk": records.item_sort_key(item.number),
    }
