"""How imports and batches look on the wire."""

from dataclasses import asdict

from studio.api.http.serializers import Document, money
from studio.clock import rfc3339
from studio.domain.batches.model import Batch, BatchImport, BatchRow
from studio.domain.jobs.model import Counts


def batch_import(value: BatchImport) -> Document:
    """An import without its rows."""
    path, totals = f"/v1/batch-imports/{value.import_id}", value.totals
    links = {"rows": f"{path}/rows"}
    if totals.faulty:
        links["errors"] = f"{path}/errors.csv"
    return {
        "id": value.import_id,
        "name": value.name,
        "status": value.status,
        "counts": {
            "rows": totals.rows,
            "valid": totals.valid,
            "faulty": totals.faulty,
            "images": totals.images,
        },
        "estimate": _estimate(totals.estimate, totals.unpriced),
        "delimiter": value.delimiter,
        "mapping": dict(value.mapping),
        "ignored_columns": list(value.ignored),
        "errors": [asdict(error) for error in value.errors],
        "batch_id": value.batch_id,
        "created_by": value.created_by,
        "created_at": rfc3339(value.created_at),
        "links": links,
    }


def batch(value: Batch) -> Document:
    """A batch without its lines."""
    path = f"/v1/batches/{value.batch_id}"
    return {
        "id": value.batch_id,
        "import_id": value.import_id,
        "name": value.name,
        "status": value.status,
        "run": value.run,
        "concurrency": value.concurrency,
        **_counters(value),
        "estimate": _estimate(value.estimate, value.unpriced),
        "created_by": value.created_by,
        "created_at": rfc3339(value.created_at),
        "finished_at": rfc3339(value.finished_at) if value.finished_at else None,
        "links": {name: f"{path}/{name}" for name in ("progress", "jobs")},
    }


def progress(value: Batch) -> Document:
    """The small document that clients poll."""
    return {
        "batch_id": value.batch_id,
        "state": value.status,
        "run": value.run,
        **_counters(value),
    }


def line(value: BatchRow) -> Document:
    """One line of a batch."""
    problem = None
    if value.error_code is not None:
        problem = {"code": value.error_code, "detail": value.error_message}
    return {
        "row": value.number,
        "status": value.status,
        "job_id": value.job_id,
        "images": _images(value.images) if value.images else None,
        "cost": _cost(value.cost, value.unknown_costs) if value.images else None,
        "problem": problem,
    }


def _counters(value: Batch) -> Document:
    lines = value.lines
    return {
        "percent": value.percent,
        "jobs": {
            "total": value.total,
            "waiting": value.waiting,
            "running": lines.running,
            "succeeded": lines.succeeded,
            "partially_succeeded": lines.partially_succeeded,
            "failed": lines.failed,
            "cancelled": value.cancelled,
        },
        "images": _images(value.images),
        "cost": _cost(value.cost, value.unknown_costs),
    }


def _images(counts: Counts) -> Document:
    return {
        "total": counts.total,
        "succeeded": counts.succeeded,
        "failed": counts.failed,
        "skipped": counts.skipped,
        "cancelled": counts.cancelled,
        "unknown": counts.unknown,
    }


def _estimate(micros: int, unpriced: int) -> Document:
    return {**money(micros), "unknown_images": unpriced}


def _cost(micros: int, unknown: int) -> Document:
    return {**money(micros), "unknown_entries": unknown}
