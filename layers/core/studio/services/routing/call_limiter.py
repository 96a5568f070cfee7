"""What stands against a call, and what its answer says to the calls after it.

All jobs of an account share a bucket and a breaker per model. Asking for a token brings the
breaker along, so a call that nothing stands against and that nothing goes wrong with costs no
more than its token.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from studio.domain.catalogue.catalogue import ProviderCard
from studio.domain.jobs.model import Item
from studio.domain.provider_calls.model import Answer
from studio.domain.routing.breaker import Breaker, after_fault, after_success, fault_of, start_probe
from studio.ports.credentials import CredentialStore
from studio.ports.routing import CallLimitStore

# A move that others make at the same time is made again from where they left it.
_TRIES = 4


@dataclass(frozen=True, slots=True)
class Denied:
    """A call that may not be made for so many seconds.

    Attributes:
        why: ``busy``: the account has no token left, or was asked for quiet; ``failing``: its
            calls have been failing; ``lasting``: for longer than anybody should wait.
    """

    wait: int
    why: Literal["busy", "failing", "lasting"]


@dataclass(frozen=True, slots=True)
class Permit:
    """The leave to make one call; ``bucket`` is None where nobody restrains anybody."""

    bucket: str | None
    breaker: Breaker


@dataclass(frozen=True, slots=True)
class CallLimiter:
    """Restrains calls of providers that have accounts; those in this process are their own."""

    store: CallLimitStore
    credentials: CredentialStore

    def acquire(
        self, item: Item, card: ProviderCard, at: datetime, lease: timedelta
    ) -> Permit | Denied:
        """Ask for leave to make an image's call, which takes no longer than ``lease``."""
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
        # The probe takes no token: nobody has called for half a minute.
        probe = start_probe(breaker, at, at + lease)
        rival = self.store.swap(bucket, breaker, probe, at)
        if rival is None:
            return Permit(bucket, probe)
        return Denied(max(1, rival.wait(at)), "failing")

    def record_outcome(self, permit: Permit, answer: Answer, at: datetime) -> None:
        """Take note of the answer to a call that leave was given for.

        Called when the answer is safe: what fails here must not cost a picture.
        """
        kind = fault_of(answer)
        if permit.bucket is None or (kind is None and not permit.breaker.has_failures):
            return
        seen = permit.breaker
        for _ in range(_TRIES):
            after = after_success(seen) if kind is None else after_fault(seen, kind, at)
            moved = self.store.swap(permit.bucket, seen, after, at)
            if moved is None or moved.opened_at is not None:
                # While it is open only the probe's word counts, and that was another call.
                return
            if kind is None and not moved.has_failures:
                return
            seen = moved

    def pause_until(self, item: Item, seconds: int, at: datetime) -> None:
        """Let no job call before the provider wants it."""
        self.store.pause_until(self._bucket(item), seconds, at)

    def _rate(self, item: Item, card: ProviderCard) -> int | None:
        """Calls a minute of the account, None for one without a limit."""
        own = self.credentials.get(item.spec.provider, item.tenant).rate_per_minute
        return own or card.rate_per_minute

    def _bucket(self, item: Item) -> str:
        account = self.credentials.account(item.spec.provider, item.tenant)
        return f"{account}/{item.spec.model}"
