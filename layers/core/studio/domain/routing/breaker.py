"""The circuit breaker of an account's model at a provider: its state and state changes.

A closed breaker lets every call through. Faults in a row open it, and no call goes through.
After a pause it is half open, and one call is the probe. A successful probe closes the breaker. A
failed one opens it again for twice as long. Only new calls are held and counted. A question about
an earlier call is always sent, because that call may be paid.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from math import ceil
from typing import Literal

from studio.domain.provider_calls.model import OutcomeUnknown, ProviderOutcome, Throttled

State = Literal["closed", "open", "half_open"]
FaultKind = Literal["transient", "no_answer"]
"""Kinds of faults.

``transient``: the provider cannot be reached, or reports its own failure (5xx). ``no_answer``:
the answer is lost, and an image may be paid.
"""

FAULTS_TO_OPEN = 5
"""Faults in a row that open a breaker.

It is more than chance brings. It is one less than an image's tries, so the first image opens the
breaker of a provider that is down.
"""

FAULT_WINDOW = timedelta(minutes=6)
"""The longest time between two faults of one series.

A lost call may take five minutes, and a job makes one call after another. A shorter window would
never open the breaker of a provider that does not answer.
"""

FIRST_PAUSE = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(minutes=10)
"""The pause doubles up to this, so that a long outage has about 6 probes an hour."""

PROBE_WATCH_SECONDS = 30
"""Seconds until the next look while a probe is running; most probes have an answer by then."""

LONGEST_OUTAGE = timedelta(minutes=15)
"""How long images wait for a provider before they fail.

Fifty images of a job may wait one after another within the day that an execution may last.
"""


@dataclass(frozen=True, slots=True)
class Breaker:
    """The state of an account's calls of a model.

    Attributes:
        version: Number of the state; a change is written only over the version it started from.
        failures: Faults in a row.
        failing_since: When the series began.
        opened_at: When it opened last; None if it is closed.
        trips: How often it opened in this series.
        probe_until: When the running probe times out; None without a probe. After that time another
            probe may start.
        error_kind, error_at: The newest fault; it stays when the breaker closes.
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
    def has_failures(self) -> bool:
        """True if there is anything that a successful call would reset."""
        return self.failures > 0 or self.opened_at is not None

    @property
    def next_probe_at(self) -> datetime | None:
        """Time at which the next probe may start; None while it is closed."""
        return self.probe_until or self._due

    def state(self, at: datetime) -> State:
        """Return the state at a time; ``half_open`` while a probe is due or running."""
        if self._due is None:
            return "closed"
        return "open" if at < self._due else "half_open"

    def wait(self, at: datetime) -> int:
        """Return for how many seconds no call may be made; 0 if it is closed or a probe is due."""
        if self.next_probe_at is None:
            return 0
        left = max(0, ceil((self.next_probe_at - at).total_seconds()))
        return left if self.state(at) == "open" else min(left, PROBE_WATCH_SECONDS)

    def is_lasting(self, at: datetime) -> bool:
        """Tell whether the outage lasts so long that images should fail instead of waiting."""
        since = self.failing_since if self.opened_at else None
        return since is not None and at - since > LONGEST_OUTAGE

    @property
    def _due(self) -> datetime | None:
        if self.opened_at is None:
            return None
        # The exponent is bounded because nothing else bounds the trips.
        doublings = min(max(self.trips - 1, 0), 10)
        return self.opened_at + min(FIRST_PAUSE * (1 << doublings), LONGEST_PAUSE)


def fault_of(answer: ProviderOutcome) -> FaultKind | None:
    """Return the kind of fault of an answer, None if the provider did answer.

    A refusal or a rate limit is no fault, because the provider is available.
    """
    match answer:
        case Throttled(kind="transient"):
            return "transient"
        case OutcomeUnknown():
            return "no_answer"
        case _:
            return None


def start_probe(breaker: Breaker, at: datetime, until: datetime) -> Breaker:
    """Return the breaker with a probe that may run until a time.

    After a long time without calls the old faults do not count any more, so a new series starts.
    """
    due = breaker.next_probe_at or at
    elected = replace(breaker, version=breaker.version + 1, probe_until=until)
    if at - due > LONGEST_PAUSE:
        return replace(elected, failures=0, trips=0, failing_since=at)
    return elected


def after_fault(breaker: Breaker, kind: FaultKind, at: datetime) -> Breaker:
    """Return the breaker after a fault of a call that it let through."""
    probe = breaker.opened_at is not None
    last = breaker.error_at or at
    in_row = probe or (breaker.failures > 0 and at - last <= FAULT_WINDOW)
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
    """Return the breaker after a successful call: closed, without faults in a row."""
    return Breaker(breaker.version + 1, error_kind=breaker.error_kind, error_at=breaker.error_at)
