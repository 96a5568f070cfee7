"""Costs that a response reports beside its picture, for the adapters of all vendors."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from studio.domain.provider_calls.model import Generated
from studio.money import UNKNOWN
from tests.support.stand_ins.deliveries import with_usage
from tests.support.stand_ins.server import Reply
from tests.support.vendors.model import Row
from tests.support.vendors.suite import Case, each_vendor, finish

Usage = dict[str, Any]


def zeros(usage: Usage) -> Usage:
    """Return a usage whose counts are all zero."""
    return {name: _zero(value) for name, value in usage.items()}


def _zero(value: Any) -> Any:
    if isinstance(value, dict):
        return zeros(value)
    if isinstance(value, list):
        return [zeros(one) for one in value]
    return value if isinstance(value, str) else 0


def without(*endings: str) -> Callable[[Usage], Usage]:
    """Return a change that takes those counts away."""
    return lambda usage: {
        name: value for name, value in usage.items() if not name.endswith(endings)
    }


def zero(*endings: str) -> Callable[[Usage], Usage]:
    """Return a change that sets those counts to zero."""
    return lambda usage: {
        name: 0 if name.endswith(endings) else value for name, value in usage.items()
    }


INPUT = ("input_tokens", "promptTokenCount", "cost")
OUTPUT = ("output_tokens", "candidatesTokenCount", "cost")
CHANGES: dict[str, Callable[[Usage], Usage]] = {
    "zeros": zeros,
    "nothing": lambda usage: {},
    "no-input": without(*INPUT),
    "no-output": without(*OUTPUT),
    "zero-input": zero(*INPUT),
    "zero-output": zero(*OUTPUT),
    "absurd-output": lambda usage: {
        name: 10**40 if name in OUTPUT else value for name, value in usage.items()
    },
    "null-output": lambda usage: {**usage, **dict.fromkeys(set(OUTPUT) & usage.keys())},
    # A charge may be a text, unlike a count.
    "text-output": lambda usage: {
        name: value if name == "cost" else str(value) for name, value in usage.items()
    },
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
@each_vendor
def test_an_image_that_cost_nothing_by_its_own_usage_has_an_unknown_cost(
    case: Case[Row], client: httpx.Client, change: Callable[[Usage], Usage]
) -> None:
    reported: list[bool] = []

    def deliver(reply: Reply) -> Reply:
        delivered = with_usage(change)(reply)
        reported.append(delivered.body != reply.body)
        return delivered

    with case.vendor.stand_in(case.vendor.key) as server:
        server.deliver = deliver
        provider = case.provider(server, client)
        outcome = finish(provider, provider.submit(case.example.request))
    assert isinstance(outcome, Generated)
    # A vendor that reports no usage has a list price.
    assert outcome.cost == (UNKNOWN if any(reported) else case.example.cost)
    assert outcome.cost.micros != 0
