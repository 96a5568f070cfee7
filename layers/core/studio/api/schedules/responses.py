"""Response shapes of schedules."""

from typing import Any

from typing_extensions import TypedDict

from studio.api.http.responses import Page
from studio.domain.schedules.model import Outcome, Trigger


class ScheduleBudget(TypedDict):
    """The spending limits of a schedule, in dollars of estimates. Null means no limit."""

    per_run: str | None
    per_month: str | None


class StoredSchedule(TypedDict):
    """A recipe or an import and its timing. ``version`` counts its changes."""

    id: str
    version: int
    title: str | None
    at: str | None
    cron: str | None
    rate: str | None
    timezone: str
    enabled: bool
    recipe_id: str | None
    import_id: str | None
    changes: dict[str, Any]
    budget: ScheduleBudget
    created_at: str
    updated_at: str
    updated_by: str


class Schedule(StoredSchedule):
    """A schedule with its next three times, in its own zone; fewer if it fires less often."""

    next_runs: list[str]


class SavedSchedule(Schedule):
    """A schedule that was just saved. ``warnings`` are those of a run of it today."""

    warnings: list[str]


class ScheduleList(TypedDict):
    """A page of schedules, by name."""

    data: list[Schedule]
    page: Page


class ScheduleRun(TypedDict):
    """One run of a schedule, by time or by hand.

    ``code`` and ``message`` tell why a run was skipped or failed.
    """

    schedule_id: str
    at: str
    trigger: Trigger
    outcome: Outcome
    job_id: str | None
    batch_id: str | None
    code: str | None
    message: str | None


class ScheduleRunList(TypedDict):
    """A page of runs, newest first."""

    data: list[ScheduleRun]
    page: Page
