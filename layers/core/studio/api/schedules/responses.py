"""Shapes of answers about schedules, for the contract."""

from typing import Any, Literal

from studio.api.http.responses import Answer, Page


class ScheduleBudget(Answer):
    """What a schedule may spend, in dollars of estimates; null for no limit."""

    per_run: str | None
    per_month: str | None


class Schedule(Answer):
    """A recipe or an import, and when it runs. ``version`` counts its changes."""

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


class SavedSchedule(Schedule):
    """A schedule that was just saved; ``warnings`` are those of a run of it today."""

    warnings: list[str]


class ScheduleList(Answer):
    """A page of schedules."""

    data: list[Schedule]
    page: Page


class ScheduleRun(Answer):
    """One time that a schedule fired or was started by hand.

    ``code`` and ``message`` say why a run was skipped or failed.
    """

    schedule_id: str
    at: str
    trigger: Literal["schedule", "manual"]
    outcome: Literal["starting", "started", "skipped", "failed"]
    job_id: str | None
    batch_id: str | None
    code: str | None
    message: str | None


class ScheduleRunList(Answer):
    """A page of runs, newest first."""

    data: list[ScheduleRun]
    page: Page
