"""Documents about schedules."""

from studio.api.http.serializers import Document
from studio.clock import rfc3339
from studio.domain.schedules.model import Run, Schedule
from studio.money import format_usd


def schedule(value: Schedule) -> Document:
    """Write a schedule."""
    timing = value.timing
    return {
        "id": value.schedule_id,
        "version": value.version,
        "title": value.title,
        **dict.fromkeys(("at", "cron", "rate")),
        timing.kind: timing.text,
        "timezone": timing.zone,
        "enabled": value.enabled,
        "recipe_id": value.recipe_id,
        "import_id": value.import_id,
        "changes": dict(value.changes),
        "budget": {
            "per_run": _dollars(value.budget.per_run),
            "per_month": _dollars(value.budget.per_month),
        },
        "created_at": rfc3339(value.created_at),
        "updated_at": rfc3339(value.updated_at),
        "updated_by": value.updated_by,
    }


def run(value: Run) -> Document:
    """Write a run."""
    return {
        "schedule_id": value.schedule_id,
        "at": rfc3339(value.at),
        "trigger": value.trigger,
        "outcome": value.outcome,
        "job_id": value.job_id,
        "batch_id": value.batch_id,
        "code": value.code,
        "message": value.message,
    }


def _dollars(micros: int | None) -> str | None:
    return None if micros is None else format_usd(micros)
