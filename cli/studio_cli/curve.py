"""The progress bar of one image.

The service reports only a stage and a start time; the client estimates the rest. The bar goes
to 50 % in the first 7 s and to 75 % in the next 5 s. Then it gains one point every half second up
to 95 %, where it waits for the result.
"""

from datetime import UTC, datetime

from studio_cli.wire import ENDED_ITEM, Result, Stage

FAST_SECONDS, FAST_PERCENT = 7.0, 50.0
SLOW_SECONDS, SLOW_PERCENT = 5.0, 75.0
CREEP_PERCENT_PER_SECOND = 2.0
CEILING_PERCENT = 95.0

REACHED: dict[Stage, float] = {"PARSE": 75.0, "SAVE": 90.0}
"""The least percentage of a stage; the time decides in all other stages."""


def bar_percent(result: Result, now: datetime) -> float:
    """Return the percentage of an image's bar, 0 to 100.

    Args:
        result: The image in the progress document.
        now: The current time, with a time zone.
    """
    if result["status"] in ENDED_ITEM:
        return 100.0
    if result["status"] != "running" or result["started_at"] is None:
        return 0.0
    seconds = (now - datetime.fromisoformat(result["started_at"])).total_seconds()
    return max(percent_after(seconds), REACHED.get(result["stage"], 0.0))


def percent_after(seconds: float) -> float:
    """Return the estimated percentage of an image that has run for a number of seconds."""
    if seconds <= FAST_SECONDS:
        return FAST_PERCENT * max(seconds, 0.0) / FAST_SECONDS
    if seconds <= FAST_SECONDS + SLOW_SECONDS:
        share = (seconds - FAST_SECONDS) / SLOW_SECONDS
        return FAST_PERCENT + (SLOW_PERCENT - FAST_PERCENT) * share
    creep = (seconds - FAST_SECONDS - SLOW_SECONDS) * CREEP_PERCENT_PER_SECOND
    return min(SLOW_PERCENT + creep, CEILING_PERCENT)


def utc_now() -> datetime:
    """Return the current time in UTC."""
    return datetime.now(UTC)
