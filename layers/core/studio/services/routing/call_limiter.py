"""Limits of calls to providers: rate buckets and circuit breakers.

All jobs of an account share a bucket and a breaker per model. One read returns both, so a call
without limits and without faults costs only its token.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Literal

from studio.domain.catalogue.catalogue import ProviderCard
from studio.domain.jobs.model import Item
from studio.domain.provider_calls.model import ProviderOutcome
from studio.domain.routing.breaker import Breaker, after_fault, after_success, fault_of, start_probe
from studio.metrics import emit
from studio.ports.routing import CallLimitStore

if TYPE_CHECKING:
    from studio.ports.credentials import CredentialStore

# A change that meets another one is made again from the new state.
_ATTEMPTS = 4


@dataclass(frozen=True, slots=True)
class Denied:
    """A refusal of a call for a number of seconds.

    Attributes:
        why: ``busy``: the account has no token left, or its provider asked for a pause.
            ``failing``: its calls fail. ``lasting``: they have failed for a long time.
    """

    wait: int
    why: Literal["busy", "failing", "lasting"]


@dataclass(frozen=True, slots=True)
class Permit:
    """Permission to make one call; ``bucket`` is None for a provider without limits."""

    bucket: str | None
    breaker: Breaker


@dataclass(frozen=True, slots=True)
class CallLimiter:
    """Limits calls to providers with accounts; providers in this process have no limits."""

    store: CallLimitStore
    credentials: "CredentialStore"

    def acquire(
        self, item: Item, card: ProviderCard, at: datetime, lease: timedelta
    ) -> Permit | Denied:
        """Return permission for an image's call, which takes at most ``lease``, or its refusal."""
        if card.base_url is None:
            return Permit(None, Breaker())
        bucket = self._bucket(item)
        taken = self.store.acquire(bucket, self._rate(item, card), at)
        breaker = taken.breaker
        if breaker.opened_at is None:
            return Denied(taken.wait, "busy") if taken.wait else Permit(bucket, breaker)
        if wait := breaker.wait(at):
            return Denied(wait, "lasting" if breaker.is_lasting(at) else "failing")
        if taken.wait:
            return Denied(taken.wait, "busy")
        # The probe takes no token, because there was no call for half a minute.
        probe = start_probe(breaker, at, at + lease)
        rival = self.store.swap(bucket, breaker, probe, at)
        if rival is None:
            return Permit(bucket, probe)
        return Denied(max(1, rival.wait(at)), "failing")

    def record_outcome(self, permit: Permit, answer: ProviderOutcome, at: datetime) -> None:
        """Record the answer of a permitted call.

        It runs after the answer is stored, so an error here cannot lose an image.
        """
        kind = fault_of(answer)
        if permit.bucket is None or (kind is None and not permit.breaker.has_failures):
            return
        seen = permit.breaker
        for _ in range(_ATTEMPTS):
            after = after_success(seen) if kind is None else after_fault(seen, kind, at)
            moved = self.store.swap(permit.bucket, seen, after, at)
            if moved is None and after.opened_at is not None:
                _report_opened(permit.bucket)
            if moved is None or moved.opened_at is not None:
                # While the breaker is open only the probe counts, and this was another call.
                return
            if kind is None and not moved.has_failures:
                return
            seen = moved

    def pause_until(self, item: Item, seconds: int, at: datetime) -> None:
        """Let no job call before the time that the provider asked for."""
        self.store.pause_until(self._bucket(item), seconds, at)

    def _rate(self, item: Item, card: ProviderCard) -> int | None:
        """Return the account's calls per minute, None for no limit."""
        own = self.credentials.get(item.spec.provider, item.tenant).rate_per_minute
        return own or card.rate_per_minute

    def _bucket(self, item: Item) -> str:
        account = self.credentials.account(item.spec.provider, item.tenant)
        return f"{account}/{item.spec.model}"


def _report_opened(bucket: str) -> None:
    """Count a breaker that opened, also again after a failed probe."""
    provider, _, model = bucket.split("/", 2)
    facts = {"message": "breaker opened", "model": model}
    emit({"BreakersOpened": 1}, {"Provider": provider}, facts=facts)
