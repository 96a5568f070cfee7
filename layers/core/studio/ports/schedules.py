"""Ports of schedules: their store and the timer that starts their runs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from studio.domain.schedules.model import Run, Schedule


@dataclass(frozen=True, slots=True)
class SchedulePage:
    """One page of schedules by name; ``next_after`` is the id to continue behind."""

    schedules: Sequence[Schedule]
    next_after: str | None


@dataclass(frozen=True, slots=True)
class RunPage:
    """One page of runs, newest first; ``next_after`` is the name to continue behind."""

    runs: Sequence[Run]
    next_after: str | None


class ScheduleStore(Protocol):
    """Schedules, their runs, and what their runs of a month may still spend."""

    def get(self, tenant: str, schedule_id: str) -> Schedule:
        """Return a schedule.

        Raises:
            NotFoundError: the tenant has no such schedule.
        """
        ...

    def page(self, tenant: str, limit: int, after: str | None) -> SchedulePage:
        """Return schedules of a tenant in the order of their names."""
        ...

    def put(self, schedule: Schedule, replaces: int | None) -> Schedule:
        """Write a schedule and return it with its version; None replaces nothing.

        Raises:
            PreconditionFailedError: it changed meanwhile.
        """
        ...

    def delete(self, tenant: str, schedule_id: str, version: int) -> None:
        """Take a schedule away; its runs stay until they expire.

        Raises:
            PreconditionFailedError: it changed meanwhile.
        """
        ...

    def first_asked(self, tenant: str, schedule_id: str, key: str, at: datetime) -> datetime:
        """Return when a key was first used to start the schedule by hand: ``at`` if it is new."""
        ...

    def claim(self, run: Run, until: datetime) -> Run:
        """Write a new run; one of its name that is there already stays and is returned.

        A run that is starting counts as lost after ``until``. A repeated claim moves this time.
        """
        ...

    def hold(self, run: Run, month: str, amount: int, limit: int) -> bool:
        """Count a run in its month's budget, once however often it is asked.

        Args:
            run: Claimed.
            month: ``YYYY-MM``.
            amount: Micro-dollars of the run.
            limit: Micro-dollars of the month.

        Returns:
            False if the month has not so much left, or the run ended without being counted;
            nothing was written.
        """
        ...

    def finish(self, run: Run, month: str, lost_at: datetime | None = None) -> Run:
        """Write how a run ended and return it, or as it ended before.

        One that started no job gives back to ``month`` what was held for it.

        Args:
            run: Claimed, and with its outcome.
            month: ``YYYY-MM``.
            lost_at: End it only if its ``until`` is still this; else it is returned as it is.
        """
        ...

    def lost_runs(self, at: datetime, limit: int, after: Run | None) -> Sequence[Run]:
        """Return runs of all tenants that are starting and count as lost, longest lost first.

        Args:
            at: The present.
            limit: The largest number to return.
            after: The run to continue behind, None to begin at the first.
        """
        ...

    def runs(self, tenant: str, schedule_id: str, limit: int, after: str | None) -> RunPage:
        """Return runs of a schedule, newest first."""
        ...


class ScheduleTarget(Protocol):
    """The clock that fires schedules."""

    def put(self, schedule: Schedule) -> None:
        """Set the clock for a schedule, replacing what was set for it.

        Raises:
            InvalidRequestError: the clock does not take such a timing.
            SchedulerUnavailableError: it could not be set now.
        """
        ...

    def remove(self, tenant: str, schedule_id: str) -> None:
        """Forget a schedule; one that is not set is no error.

        Raises:
            SchedulerUnavailableError: it could not be reached now.
        """
        ...
