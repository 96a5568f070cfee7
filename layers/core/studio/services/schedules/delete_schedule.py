"""Delete a schedule: the record goes first, then its clock. A clock without a record is harmless.

If it fires before it is gone, its run finds no schedule and starts nothing.
"""

from contextlib import suppress
from dataclasses import dataclass

from studio.domain.schedules.model import Schedule
from studio.errors import PreconditionFailedError, TimerUnavailableError
from studio.ports.schedules import ScheduleStore, ScheduleTarget
from studio.services.schedules.sync_schedule import sync_schedule


@dataclass(frozen=True, slots=True)
class DeleteSchedule:
    """The service behind DELETE /v1/schedules/{id}."""

    schedules: ScheduleStore
    schedule_target: ScheduleTarget

    def run(self, schedule: Schedule) -> None:
        """Take away a schedule at the version that the caller read.

        Raises:
            PreconditionFailedError: it changed meanwhile.
            TimerUnavailableError: the clock could not be reached now; the schedule is still there.
        """
        self.schedules.delete(schedule.tenant, schedule.schedule_id, schedule.version)
        try:
            sync_schedule(self.schedules, self.schedule_target, schedule)
        except TimerUnavailableError:
            # So that the caller can delete it again; a new one of its name stands.
            with suppress(PreconditionFailedError):
                self.schedules.put(schedule, None)
            raise
