"""The record that all jobs share of an account's model: its rate bucket and its breaker.

The bucket is kept as one time, that at which it would be full again. Each call moves it one
interval further; up to a burst of that lead may be used at once.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import ceil

from studio.domain.routing.breaker import Breaker

BURST = timedelta(seconds=10)


def interval(per_minute: int | None) -> timedelta:
    """Return the time from one call to the next; none where no limit is kept."""
    return timedelta(milliseconds=60_000 // per_minute) if per_minute else timedelta()


@dataclass(frozen=True, slots=True)
class Bucket:
    """What is known of it; nothing but its being closed where nobody has called.

    Attributes:
        full_at: When every token would be back; a provider's wish for quiet moves it, too.
        per_minute: The rate that was last kept, None for none.
    """

    full_at: datetime | None = None
    per_minute: int | None = None
    breaker: Breaker = field(default_factory=Breaker)

    def free_at(self, per_minute: int | None) -> datetime | None:
        """Return from when on there is a token; None where there always was one."""
        if self.full_at is None:
            return None
        step = interval(per_minute)
        return self.full_at + step - max(BURST, step)

    def wait(self, per_minute: int | None, at: datetime) -> int:
        """Return in how many seconds there is a token, 0 for now."""
        free_at = self.free_at(per_minute)
        return 0 if free_at is None else max(0, ceil((free_at - at).total_seconds()))

    def tokens(self, per_minute: int, at: datetime) -> int:
        """Return how many calls may be made at once."""
        step = interval(per_minute)
        lead = max((self.full_at or at) - at, timedelta())
        return max(0, (max(BURST, step) - lead) // step)
