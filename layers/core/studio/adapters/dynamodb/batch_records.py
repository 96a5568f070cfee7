"""Batches and their rows as DynamoDB records.

Keys: ``batch_actions``.
"""

from dataclasses import asdict

from studio.adapters.dynamodb.base import Attributes
from studio.adapters.dynamodb.batch_actions import IMAGES, OPEN, batch_key
from studio.clock import parse_rfc3339, rfc3339
from studio.domain.batches.model import Batch, BatchRow, RowCounts
from studio.domain.jobs.model import Counts, OrderDefaults

_ROW_STATES = ("running", "succeeded", "partially_succeeded", "failed", "cancelled")


def batch_record(batch: Batch) -> Attributes:
    """Code a new batch; ``job_id`` is what the index is sorted by."""
    return {
        **batch_key(batch.tenant, batch.batch_id),
        "open": OPEN,
        "job_id": batch.batch_id,
        "import_id": batch.import_id,
        "name": batch.name,
        "created_at": rfc3339(batch.created_at),
        "created_by": batch.created_by,
        "total": batch.total,
        "images": batch.images.total,
        "estimate": batch.estimate,
        "unpriced": batch.unpriced,
        "concurrency": batch.concurrency,
        "run": batch.run,
        "notify_email": batch.notify_email,
        "schedule_id": batch.schedule_id,
        "defaults": asdict(batch.defaults),
        **{f"images_{name}": 0 for name in IMAGES},
        **{f"lines_{name}": 0 for name in _ROW_STATES},
        "cost": 0,
        "unknown_costs": 0,
    }


def batch_of(record: Attributes) -> Batch:
    """Read a batch back."""
    finished = record.get("finished_at")
    return Batch(
        tenant=record["pk"].removesuffix("#BATCHES"),
        batch_id=record["sk"],
        import_id=record["import_id"],
        name=record.get("name"),
        created_at=parse_rfc3339(record["created_at"]),
        created_by=record["created_by"],
        total=record["total"],
        images=_images(record, record["images"]),
        estimate=record["estimate"],
        unpriced=record["unpriced"],
        concurrency=record["concurrency"],
        run=record["run"],
        stopped="stopped" in record,
        dropped="dropped" in record,
        finished_at=parse_rfc3339(finished) if finished else None,
        notify_email=record.get("notify_email"),
        schedule_id=record.get("schedule_id"),
        # Older batches have none.
        defaults=OrderDefaults(**record.get("defaults", {})),
        rows=RowCounts(**{name: record[f"lines_{name}"] for name in _ROW_STATES}),
        cost=record["cost"],
        unknown_costs=record["unknown_costs"],
    )


def row_of(record: Attributes) -> BatchRow:
    """Read a row back."""
    return BatchRow(
        number=int(record["sk"].removeprefix("LINE#")),
        status=record["status"],
        job_id=record.get("job_id"),
        images=_images(record, record["images"]) if "images" in record else None,
        cost=record.get("cost", 0),
        unknown_costs=record.get("unknown_costs", 0),
        error_code=record.get("error_code"),
        error_message=record.get("error_message"),
    )


def _images(record: Attributes, total: int) -> Counts:
    return Counts(total, **{name: record.get(f"images_{name}", 0) for name in IMAGES})
