"""What restraint and choice need from outside, as a Protocol; ``adapters`` implements it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from studio.domain.routing.breaker import Breaker
from studio.domain.routing.bucket import Bucket


@dataclass(frozen=True, slots=True)
class TokenResult:
    """What became of asking for a token.

    Attributes:
        wait: 0, or in how many seconds there is one. Where the breaker is not closed none was
            taken even if it is 0.
        breaker: As it stood at that moment.
    """

    wait: int
    breaker: Breaker


class CallLimitStore(Protocol):
    """What all jobs together keep to: a bucket and a breaker per provider account and model."""

    def acquire(self, bucket: str, per_minute: int | None, at: datetime) -> TokenResult:
        """Take a token where the breaker is closed, and tell how that stands, in one go.

        Where no limit is kept (None) only a provider's wish for quiet makes anybody wait.
        """
        ...

    def pause_until(self, bucket: str, seconds: int, at: datetime) -> None:
        """Stop all calls for so many seconds, as the provider asked."""
        ...

    def swap(self, bucket: str, before: Breaker, after: Breaker, at: datetime) -> Breaker | None:
        """Write a move of a breaker, or return what it moved to meanwhile.

        Of several who make a move from one version, one succeeds.
        """
        ...

    def read(self, buckets: Collection[str]) -> Mapping[str, Bucket]:
        """Return those of the buckets that anybody has called lately, by name."""
        ...
