"""A schedule, and the runs that it started or let go."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from studio.clock import rfc3339

TimingKind = Literal["at", "cron", "rate"]
Trigger = Literal["schedule", "manual"]
Outcome = Literal["starting", "started", "skipped", "failed"]


@dataclass(frozen=True, slots=True)
class Timing:
    """When a schedule fires.

    Attributes:
        text: What stands in the brackets of EventBridge Scheduler's expression of that kind.
        zone: IANA name of the time zone in which ``at`` and ``cron`` are read.
    """

    kind: TimingKind
    text: str
    zone: str

    @property
    def expression(self) -> str:
        """The timing as EventBridge Scheduler writes it."""
        return f"{self.kind}({self.text})"


@dataclass(frozen=True, slots=True)
class Budget:
    """What a schedule may spend, in micro-dollars of estimates; None for no limit.

    Attributes:
        per_run: Limit of one run's job.
        per_month: Limit of all runs of a calendar month (UTC).
    """

    per_run: int | None = None
    per_month: int | None = None


@dataclass(frozen=True, slots=True)
class Schedule:
    """A recipe or an import, and when it runs.

    Attributes:
        recipe_id, import_id: What is run; exactly one of them.
        version: 1, then one more with each change.
        changes: Members of a job body that are laid over the recipe at each run.
        updated_by: The user who wrote this version.
    """

    tenant: str
    schedule_id: str
    version: int
    title: str | None
    timing: Timing
    enabled: bool
    recipe_id: str | None
    import_id: str | None
    changes: Mapping[str, object]
    budget: Budget
    created_at: datetime
    updated_at: datetime
    updated_by: str


@dataclass(frozen=True, slots=True)
class Run:
    """One time that a schedule fired, or was started by hand.

    Attributes:
        at: The time it was scheduled for, or at which it was first asked for.
        key: Tells runs of one time apart; the clock's own run has ``schedule``.
        held: Micro-dollars that it counts in its month's budget.
        job_id, batch_id: What was started.
        code, message: Why nothing was started.
    """

    tenant: str
    schedule_id: str
    at: datetime
    trigger: Trigger
    key: str
    outcome: Outcome = "starting"
    held: int = 0
    job_id: str | None = None
    batch_id: str | None = None
    code: str | None = None
    message: str | None = None

    @property
    def name(self) -> str:
        """Name within the schedule, in the order of time."""
        return f"{rfc3339(self.at)}#{self.key}"


def job_body(schedule: Schedule) -> dict[str, object]:
    """Return the body of the job that a run orders."""
    return {**schedule.changes, "recipe_id": schedule.recipe_id}
