"""Checks of a schedule's timing, and its next times.

Source: AWS, EventBridge Scheduler User Guide, "Schedule types on EventBridge Scheduler", read
2026-11-21. It has six fields of cron, rates of whole minutes, hours or days, and local times with
a zone. A cron time that daylight saving skips does not fire. One that comes twice fires once.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from zoneinfo import ZoneInfo, available_timezones

from studio.domain.schedules.cron import parse_cron
from studio.domain.schedules.model import Schedule, Timing
from studio.errors import FieldError, InvalidRequestError

NEXT_TIMES = 3

_AT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}")
_RATE = re.compile(r"(1 (minute|hour|day)|(?!1 )[1-9][0-9]{0,4} (minutes|hours|days))")
# The last year of EventBridge Scheduler.
_LAST_YEAR = 2199
_UTC_NAMES = frozenset({"UTC", "Etc/UTC"})


def check_timing(timing: Timing, now: datetime) -> None:
    """Check that EventBridge Scheduler takes a timing and that it fires after ``now``.

    Raises:
        InvalidRequestError: names the wrong field.
    """
    if not _is_place(timing.zone):
        detail = f"{timing.zone!r} is no place: name one, such as Europe/Berlin, or UTC"
        raise _refusal("timezone", "timezone-unknown", detail)
    try:
        if timing.kind == "at":
            _check_at(timing, now)
        elif timing.kind == "rate":
            _check_rate(timing.text)
        elif next(_cron_times(timing, now), None) is None:
            raise ValueError(f"it never fires after now in {timing.zone}")
    except ValueError as error:
        raise _refusal(timing.kind, f"{timing.kind}-invalid", str(error)) from None


def next_times(schedule: Schedule, now: datetime) -> list[datetime]:
    """Return the next three times of a schedule in its zone; fewer if it fires less often.

    A schedule that is switched off has none. The times of a rate count from its newest change.
    """
    return list(islice(_times(schedule, now), NEXT_TIMES)) if schedule.enabled else []


def _times(schedule: Schedule, now: datetime) -> Iterator[datetime]:
    timing = schedule.timing
    if timing.kind == "cron":
        yield from _cron_times(timing, now)
    elif timing.kind == "at":
        local = datetime.fromisoformat(timing.text).replace(tzinfo=ZoneInfo(timing.zone))
        if local.astimezone(UTC) > now:
            yield local
    else:
        number, unit = timing.text.split(" ")
        step = timedelta(**{f"{unit.removesuffix('s')}s": int(number)})
        at = schedule.updated_at + step * max((now - schedule.updated_at) // step + 1, 1)
        while True:
            yield at.astimezone(ZoneInfo(timing.zone))
            at += step


def _cron_times(timing: Timing, now: datetime) -> Iterator[datetime]:
    """Yield the times of a cron expression after ``now``, in its zone.

    Raises:
        ValueError: EventBridge Scheduler does not take the expression.
    """
    zone = ZoneInfo(timing.zone)
    for local in parse_cron(timing.text).times(now.astimezone(zone).date()):
        at = local.replace(tzinfo=zone)
        if at.astimezone(UTC) > now and not _is_skipped(at):
            yield at


def _is_skipped(local: datetime) -> bool:
    """Tell whether clocks go forward over a local time."""
    back = local.astimezone(UTC).astimezone(local.tzinfo)
    return back.replace(tzinfo=None) != local.replace(tzinfo=None)


def _is_place(zone: str) -> bool:
    """Tell whether a name is an area and a place in it, or UTC.

    Names such as ``EST5EDT``, ``Factory`` and ``localtime`` are rules or depend on the machine.
    """
    if zone in _UTC_NAMES:
        return True
    return "/" in zone and not zone.startswith("Etc/") and zone in available_timezones()


def _refusal(member: str, code: str, detail: str) -> InvalidRequestError:
    return InvalidRequestError(FieldError(f"/{member}", code, detail))


def _check_at(timing: Timing, now: datetime) -> None:
    if not _AT.fullmatch(timing.text):
        raise ValueError(
            "a time is written 2026-12-24T09:00:00, without an offset; timezone says which it is"
        )
    local = datetime.fromisoformat(timing.text).replace(tzinfo=ZoneInfo(timing.zone))
    if local.year > _LAST_YEAR:
        raise ValueError(f"the last year of a schedule is {_LAST_YEAR}")
    # A zone moves a time by a day at most; the first and the last year cannot be moved.
    if local.year < now.year - 1 or local.astimezone(UTC) <= now:
        raise _refusal("at", "in-the-past", f"{timing.text} in {timing.zone} is over")
    if _is_skipped(local):
        raise ValueError(f"{timing.text} is skipped in {timing.zone}: clocks go forward over it")


def _check_rate(text: str) -> None:
    if not _RATE.fullmatch(text):
        raise ValueError(
            "a rate is a whole number from 1 and a unit, as in '1 hour' or '15 minutes'; "
            "units are minutes, hours and days"
        )
