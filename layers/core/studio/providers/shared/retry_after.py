"""Time that a response asks the caller to wait."""

import math
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from email.utils import parsedate_to_datetime
from typing import Final

_MAX_WAIT_SECONDS: Final = 600
# Two servers in a row may both set the header; the first of the joined values counts.
_NUMBER: Final = re.compile(r"([0-9]+\.?[0-9]*|\.[0-9]+) ?(ms|s|sec|secs|seconds)? *(,|$)")


def parse_retry_after(headers: Mapping[str, str], now: datetime) -> int | None:
    """Return the wait from ``retry-after-ms``, or from ``retry-after`` in seconds or as a date.

    Returns:
        Whole seconds, rounded up, 1 to 600; None where no header is readable.
    """
    for name, per_second in (("retry-after-ms", 1000), ("retry-after", 1)):
        found = _NUMBER.match(headers.get(name, "").strip().lower())
        if found:
            divisor = 1000 if found[2] == "ms" else per_second
            return bounded_wait(Decimal(found[1]) / divisor)
    at = _date(headers.get("retry-after", "").strip())
    if at is None:
        return None
    aware = at if at.tzinfo else at.replace(tzinfo=UTC)
    return bounded_wait(Decimal((aware - now).total_seconds()))


def _date(text: str) -> datetime | None:
    """Return a date of HTTP or of ISO 8601, None for another text."""
    for read in (parsedate_to_datetime, datetime.fromisoformat):
        try:
            return read(text)
        except (ValueError, OverflowError):
            continue
    return None


def bounded_wait(seconds: Decimal | int) -> int:
    """Return a wait in whole seconds, rounded up, 1 to 600."""
    return math.ceil(min(max(seconds, Decimal(1)), Decimal(_MAX_WAIT_SECONDS)))
