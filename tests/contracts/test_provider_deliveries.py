"""Responses whose bodies are packed, mislabelled or damaged, for the adapters of all vendors."""

import httpx
import pytest

from studio.domain.provider_calls.model import Generated, ProviderOutcome, Refused, Throttled
from tests.support.stand_ins.deliveries import (
    HEADLESS,
    LOSSY,
    READABLE,
    Delivery,
    mislabelled,
)
from tests.support.vendors.model import Row, Vendor
from tests.support.vendors.suite import Case, each, each_vendor, finish

each_readable = pytest.mark.parametrize("delivery", READABLE.values(), ids=READABLE)
# What the vendors' error responses have in common: a key, a request, a limit and an outage.
_ERRORS = ("auth", "bad-request", "payment", "permission", "rate-limit", "unavailable")


def outcome_of(
    case: Case[Row], client: httpx.Client, delivery: Delivery | None = None
) -> ProviderOutcome:
    """Return the outcome of a scenario whose answers are delivered in a certain way."""
    with case.vendor.stand_in(case.vendor.key) as server:
        server.script([case.row.scenario])
        server.deliver = delivery or server.deliver
        provider = case.provider(server, client)
        outcome = finish(provider, provider.submit(case.example.request))
        assert isinstance(outcome, Generated) == bool(server.paid)
    return outcome


def errors(vendor: Vendor) -> list[Row]:
    """Return the errors that a vendor documents with a status of their own, for one example."""
    documented = {row.scenario for row in (*vendor.refusals, *vendor.delays)}
    example = next(iter(vendor.examples))
    return [Row(name, only=(example,)) for name in _ERRORS if name in documented]


def every_error(vendor: Vendor) -> list[Row]:
    """Return all refusals and delays that cost nothing, for the first of their examples."""
    free = [row for row in vendor.refusals if row.charge == "free"]
    names = {
        row.scenario: (row.only or tuple(vendor.examples))[:1] for row in (*free, *vendor.delays)
    }
    return [Row(name, only=only) for name, only in names.items() if not name.endswith("-date")]


@each_readable
@each_vendor
def test_a_success_is_read_however_it_is_packed(
    case: Case[Row], client: httpx.Client, delivery: Delivery
) -> None:
    assert outcome_of(case, client, delivery) == outcome_of(case, client)


@each_readable
@each(errors)
def test_an_error_means_the_same_however_it_is_packed(
    case: Case[Row], client: httpx.Client, delivery: Delivery
) -> None:
    assert outcome_of(case, client, delivery) == outcome_of(case, client)


@each(every_error)
def test_each_error_means_the_same_with_a_wrong_header(
    case: Case[Row], client: httpx.Client
) -> None:
    assert outcome_of(case, client, mislabelled("gzip")) == outcome_of(case, client)


@pytest.mark.parametrize("delivery", LOSSY.values(), ids=LOSSY)
@each(errors)
def test_the_status_counts_if_the_body_is_lost(
    case: Case[Row], client: httpx.Client, delivery: Delivery
) -> None:
    plain, lossy = outcome_of(case, client), outcome_of(case, client, delivery)
    assert isinstance(plain, Refused | Throttled)
    assert type(lossy) is type(plain)
    if isinstance(plain, Throttled) and isinstance(lossy, Throttled):
        assert (lossy.kind, lossy.message) == (plain.kind, plain.message)
    assert not isinstance(lossy, Refused) or lossy.cost is None


@pytest.mark.parametrize("delivery", HEADLESS.values(), ids=HEADLESS)
@each(errors)
def test_the_status_counts_if_the_headers_are_wrong(
    case: Case[Row], client: httpx.Client, delivery: Delivery
) -> None:
    plain, headless = outcome_of(case, client), outcome_of(case, client, delivery)
    assert isinstance(plain, Refused | Throttled)
    assert type(headless) is type(plain)
    assert not isinstance(headless, Throttled) or headless.kind == plain.kind
    assert not isinstance(headless, Refused) or headless.cost is None
