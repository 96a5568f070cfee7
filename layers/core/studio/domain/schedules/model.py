"""A schedule and its runs."""

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
    """Times at which a schedule fires.

    Attributes:
        text: The text in the brackets of EventBridge Scheduler's expression of that kind.
        zone: IANA name of the time zone of ``at`` and ``cron``.
    """

    kind: TimingKind
    text: str
    zone: str

    @property
    def expression(self) -> str:
        """The expression for EventBridge Scheduler."""
        return f"{self.kind}({self.text})"


@dataclass(frozen=True, slots=True)
class Budget:
    """Limits of a schedule's estimates in micro-dollars; None for no limit.

    Attributes:
        per_run: Limit of one run's job.
        per_month: Limit of all runs in a calendar month (UTC).
    """

    per_run: int | None = None
    per_month: int | None = None


@dataclass(frozen=True, slots=True)
class Schedule:
    """A recipe or an import, and when it runs.

    Attributes:
        recipe_id, import_id: What runs; exactly one of them.
        version: 1, then one more with each change.
        changes: Members of a job body that are merged over the recipe at each run.
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
    """One run of a schedule, started by its timing or by a user.

    Attributes:
        at: The time that it was scheduled for, or when a user first asked for it.
        key: Distinguishes runs of the same time; a scheduled run has ``schedule``.
        held: Micro-dollars that it counts in the month's budget.
        job_id, batch_id: What it started.
        code, message: Why it started nothing.
        until: When it counts as lost if it is still starting; None once it has ended.
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
    until: datetime | None = None

    @property
    def order_scope(self) -> str:
        """Scope of the idempotency key of its order; the key and the hash are its name."""
        return f"schedule {self.schedule_id}"

    @property
    def name(self) -> str:
        """Name within the schedule; names sort by time."""
        return f"{rfc3339(self.at)}#{self.key}"


def job_body(schedule: Schedule) -> dict[str, object]:
    """Return the job body of a run."""
    return {**schedule.changes, "recipe_id": schedule.recipe_id}
