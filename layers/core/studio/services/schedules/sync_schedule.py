"""Synchronisation of a schedule's target with its record.

The record decides. Every change of the record sets the target from it and then reads the record
again. So the last change leaves both the same.
"""

from studio.domain.schedules.model import Schedule
from studio.errors import NotFoundError
from studio.ports.schedules import ScheduleStore, ScheduleTarget


def sync_schedule(schedules: ScheduleStore, schedule_target: ScheduleTarget, of: Schedule) -> None:
    """Set or remove the target of a schedule, as its record says.

    Raises:
        InvalidRequestError: the target does not take such a timing.
        SchedulerUnavailableError: it could not be set now.
    """
    target = _current(schedules, of)
    while True:
        if target is None:
            schedule_target.remove(of.tenant, of.schedule_id)
        else:
            schedule_target.put(target)
        now = _current(schedules, of)
        if now == target:
            return
        target = now


def _current(schedules: ScheduleStore, of: Schedule) -> Schedule | None:
    try:
        return schedules.get(of.tenant, of.schedule_id)
    except NotFoundError:
        return None
