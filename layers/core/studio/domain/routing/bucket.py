"""The record that all jobs share of an account's model: its rate bucket and its breaker.

The bucket is stored as one time: when it is full again. Each call moves that time by one
interval. A burst of calls may be made at once.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import ceil

from studio.domain.routing.breaker import Breaker

BURST = timedelta(seconds=10)


def interval(per_minute: int | None) -> timedelta:
    """Return the time between two calls; none without a limit."""
    return timedelta(milliseconds=60_000 // per_minute) if per_minute else timedelta()


@dataclass(frozen=True, slots=True)
class Bucket:
    """The state of calls to an account's model; empty before the first call.

    Attributes:
        full_at: When every token is back; a provider's Retry-After moves it, too.
        per_minute: The rate that was last applied, None for none.
    """

    full_at: datetime | None = None
    per_minute: int | None = None
    breaker: Breaker = field(default_factory=Breaker)

    def free_at(self, per_minute: int | None) -> datetime | None:
        """Return the time from which there is a token; None if there always was one."""
        if self.full_at is None:
            return None
        step = interval(per_minute)
        return self.full_at + step - max(BURST, step)

    def wait(self, per_minute: int | None, at: datetime) -> int:
        """Return the seconds until there is a token, 0 for now."""
        free_at = self.free_at(per_minute)
        return 0 if free_at is None else max(0, ceil((free_at - at).total_seconds()))

    def tokens(self, per_minute: int, at: datetime) -> int:
        """Return how many calls may be made at once."""
        step = interval(per_minute)
        lead = max((self.full_at or at) - at, timedelta())
        return max(0, (max(BURST, step) - lead) // step)
