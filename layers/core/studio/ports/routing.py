"""Port of call limits: rate buckets and circuit breakers that all jobs share."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from studio.domain.routing.breaker import Breaker
from studio.domain.routing.bucket import Bucket


@dataclass(frozen=True, slots=True)
class TokenResult:
    """The result of a request for a token.

    Attributes:
        wait: Seconds until a token is free, 0 if one was taken. An open or half-open breaker
            gives none, even at 0.
        breaker: The breaker at that moment.
    """

    wait: int
    breaker: Breaker


class CallLimitStore(Protocol):
    """Rate buckets and circuit breakers, one of each per provider account and model."""

    def acquire(self, bucket: str, per_minute: int | None, at: datetime) -> TokenResult:
        """Take a token if the breaker is closed, and return the state of both.

        Without a limit (None), only a pause that the provider asked for makes a call wait.
        """
        ...

    def pause_until(self, bucket: str, seconds: int, at: datetime) -> None:
        """Stop all calls for so many seconds, as the provider asked."""
        ...

    def swap(self, bucket: str, before: Breaker, after: Breaker, at: datetime) -> Breaker | None:
        """Write a transition of a breaker, or return the breaker that another worker wrote.

        Of several transitions from one version, one succeeds.
        """
        ...

    def read(self, buckets: Collection[str]) -> Mapping[str, Bucket]:
        """Return those of the buckets that had a call lately, by name."""
        ...
