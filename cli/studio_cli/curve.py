"""The smooth bar of one image.

The service says only what it knows: a stage, and when the work began. How a bar moves in
between is the client's invention: 0-50 % in the first 7 s, 50-75 % in the next 5 s, then one
point every half second up to 95 %, where it waits for the result.
"""

from datetime import UTC, datetime

from studio_cli.wire import ENDED_ITEM, Result, Stage

FAST_SECONDS, FAST_PERCENT = 7.0, 50.0
SLOW_SECONDS, SLOW_PERCENT = 5.0, 75.0
CREEP_PERCENT_PER_SECOND = 2.0
CEILING_PERCENT = 95.0

REACHED: dict[Stage, float] = {"PARSE": 75.0, "SAVE": 90.0}
"""Where a bar jumps to when the picture is here early; other stages are told by the time."""


def bar_percent(result: Result, now: datetime) -> float:
    """Return how far to draw an image's bar, 0 to 100.

    Args:
        result: The image in the progress document.
        now: The current time, aware.
    """
    if result["status"] in ENDED_ITEM:
        return 100.0
    if result["status"] != "running" or result["started_at"] is None:
        return 0.0
    seconds = (now - datetime.fromisoformat(result["started_at"])).total_seconds()
    return max(percent_after(seconds), REACHED.get(result["stage"], 0.0))


def percent_after(seconds: float) -> float:
    """Return the percentage of an image that has been in work for so long."""
    if seconds <= FAST_SECONDS:
        return FAST_PERCENT * max(seconds, 0.0) / FAST_SECONDS
    if seconds <= FAST_SECONDS + SLOW_SECONDS:
        share = (seconds - FAST_SECONDS) / SLOW_SECONDS
        return FAST_PERCENT + (SLOW_PERCENT - FAST_PERCENT) * share
    creep = (seconds - FAST_SECONDS - SLOW_SECONDS) * CREEP_PERCENT_PER_SECOND
    return min(SLOW_PERCENT + creep, CEILING_PERCENT)


def utc_now() -> datetime:
    """Return the current time, aware."""
    return datetime.now(UTC)
