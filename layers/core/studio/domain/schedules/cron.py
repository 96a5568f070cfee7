"""Cron expressions of EventBridge Scheduler: their fields, and the days that they name.

Source: AWS, EventBridge Scheduler User Guide, "Schedule types on EventBridge Scheduler", read
2026-11-21.
"""

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

_NEAREST_WEEKDAY = re.compile(r"([1-9]|[12][0-9]|3[01])W")
_NTH_OR_LAST = re.compile(r"(?P<day>[A-Z0-9]+)(L|#(?P<nth>[1-5]))")
_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_DAYS = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")
_SATURDAY = 7

Values = frozenset[int]


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

    def values(self, text: str) -> Values:
        """Return the numbers of a list of values, ranges and steps.

        Raises:
            ValueError: a part of the list is none of them.
        """
        return frozenset(number for part in text.split(",") for number in self._part(part))

    def _part(self, part: str) -> range:
        base, slash, text = part.partition("/")
        if slash and (not re.fullmatch(r"[0-9]{1,4}", text) or not 1 <= int(text) <= self.high):
            raise ValueError(f"the step of {self.name} is a number from 1, not {text!r}")
        step = int(text) if slash else 1
        if base == "*":
            return range(self.low, self.high + 1, step)
        first, dash, last = base.partition("-")
        low = self.number(first)
        if not dash:
            return range(low, (self.high if slash else low) + 1, step)
        high = self.number(last)
        if high < low:
            raise ValueError(f"the range {base} of {self.name} is written from low to high")
        return range(low, high + 1, step)


_MINUTES = _Field("minutes", 0, 59)
_HOURS = _Field("hours", 0, 23)
_DAY_OF_MONTH = _Field("day-of-month", 1, 31)
_MONTH = _Field("month", 1, 12, _MONTHS)
_DAY_OF_WEEK = _Field("day-of-week", 1, 7, _DAYS)
_YEAR = _Field("year", 1970, 2199)


@dataclass(frozen=True, slots=True)
class Cron:
    """The fields of an expression.

    Attributes:
        days: Text of day-of-month, ``?`` if day-of-week decides.
        weekdays: Text of day-of-week, ``?`` if day-of-month decides.
    """

    minutes: Values
    hours: Values
    days: str
    months: Values
    weekdays: str
    years: Values

    def times(self, start: date) -> Iterator[datetime]:
        """Yield the local times from a day on, in order, without a zone."""
        clock = [
            time(hour, minute) for hour in sorted(self.hours) for minute in sorted(self.minutes)
        ]
        for year in sorted(year for year in self.years if year >= start.year):
            for month in sorted(self.months):
                for day in self._days(year, month):
                    if day >= start:
                        yield from (datetime.combine(day, moment) for moment in clock)

    def _days(self, year: int, month: int) -> list[date]:
        last = date(year, month, monthrange(year, month)[1])
        if self.weekdays == "?":
            return _days_of_month(self.days, last)
        return _days_of_week(self.weekdays, last)


def parse_cron(text: str) -> Cron:
    """Return the fields of a cron expression.

    Raises:
        ValueError: EventBridge Scheduler does not take the expression.
    """
    fields = text.split(" ")
    if len(fields) != 6 or "" in fields:
        raise ValueError(
            "cron has six fields with one space between: minutes, hours, day-of-month, month, "
            "day-of-week, year"
        )
    minutes, hours, days, months, weekdays, years = fields
    if (days == "?") == (weekdays == "?"):
        raise ValueError("exactly one of day-of-month and day-of-week is ?")
    if days not in ("?", "L") and not _NEAREST_WEEKDAY.fullmatch(days):
        _DAY_OF_MONTH.values(days)
    special = _NTH_OR_LAST.fullmatch(weekdays)
    if special:
        _DAY_OF_WEEK.number(special["day"])
    elif weekdays not in ("?", "L"):
        _DAY_OF_WEEK.values(weekdays)
    return Cron(
        _MINUTES.values(minutes),
        _HOURS.values(hours),
        days,
        _MONTH.values(months),
        weekdays,
        _YEAR.values(years),
    )


def _days_of_month(text: str, last: date) -> list[date]:
    """Return the days of a month that day-of-month names; ``last`` is its last day."""
    if text == "L":
        return [last]
    if not text.endswith("W"):
        numbers = sorted(_DAY_OF_MONTH.values(text))
        return [last.replace(day=number) for number in numbers if number <= last.day]
    wanted = int(text[:-1])
    return [_nearest_weekday(last.replace(day=wanted), last)] if wanted <= last.day else []


def _nearest_weekday(day: date, last: date) -> date:
    """Return the weekday nearest to a day, within the month."""
    if day.isoweekday() == 6:
        return day - timedelta(1) if day.day > 1 else day + timedelta(2)
    if day.isoweekday() == 7:
        return day + timedelta(1) if day < last else day - timedelta(2)
    return day


def _days_of_week(text: str, last: date) -> list[date]:
    """Return the days of a month that day-of-week names; ``last`` is its last day."""
    days = [last.replace(day=number) for number in range(1, last.day + 1)]
    special = _NTH_OR_LAST.fullmatch(text)
    if special is None:
        numbers = {_SATURDAY} if text == "L" else _DAY_OF_WEEK.values(text)
        return [day for day in days if _number(day) in numbers]
    wanted = [day for day in days if _number(day) == _DAY_OF_WEEK.number(special["day"])]
    if special["nth"] is None:
        return wanted[-1:]
    return wanted[int(special["nth"]) - 1 : int(special["nth"])]


def _number(day: date) -> int:
    """Return the day of the week from 1 for Sunday to 7 for Saturday."""
    return day.isoweekday() % 7 + 1
