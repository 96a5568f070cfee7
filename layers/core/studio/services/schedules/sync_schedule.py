"""Set the clock of a schedule as its record says.

Two systems: the record decides. Whoever moved it sets the clock from what the record says then,
and looks once more, so whoever is last leaves both the same.
"""

from studio.domain.schedules.model import Schedule
from studio.errors import NotFoundError
from studio.ports.schedules import ScheduleStore, ScheduleTarget


def sync_schedule(schedules: ScheduleStore, schedule_target: ScheduleTarget, of: Schedule) -> None:
    """Set or remove the clock of a schedule that was written or deleted.

    Raises:
        InvalidRequestError: the clock does not take such a timing.
        TimerUnavailableError: it could not be set now.
    """
    wanted = _current(schedules, of)
    while True:
        if wanted is None:
            schedule_target.remove(of.tenant, of.schedule_id)
        else:
            schedule_target.put(wanted)
        now = _current(schedules, of)
        if now == wanted:
            return
        wanted = now


def _current(schedules: ScheduleStore, of: Schedule) -> Schedule | None:
    try:
        return schedules.get(of.tenant, of.schedule_id)
    except NotFoundError:
        return None
