"""The one source of the current time, and how times are written."""

from collections.abc import Callable
from datetime import UTC, datetime


def utc_now() -> datetime:
    """Return the current time, aware, in UTC."""
    return datetime.now(UTC)


def rfc3339(at: datetime) -> str:
    """Write a time as RFC 3339 in UTC with milliseconds."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def parse_rfc3339(text: str) -> datetime:
    """Read a time that ``rfc3339`` wrote."""
    return datetime.fromisoformat(text)


Clock = Callable[[], datetime]
