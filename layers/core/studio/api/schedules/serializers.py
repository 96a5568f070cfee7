"""Serializers of schedules."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from studio.clock import rfc3339
from studio.domain.schedules.expression import next_times
from studio.domain.schedules.model import Run, Schedule
from studio.money import format_usd

if TYPE_CHECKING:
    from studio.api.http.responses import Page
    from studio.api.schedules import responses
    from studio.services.schedules.save_schedule import SavedSchedule


def schedule(value: Schedule, now: datetime) -> "responses.Schedule":
    """Return a schedule with its next times."""
    times = [at.isoformat(timespec="seconds") for at in next_times(value, now)]
    return {**stored(value), "next_runs": times}


def saved(value: "SavedSchedule", now: datetime) -> "responses.SavedSchedule":
    """Return a schedule that was just saved, with its warnings."""
    return {**schedule(value.schedule, now), "warnings": list(value.warnings)}


def stored(value: Schedule) -> "responses.StoredSchedule":
    """Return what If-Match of a schedule stands for: all that only a change can change."""
    timing = value.timing
    return {
        "id": value.schedule_id,
        "version": value.version,
        "title": value.title,
        "at": timing.text if timing.kind == "at" else None,
        "cron": timing.text if timing.kind == "cron" else None,
        "rate": timing.text if timing.kind == "rate" else None,
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


def schedules(values: Sequence[Schedule], page: "Page", now: datetime) -> "responses.ScheduleList":
    """Return a page of schedules."""
    return {"data": [schedule(value, now) for value in values], "page": page}


def run(value: Run) -> "responses.ScheduleRun":
    """Return a run of a schedule."""
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


def runs(values: Sequence[Run], page: "Page") -> "responses.ScheduleRunList":
    """Return a page of a schedule's runs."""
    return {"data": [run(value) for value in values], "page": page}


def _dollars(micros: int | None) -> str | None:
    return None if micros is None else format_usd(micros)
