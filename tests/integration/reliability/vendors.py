"""The kinds of providers that a job can meet, each with what can be known after a crash."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from studio.money import Cost
from studio.providers.port import Throttled
from tests.fake_provider import FakeProvider

PROMPTS = ("a red fox", "a blue whale")


@dataclass(frozen=True, slots=True)
class Vendor:
    """A kind of provider.

    Attributes:
        provider: Its name in the catalogue, which decides what the services believe of it.
        make: Makes a fresh one.
        may_lose: Whether a call can be lost for good, so that its outcome is unknown.
    """

    provider: str
    make: Callable[[], FakeProvider]
    may_lose: bool = True


def _busy() -> FakeProvider:
    busy = [Throttled("rate_limit", "slow down", 7), Throttled("transient", "try again")]
    return FakeProvider(replies=deque(busy))


VENDORS = {
    "cannot be asked": Vendor("openai", FakeProvider),
    "can be asked": Vendor("runware", lambda: FakeProvider(askable=True)),
    "repeatable": Vendor(
        "builtin",
        lambda: FakeProvider(repeatable=True, askable=True, cost=Cost(0, "priced", "builtin-1")),
        may_lose=False,
    ),
    "pending": Vendor("runware", lambda: FakeProvider(polls=2)),
    "throttled": Vendor("openai", _busy),
}
