"""Records of schedules and their runs, see ``studio.adapters.dynamodb.schedules`` for the keys."""

import json
from datetime import datetime, timedelta

from studio.adapters.dynamodb.base import Attributes
from studio.clock import parse_rfc3339, rfc3339
from studio.domain.schedules.model import Budget, Run, Schedule, Timing

RUNS_KEPT = timedelta(days=400)
OPEN = "run"
"""Partition of the index Open that has the runs without an end."""


def schedule_key(tenant: str, schedule_id: str) -> dict[str, str]:
    """Primary key of a schedule."""
    return {"pk": f"{tenant}#SCHEDULES", "sk": schedule_id}


def below(tenant: str, schedule_id: str, sort_key: str) -> dict[str, str]:
    """Primary key of what belongs to a schedule."""
    return {"pk": f"{tenant}#SCHEDULE#{schedule_id}", "sk": sort_key}


def run_key(run: Run) -> dict[str, str]:
    """Primary key of a run."""
    return below(run.tenant, run.schedule_id, f"RUN#{run.name}")


def month_key(run: Run, month: str) -> dict[str, str]:
    """Primary key of what a month's runs hold."""
    return below(run.tenant, run.schedule_id, f"MONTH#{month}")


def expiry(at: datetime) -> int:
    """Return when a record of a run may go, in seconds of Unix time."""
    return int((at + RUNS_KEPT).timestamp())


def record_of(schedule: Schedule) -> Attributes:
    """Return the row of a schedule."""
    return {
        "schedule_id": schedule.schedule_id,
        "version": schedule.version,
        "title": schedule.title,
        "kind": schedule.timing.kind,
        "timing": schedule.timing.text,
        "zone": schedule.timing.zone,
        "enabled": schedule.enabled,
        "recipe_id": schedule.recipe_id,
        "import_id": schedule.import_id,
        "changes": json.dumps(dict(schedule.changes), separators=(",", ":"), ensure_ascii=False),
        "per_run": schedule.budget.per_run,
        "per_month": schedule.budget.per_month,
        "created_at": rfc3339(schedule.created_at),
        "updated_at": rfc3339(schedule.updated_at),
        "updated_by": schedule.updated_by,
    }


def schedule_of(tenant: str, row: Attributes) -> Schedule:
    """Read a schedule back."""
    return Schedule(
        tenant=tenant,
        schedule_id=row["schedule_id"],
        version=row["version"],
        title=row.get("title"),
        timing=Timing(row["kind"], row["timing"], row["zone"]),
        enabled=row["enabled"],
        recipe_id=row.get("recipe_id"),
        import_id=row.get("import_id"),
        changes=json.loads(row["changes"]),
        budget=Budget(row.get("per_run"), row.get("per_month")),
        created_at=parse_rfc3339(row["created_at"]),
        updated_at=parse_rfc3339(row["updated_at"]),
        updated_by=row["updated_by"],
    )


def run_record(run: Run) -> Attributes:
    """Return the row of a run."""
    return {
        "at": rfc3339(run.at),
        "trigger": run.trigger,
        "key": run.key,
        "outcome": run.outcome,
        "held": run.held,
        "job_id": run.job_id,
        "batch_id": run.batch_id,
        "code": run.code,
        "message": run.message,
        "expires_at": expiry(run.at),
        **open_members(run),
    }


def open_members(run: Run) -> Attributes:
    """Return the keys of the index Open; a run that has ended has none."""
    return {} if run.until is None else {"open": OPEN, "until": rfc3339(run.until)}


def run_of(tenant: str, schedule_id: str, row: Attributes) -> Run:
    """Read a run back."""
    return Run(
        tenant=tenant,
        schedule_id=schedule_id,
        at=parse_rfc3339(row["at"]),
        trigger=row["trigger"],
        key=row["key"],
        outcome=row["outcome"],
        held=row["held"],
        job_id=row.get("job_id"),
        batch_id=row.get("batch_id"),
        code=row.get("code"),
        message=row.get("message"),
        until=parse_rfc3339(row["until"]) if "until" in row else None,
    )
