"""Actions on a batch and its row that are part of the transactions of the row's job.

The row and the counters change together with the job, so the counters equal the rows.
The conditions of the job guard its row too. A job without a batch adds no action.

Keys (table Jobs):
    batch  pk = {tenant}#BATCHES      sk = {batch_id}
    row    pk = {tenant}#{batch_id}   sk = LINE#{row}
Index Open (open, job_id): a batch that has not ended is in its own partition, ``batch``.
"""

from typing import Any

from studio.adapters.dynamodb.base import write
from studio.domain.jobs.model import Counts, Job
from studio.ports.jobs import JobEnding

OPEN = "batch"
IMAGES = ("succeeded", "failed", "skipped", "cancelled", "unknown")

_OF_AN_ENDING = ("images", "cost", "unknown_costs", "error_code", "error_message")
_COUNTS = tuple(f"images_{name}" for name in IMAGES)


def batch_key(tenant: str, batch_id: str) -> dict[str, str]:
    """Primary key of a batch."""
    return {"pk": f"{tenant}#BATCHES", "sk": batch_id}


def row_key(tenant: str, batch_id: str, number: int) -> dict[str, str]:
    """Primary key of a row; five digits keep the table's order."""
    return {"pk": f"{tenant}#{batch_id}", "sk": f"LINE#{number:05d}"}


def image_counts(counts: Counts, sign: int = 1) -> dict[str, int]:
    """Return the change that the images of a job make in the counters of its row or its batch."""
    changes = {f"images_{name}": sign * int(getattr(counts, name)) for name in IMAGES}
    return {name: change for name, change in changes.items() if change}


def begin_row(table: str, job: Job) -> list[Any]:
    """The job's row is running, unless the batch was cancelled or the row has a job."""
    keys = _keys(job)
    if keys is None:
        return []
    batch, row = keys
    begun = write(
        table,
        row,
        put={"status": "running", "job_id": job.job_id},
        condition="attribute_not_exists(pk) OR #status = :waiting",
        values={"waiting": "waiting"},
    )
    counted = write(
        table,
        batch,
        condition="#open = :open AND attribute_not_exists(#stopped)",
        values={"open": OPEN},
        adds={"lines_running": 1},
    )
    return [{"Put": begun}, {"Update": counted}]


def end_row(table: str, ending: JobEnding) -> list[Any]:
    """The row is as its job is, and what that came to is counted."""
    job, keys = ending.before, _keys(ending.before)
    if keys is None:
        return []
    batch, row = keys
    sums = {**image_counts(job.counts), **_sums(job, 1)}
    ended = write(
        table,
        row,
        sets={"status": ending.status, "images": job.counts.total, **sums},
    )
    counted = write(table, batch, adds={"lines_running": -1, f"lines_{ending.status}": 1, **sums})
    return [{"Update": ended}, {"Update": counted}]


def reopen_row(table: str, job: Job) -> list[Any]:
    """Return the actions that count the row of an ended job as running again.

    There are none while its batch is being cancelled, because the cancellation would miss the job.
    """
    keys = _keys(job)
    if keys is None:
        return []
    batch, row = keys
    begun = write(
        table,
        row,
        sets={"status": "running"},
        removes=(*_OF_AN_ENDING, *_COUNTS),
    )
    back = {**image_counts(job.counts, -1), **_sums(job, -1)}
    counted = write(
        table,
        batch,
        condition="attribute_exists(#finished_at) OR attribute_not_exists(#stopped)",
        adds={"lines_running": 1, f"lines_{job.status}": -1, **back},
    )
    return [{"Update": begun}, {"Update": counted}]


def _keys(job: Job) -> tuple[dict[str, str], dict[str, str]] | None:
    """Primary keys of the batch and of the row that a job is, None for a job of no batch."""
    batch_id, number = job.origin.batch_id, job.origin.batch_line
    if batch_id is None or number is None:
        return None
    return batch_key(job.tenant, batch_id), row_key(job.tenant, batch_id, number)


def _sums(job: Job, sign: int) -> dict[str, int]:
    sums = {"cost": sign * job.cost, "unknown_costs": sign * job.unknown_costs}
    return {name: amount for name, amount in sums.items() if amount}
