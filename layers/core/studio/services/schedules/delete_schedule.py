"""DeleteSchedule: delete the record first, then the target.

A target without a record is harmless: its run finds no schedule and starts nothing.
"""

from contextlib import suppress
from dataclasses import dataclass

from studio.domain.schedules.model import Schedule
from studio.errors import PreconditionFailedError, SchedulerUnavailableError
from studio.ports.schedules import ScheduleStore, ScheduleTarget
from studio.services.schedules.sync_schedule import sync_schedule


@dataclass(frozen=True, slots=True)
class DeleteSchedule:
    """The service behind DELETE /v1/schedules/{id}."""

    schedules: ScheduleStore
    schedule_target: ScheduleTarget

    def run(self, schedule: Schedule) -> None:
        """Delete a schedule at the version that the caller read.

        Raises:
            PreconditionFailedError: it changed meanwhile.
            SchedulerUnavailableError: the target is not available now; the schedule still exists.
        """
        self.schedules.delete(schedule.tenant, schedule.schedule_id, schedule.version)
        try:
            sync_schedule(self.schedules, self.schedule_target, schedule)
        except SchedulerUnavailableError:
            # The caller can delete it again; a new schedule of the same name is kept.
            with suppress(PreconditionFailedError):
                self.schedules.put(schedule, None)
            raise
