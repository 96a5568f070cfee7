"""The outcome of each response that a vendor documents, for the adapters of all vendors."""

import json
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO

import httpx
import pytest
from PIL import Image

from studio.domain.provider_calls.model import Credentials, Generated, Refused, Throttled
from studio.money import UNKNOWN, Cost
from studio.ports.provider import Provider
from tests.support.stand_ins.server import StandIn
from tests.support.vendors.model import Body, Delay, Example, Refusal, Row, Success, Vendor
from tests.support.vendors.suite import VENDORS, Case, each, each_vendor, fetcher, finish

BODIES = [
    pytest.param(vendor, body, id=f"{vendor.card.id}-{body.example}-{number}")
    for vendor in VENDORS
    for number, body in enumerate(vendor.bodies)
]


@pytest.fixture
def stand_in(case: Case[Row]) -> Iterator[StandIn]:
    with case.vendor.stand_in(case.vendor.key) as server:
        server.script([case.row.scenario])
        yield server


@pytest.fixture
def provider(case: Case[Row], stand_in: StandIn, client: httpx.Client) -> Provider:
    return case.provider(stand_in, client)


def has_size(data: bytes, example: Example) -> bool:
    """Return whether the bytes are an image of the example's size, or its other file format."""
    if example.size is None:
        return example.signature in data[:8]
    with Image.open(BytesIO(data)) as image:
        image.load()
        return (image.format, image.size) == ("PNG", example.size)


@each_vendor
def test_a_success_has_the_result_its_cost_and_the_id_of_the_call(
    case: Case[Row], stand_in: StandIn, provider: Provider
) -> None:
    outcome = finish(provider, provider.submit(case.example.request))
    assert isinstance(outcome, Generated)
    assert has_size(outcome.data, case.example)
    assert (outcome.seed, outcome.revised_prompt) == (case.example.seed, None)
    assert outcome.provider_request_id == (case.example.result_id or case.example.call_id)
    assert outcome.cost == case.example.cost
    (paid,) = stand_in.paid
    assert (outcome.cost.micros or 0) == paid.micros
    assert paid.request_id in case.example.call_id


@each(lambda vendor: vendor.successes)
def test_an_unusual_success_is_returned_unchecked(
    case: Case[Success], stand_in: StandIn, provider: Provider
) -> None:
    example, row = case.example, case.row
    outcome = finish(provider, provider.submit(example.request))
    assert isinstance(outcome, Generated)
    assert example.signature in outcome.data[:8]
    assert has_size(outcome.data, example) if row.valid else True
    assert outcome.cost == cost_of(case, stand_in)
    assert outcome.seed == (example.seed if row.has_seed else None)
    assert outcome.provider_request_id == (example.call_id if row.has_id else None)
    (paid,) = stand_in.paid
    assert row.charge == "unknown" or (outcome.cost.micros or 0) == paid.micros


@each(lambda vendor: vendor.refusals)
def test_a_refusal_has_a_kind_a_cost_and_a_reason(
    case: Case[Refusal], stand_in: StandIn, provider: Provider
) -> None:
    example, row = case.example, case.row
    outcome = finish(provider, provider.submit(example.request))
    assert isinstance(outcome, Refused)
    assert outcome.kind == row.kind
    assert outcome.message.endswith(row.ending)
    assert outcome.cost == cost_of(case, stand_in)
    call_id = row.call_id or example.call_id
    assert outcome.provider_request_id == (call_id if row.has_id else None)
    assert len(stand_in.paid) == (row.charge != "free" and row.billed)


def cost_of(case: Case[Success] | Case[Refusal], stand_in: StandIn) -> Cost | None:
    """Return the cost that the outcome of a case must have."""
    match case.row.charge:
        case "free":
            return None
        case "paid":
            return case.example.cost
        case "reported":
            return replace(case.example.cost, micros=stand_in.paid[0].micros)
        case "unknown":
            return UNKNOWN


@each(lambda vendor: vendor.delays)
def test_a_temporary_failure_names_the_time_of_the_next_try(
    case: Case[Delay], stand_in: StandIn, provider: Provider
) -> None:
    outcome = provider.submit(case.example.request)
    assert isinstance(outcome, Throttled)
    assert outcome.kind == case.row.kind
    assert outcome.retry_after in case.row.retry_after
    assert case.row.message in (None, outcome.message)
    assert stand_in.paid == []


@each(lambda vendor: [Row("slow 0.1")])
def test_a_slow_response_is_waited_for(case: Case[Row], provider: Provider) -> None:
    assert isinstance(finish(provider, provider.submit(case.example.request)), Generated)


@pytest.mark.parametrize(("vendor", "body"), BODIES)
def test_a_body_of_an_unusual_shape(vendor: Vendor, body: Body) -> None:
    content = body.document if isinstance(body.document, bytes) else json.dumps(body.document)
    transport = httpx.MockTransport(lambda request: httpx.Response(200, content=content))
    account = Credentials(vendor.key, "http://vendor.test")
    with httpx.Client(transport=transport) as scripted:
        provider = vendor.adapter(account, vendor.card, scripted, fetcher)
        outcome = provider.submit(vendor.examples[body.example].request)
    assert isinstance(outcome, body.outcome)
    if body.kind is not None:
        assert isinstance(outcome, Refused)
        assert (outcome.kind, outcome.cost) == (body.kind, UNKNOWN)
