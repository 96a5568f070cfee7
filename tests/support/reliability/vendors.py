"""The kinds of providers that a job can meet, each with what can be known after a crash."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from studio.domain.provider_calls.model import Refused, Throttled
from studio.domain.routing.breaker import FAULTS_TO_OPEN
from studio.money import Cost
from tests.support.fakes.provider import FakeProvider

PROMPTS = ("a red fox", "a blue whale")


@dataclass(frozen=True, slots=True)
class Vendor:
    """A kind of provider.

    Attributes:
        provider: Its name in the catalogue, which decides what the services believe of it.
        make: Makes a fresh one.
        forgets: Whether a call is lost for good, its outcome unknown, with the step that made
            it; otherwise the next try of the step finds out.
        fallback: The provider that takes over, so that the first refusals of its fake are another's.
        may_lose: Whether it is lost with its execution and not polled again.
    """

    provider: str
    make: Callable[[], FakeProvider]
    forgets: bool = True
    may_lose: bool = True
    fallback: tuple[tuple[str, str | None], ...] = ()


def _busy() -> FakeProvider:
    busy = [Throttled("rate_limit", "slow down", 7), Throttled("transient", "try again")]
    return FakeProvider(replies=deque(busy))


def _down() -> FakeProvider:
    """Fails as often as opens the breaker, and answers the probe."""
    down = Throttled("transient", "try again")
    return FakeProvider(replies=deque([down] * FAULTS_TO_OPEN))


def _broke() -> FakeProvider:
    return FakeProvider(replies=deque([Refused("credits", "no money"), Refused("auth", "no key")]))


VENDORS = {
    "cannot be asked": Vendor("openai", FakeProvider),
    "can be asked": Vendor("runware", lambda: FakeProvider(askable=True), forgets=False),
    "repeatable": Vendor(
        "builtin",
        lambda: FakeProvider(repeatable=True, askable=True, cost=Cost(0, "priced", "builtin-1")),
        forgets=False,
        may_lose=False,
    ),
    "pending": Vendor("runware", lambda: FakeProvider(polls=2)),
    "throttled": Vendor("openai", _busy),
    "opens the breaker": Vendor("openai", _down),
    "falls back": Vendor("openai", _broke, fallback=(("runware", None), ("gemini", None))),
}
