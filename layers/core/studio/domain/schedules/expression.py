"""Checks of a schedule's timing.

Source: AWS, EventBridge Scheduler User Guide, "Schedule types on EventBridge Scheduler", read
2026-11-21. It has six fields of cron, rates of whole minutes, hours or days, and local times with
a zone. A cron time that daylight saving skips does not fire. One that comes twice fires once.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo, available_timezones

from studio.domain.schedules.model import Timing
from studio.errors import FieldError, InvalidRequestError

_AT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}")
_RATE = re.compile(r"(1 (minute|hour|day)|(?!1 )[1-9][0-9]{0,4} (minutes|hours|days))")
_NEAREST_WEEKDAY = re.compile(r"([1-9]|[12][0-9]|3[01])W")
_NTH_OR_LAST = re.compile(r"(?P<day>[A-Z0-9]+)(L|#[1-5])")
_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_DAYS = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")


@dataclass(frozen=True, slots=True)
class _Field:
    """One field of a cron expression; ``names`` are words for the numbers from ``low`` on."""

    name: str
    low: int
    high: int
    names: tuple[str, ...] = ()

    def number(self, text: str) -> int:
        """Return the number of a value.

        Raises:
            ValueError: the field has no such value.
        """
        if text in self.names:
            return self.low + self.names.index(text)
        if not re.fullmatch(r"[0-9]{1,4}", text) or not self.low <= int(text) <= self.high:
            raise ValueError(f"{self.name} is from {self.low} to {self.high}, not {text!r}")
        return int(text)


_MINUTES = _Field("minutes", 0, 59)
_HOURS = _Field("hours", 0, 23)
_DAY_OF_MONTH = _Field("day-of-month", 1, 31)
_MONTH = _Field("month", 1, 12, _MONTHS)
_DAY_OF_WEEK = _Field("day-of-week", 1, 7, _DAYS)
_YEAR = _Field("year", 1970, 2199)


def check_timing(timing: Timing, now: datetime) -> None:
    """Check that EventBridge Scheduler takes a timing and that it is not over.

    Raises:
        InvalidRequestError: names the wrong field.
    """
    if timing.zone not in available_timezones():
        raise _refusal("timezone", "timezone-unknown", f"there is no time zone {timing.zone!r}")
    try:
        if timing.kind == "at":
            _check_at(timing, now)
        elif timing.kind == "rate":
            _check_rate(timing.text)
        else:
            _check_cron(timing.text, now.astimezone(ZoneInfo(timing.zone)).year)
    except ValueError as error:
        raise _refusal(timing.kind, f"{timing.kind}-invalid", str(error)) from None


def _refusal(member: str, code: str, detail: str) -> InvalidRequestError:
    return InvalidRequestError(FieldError(f"/{member}", code, detail))


def _check_at(timing: Timing, now: datetime) -> None:
    if not _AT.fullmatch(timing.text):
        raise ValueError(
            "a time is written 2026-12-24T09:00:00, without an offset; timezone says which it is"
        )
    local = datetime.fromisoformat(timing.text).replace(tzinfo=ZoneInfo(timing.zone))
    moment = local.astimezone(UTC)
    if moment.astimezone(local.tzinfo).replace(tzinfo=None) != local.replace(tzinfo=None):
        raise ValueError(f"{timing.text} is skipped in {timing.zone}: clocks go forward over it")
    if moment <= now:
        raise _refusal("at", "in-the-past", f"{timing.text} in {timing.zone} is over")


def _check_rate(text: str) -> None:
    if not _RATE.fullmatch(text):
        raise ValueError(
            "a rate is a whole number from 1 and a unit, as in '1 hour' or '15 minutes'; "
            "units are minutes, hours and days"
        )


def _check_cron(text: str, year: int) -> None:
    fields = text.split(" ")
    if len(fields) != 6 or "" in fields:
        raise ValueError(
            "cron has six fields with one space between: minutes, hours, day-of-month, month, "
            "day-of-week, year"
        )
    minutes, hours, day_of_month, month, day_of_week, years = fields
    if (day_of_month == "?") == (day_of_week == "?"):
        raise ValueError("exactly one of day-of-month and day-of-week is ?")
    _check_field(_MINUTES, minutes)
    _check_field(_HOURS, hours)
    _check_day_of_month(day_of_month)
    _check_field(_MONTH, month)
    _check_day_of_week(day_of_week)
    if _check_field(_YEAR, years) < year:
        raise ValueError("all its years are over")


def _check_day_of_month(text: str) -> None:
    if text not in ("?", "L") and not _NEAREST_WEEKDAY.fullmatch(text):
        _check_field(_DAY_OF_MONTH, text)


def _check_day_of_week(text: str) -> None:
    special = _NTH_OR_LAST.fullmatch(text)
    if special:
        _DAY_OF_WEEK.number(special["day"])
    elif text not in ("?", "L"):
        _check_field(_DAY_OF_WEEK, text)


def _check_field(field: _Field, text: str) -> int:
    """Check a list of values, ranges and steps; return the highest value that it reaches."""
    return max(_check_part(field, part) for part in text.split(","))


def _check_part(field: _Field, part: str) -> int:
    base, slash, step = part.partition("/")
    if slash and (not re.fullmatch(r"[0-9]{1,4}", step) or not 1 <= int(step) <= field.high):
        raise ValueError(f"the step of {field.name} is a number from 1, not {step!r}")
    if base == "*":
        return field.high
    first, dash, last = base.partition("-")
    low = field.number(first)
    if not dash:
        return field.high if slash else low
    high = field.number(last)
    if high < low:
        raise ValueError(f"the range {base} of {field.name} is written from low to high")
    return high
