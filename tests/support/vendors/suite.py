"""The table of vendors, and the cases of the contract that each of their adapters meets."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

import httpx
import pytest

from studio.adapters.web.guarded_http import GuardedClient
from studio.domain.provider_calls.model import Credentials, Pending, ProviderOutcome
from studio.ports.provider import Provider
from tests.support.stand_ins.server import StandIn
from tests.support.vendors.bedrock import BEDROCK
from tests.support.vendors.gemini import GEMINI
from tests.support.vendors.huggingface import HUGGING_FACE
from tests.support.vendors.model import Example, Queue, Row, Vendor
from tests.support.vendors.openai import OPENAI
from tests.support.vendors.runware import RUNWARE
from tests.support.vendors.stability import STABILITY
from tests.support.vendors.wavespeed import WAVESPEED

VENDORS: tuple[Vendor, ...] = (
    BEDROCK,
    GEMINI,
    HUGGING_FACE,
    OPENAI,
    RUNWARE,
    STABILITY,
    WAVESPEED,
)
_MOST_POLLS = 10
# A stand-in has both names: one for the API and one for files.
_STAND_IN = frozenset({"127.0.0.1", "localhost"})

_Row = TypeVar("_Row", bound=Row)


@dataclass(frozen=True, slots=True)
class Case(Generic[_Row]):
    """One example of one vendor in one scenario."""

    vendor: Vendor
    example: Example
    row: _Row

    def provider(self, server: StandIn, client: httpx.Client, key: str = "") -> Provider:
        """Return the adapter for an account at the stand-in, with the account's key by default."""
        account = Credentials(key or self.vendor.key, server.base_url)
        return self.vendor.adapter(account, self.vendor.card, client, fetcher)

    @property
    def queue(self) -> Queue:
        """Queue of calls of the vendor."""
        assert self.vendor.queue is not None
        return self.vendor.queue


def fetcher() -> GuardedClient:
    """Return a client that may fetch results from a stand-in."""
    return GuardedClient(trusted_hosts=_STAND_IN)


def each(rows: Callable[[Vendor], Iterable[Row]]) -> pytest.MarkDecorator:
    """Parametrise a test by each vendor, each of its examples and each scenario for it."""
    cases = (
        (vendor, row, name, {**vendor.examples, **vendor.others}[name])
        for vendor in VENDORS
        for row in rows(vendor)
        for name in row.only or vendor.examples
    )
    return _parametrised(cases)


def each_queue(rows: Callable[[Queue], Iterable[Row]]) -> pytest.MarkDecorator:
    """Parametrise a test by each vendor that queues, each queued example and each scenario."""
    cases = (
        (vendor, row, name, {**vendor.queue.examples, **vendor.queue.others}[name])
        for vendor in VENDORS
        if vendor.queue
        for row in rows(vendor.queue)
        for name in row.only or vendor.queue.examples
    )
    return _parametrised(cases)


def finish(provider: Provider, outcome: ProviderOutcome) -> ProviderOutcome:
    """Poll a call until it is no longer pending, and return its outcome."""
    for _ in range(_MOST_POLLS):
        if not isinstance(outcome, Pending):
            break
        outcome = provider.poll(outcome.handle)
    return outcome


def _parametrised(cases: Iterable[tuple[Vendor, Row, str, Example]]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize(
        "case",
        [
            pytest.param(Case(vendor, example, row), id=f"{vendor.card.id}-{name}-{row.scenario}")
            for vendor, row, name, example in cases
        ],
    )


each_vendor = each(lambda vendor: [Row("success", only=vendor.names)])
"""Parametrise a test by each vendor and all of its examples."""
