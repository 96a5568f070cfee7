"""Serializers of batch imports and batches."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from studio.api.http.serializers import money, time_text
from studio.clock import rfc3339
from studio.domain.batches.model import Batch, BatchImport, BatchRow, RowError
from studio.domain.jobs.model import Counts

if TYPE_CHECKING:
    from studio.api.batches import responses
    from studio.api.http.responses import Page
    from studio.domain.batches.manifest import RowResult


def batch_import(value: BatchImport) -> "responses.BatchImport":
    """Return an import without its rows."""
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
        "encoding": value.encoding,
        "mapping": dict(value.mapping),
        "ignored_columns": list(value.ignored),
        "nearest_columns": _nearest(value.ignored),
        "errors": [_row_error(error) for error in value.errors],
        "warnings": list(value.warnings),
        "batch_id": value.batch_id,
        "created_by": value.created_by,
        "created_at": rfc3339(value.created_at),
        "links": links,
    }


def batch_imports(values: Sequence[BatchImport], page: "Page") -> "responses.BatchImportList":
    """Return a page of imports."""
    return {"data": [batch_import(value) for value in values], "page": page}


def rows(values: "Sequence[RowResult]", page: "Page") -> "responses.ImportRowList":
    """Return a page of an import's rows."""
    return {"data": list(values), "page": page}


def batch(value: Batch) -> "responses.Batch":
    """Return a batch without its rows."""
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
        "finished_at": time_text(value.finished_at),
        "links": {"progress": f"{path}/progress", "jobs": f"{path}/jobs"},
    }


def batches(values: Sequence[Batch], page: "Page") -> "responses.BatchList":
    """Return a page of batches."""
    return {"data": [batch(value) for value in values], "page": page}


def progress(value: Batch) -> "responses.BatchProgress":
    """Return the progress of a batch, for clients that poll."""
    return {
        "batch_id": value.batch_id,
        "state": value.status,
        "run": value.run,
        **_counters(value),
    }


def batch_row(value: BatchRow) -> "responses.BatchLine":
    """Return one row of a batch."""
    return {
        "row": value.number,
        "status": value.status,
        "job_id": value.job_id,
        "images": _images(value.images) if value.images else None,
        "cost": _cost(value.cost, value.unknown_costs) if value.images else None,
        "problem": _problem(value),
    }


def batch_rows(values: Sequence[BatchRow], page: "Page") -> "responses.BatchLineList":
    """Return a page of a batch's rows."""
    return {"data": [batch_row(value) for value in values], "page": page}


def _problem(value: BatchRow) -> "responses.LineProblem | None":
    if value.error_code is None or value.error_message is None:
        return None
    return {"code": value.error_code, "detail": value.error_message}


def _nearest(ignored: Sequence[str]) -> dict[str, str]:
    if not ignored:
        return {}
    # Most imports ignore nothing, so the table of members is loaded for the others only.
    from studio.domain.batches.headings import nearest_member

    pairs = ((name, nearest_member(name)) for name in ignored)
    return {name: member for name, member in pairs if member is not None}


def _row_error(value: RowError) -> "responses.RowError":
    return {
        "row": value.row,
        "column": value.column,
        "code": value.code,
        "detail": value.detail,
    }


def _counters(value: Batch) -> "responses.BatchCounters":
    rows = value.rows
    return {
        "percent": value.percent,
        "jobs": {
            "total": value.total,
            "waiting": value.waiting,
            "running": rows.running,
            "succeeded": rows.succeeded,
            "partially_succeeded": rows.partially_succeeded,
            "failed": rows.failed,
            "cancelled": value.cancelled,
        },
        "images": _images(value.images),
        "cost": _cost(value.cost, value.unknown_costs),
    }


def _images(counts: Counts) -> "responses.BatchImageCounts":
    return {
        "total": counts.total,
        "succeeded": counts.succeeded,
        "failed": counts.failed,
        "skipped": counts.skipped,
        "cancelled": counts.cancelled,
        "unknown": counts.unknown,
    }


def _estimate(micros: int, unpriced: int) -> "responses.EstimatedSum":
    return {**money(micros), "unknown_images": unpriced}


def _cost(micros: int, unknown: int) -> "responses.BatchCost":
    return {**money(micros), "unknown_entries": unknown}
