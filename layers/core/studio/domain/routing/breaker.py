"""The circuit breaker of an account's model at a provider: its facts, and the moves between them.

Closed, everybody calls. Faults in a row open it, and nobody calls. After a pause it is half open:
one call, elected by whoever writes first, is the probe. Its answer closes the breaker, its fault
opens it again for twice as long. Only new calls are held and counted; a question about a call
that was made goes its way, because a picture may be paid for.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from math import ceil
from typing import Literal

from studio.domain.provider_calls.model import OutcomeUnknown, ProviderOutcome, Throttled

State = Literal["closed", "open", "half_open"]
FaultKind = Literal["transient", "no_answer"]
"""``transient``: it could not be reached, or failed by its own word (5xx). ``no_answer``: its
answer was lost, and a picture may have been paid."""

FAULTS_TO_OPEN = 5
"""More than chance brings in a row, and one less than an image tries: a provider that is down is
found out by the first image that meets it."""

ONE_ROW = timedelta(minutes=6)
"""Faults further apart are no row. A call may take five minutes to be lost, and a job makes one
call after another: with less, a provider that swallows requests would never open it."""

FIRST_PAUSE = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(minutes=10)
"""The pause doubles from one to the other, so that a long outage is asked about 6 times an hour."""

PROBE_WATCH_SECONDS = 30
"""How soon to look again while somebody's probe is under way; most are answered by then."""

PATIENCE = timedelta(minutes=15)
"""How long a row of faults lasts before images end instead of waiting: fifty images that wait one
after another must not outlive the day that a job's execution has."""


@dataclass(frozen=True, slots=True)
class Breaker:
    """What is known of an account's calls of a model.

    Attributes:
        version: Counts the moves; a move is written only over the version that it was made from.
        failures: Faults in a row.
        failing_since: When the row began.
        opened_at: When it opened last; None while it is closed.
        trips: How often it opened in this row.
        probe_until: How long the elected probe may take; None where none was elected. Who died
            with it holds up the next probe no longer.
        error_kind, error_at: The newest fault, kept when the breaker closes.
    """

    version: int = 0
    failures: int = 0
    failing_since: datetime | None = None
    opened_at: datetime | None = None
    trips: int = 0
    probe_until: datetime | None = None
    error_kind: FaultKind | None = None
    error_at: datetime | None = None

    @property
    def troubled(self) -> bool:
        """Whether there is something that a good answer would clear."""
        return self.failures > 0 or self.opened_at is not None

    @property
    def next_probe_at(self) -> datetime | None:
        """When a probe may be made, or the next one after that under way; None while closed."""
        return self.probe_until or self._due

    def state(self, at: datetime) -> State:
        """Return how it stands; half open while a probe is due or under way."""
        if self._due is None:
            return "closed"
        return "open" if at < self._due else "half_open"

    def wait(self, at: datetime) -> int:
        """Return for how many seconds nobody may call; 0 while closed or where a probe is due."""
        if self.next_probe_at is None:
            return 0
        left = max(0, ceil((self.next_probe_at - at).total_seconds()))
        return left if self.state(at) == "open" else min(left, PROBE_WATCH_SECONDS)

    def outlasts_patience(self, at: datetime) -> bool:
        """Tell whether images should end rather than wait for it."""
        since = self.failing_since if self.opened_at else None
        return since is not None and at - since > PATIENCE

    @property
    def _due(self) -> datetime | None:
        if self.opened_at is None:
            return None
        # The exponent is bounded because nothing else bounds the trips.
        doublings = min(max(self.trips - 1, 0), 10)
        return self.opened_at + min(FIRST_PAUSE * (1 << doublings), LONGEST_PAUSE)


def fault_of(answer: ProviderOutcome) -> FaultKind | None:
    """Tell what kind of fault an answer to a call is; None where the provider did answer.

    A refusal is no fault, nor is a rate limit: whoever says no is there.
    """
    match answer:
        case Throttled(kind="transient"):
            return "transient"
        case OutcomeUnknown():
            return "no_answer"
        case _:
            return None


def probing(breaker: Breaker, at: datetime, until: datetime) -> Breaker:
    """Elect a probe that may take until a time.

    A breaker that nobody looked at for long tells nothing of today: its row begins anew.
    """
    due = breaker.next_probe_at or at
    elected = replace(breaker, version=breaker.version + 1, probe_until=until)
    if at - due > LONGEST_PAUSE:
        return replace(elected, failures=0, trips=0, failing_since=at)
    return elected


def after_fault(breaker: Breaker, kind: FaultKind, at: datetime) -> Breaker:
    """Return the breaker after a fault of a call that it let through: of the probe, if open."""
    probe = breaker.opened_at is not None
    last = breaker.error_at or at
    in_row = probe or (breaker.failures > 0 and at - last <= ONE_ROW)
    failures = breaker.failures + 1 if in_row else 1
    opens = probe or failures >= FAULTS_TO_OPEN
    return Breaker(
        version=breaker.version + 1,
        failures=failures,
        failing_since=breaker.failing_since if in_row else at,
        opened_at=at if opens else None,
        trips=breaker.trips + 1 if opens else 0,
        error_kind=kind,
        error_at=at,
    )


def after_success(breaker: Breaker) -> Breaker:
    """Return the breaker after a call that was answered: closed, its row over."""
    return Breaker(breaker.version + 1, error_kind=breaker.error_kind, error_at=breaker.error_at)
