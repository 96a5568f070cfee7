"""How long a response asks the caller to wait."""

import math
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from email.utils import parsedate_to_datetime

_MAX_WAIT_SECONDS = 600


def parse_retry_after(headers: Mapping[str, str], now: datetime) -> int | None:
    """Return the wait from ``retry-after-ms``, or from ``retry-after`` in seconds or as a date.

    Returns:
        Whole seconds, rounded up, 1 to 600; None where no header is readable.
    """
    for name, per_second in (("retry-after-ms", 1000), ("retry-after", 1)):
        text = headers.get(name, "").strip()
        if text.replace(".", "", 1).isdecimal() and text.isascii():
            return bounded_wait(Decimal(text) / per_second)
    try:
        at = parsedate_to_datetime(headers.get("retry-after", ""))
    except (ValueError, OverflowError):
        return None
    aware = at if at.tzinfo else at.replace(tzinfo=UTC)
    return bounded_wait(Decimal((aware - now).total_seconds()))


def bounded_wait(seconds: Decimal | int) -> int:
    """Return a wait in whole seconds, rounded up, 1 to 600."""
    return math.ceil(min(max(seconds, Decimal(1)), Decimal(_MAX_WAIT_SECONDS)))
