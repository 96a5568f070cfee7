"""Calls whose response is lost, and calls that are never sent, for the adapters of all vendors."""

import base64
import logging
from collections.abc import Iterator
from dataclasses import replace
from uuid import UUID

import httpx
import pytest

from studio.domain.provider_calls.model import (
    Generated,
    NotFound,
    OutcomeUnknown,
    Pending,
    Refused,
    Throttled,
)
from studio.ports.provider import Provider
from tests.support.stand_ins.server import StandIn
from tests.support.vendors.model import Loss, Row
from tests.support.vendors.suite import Case, each, each_vendor, finish

UNUSABLE_KEY = "planted-line\nbreak-0123456789"


@pytest.fixture
def stand_in(case: Case[Row]) -> Iterator[StandIn]:
    with case.vendor.stand_in(case.vendor.key) as server:
        yield server


@pytest.fixture
def provider(case: Case[Row], stand_in: StandIn, client: httpx.Client) -> Provider:
    return case.provider(stand_in, client)


@each(lambda vendor: vendor.losses)
def test_a_lost_response_is_paid_once_and_found_again_where_possible(
    case: Case[Loss], stand_in: StandIn, provider: Provider
) -> None:
    stand_in.script([case.row.scenario])
    assert isinstance(provider.submit(case.example.request), OutcomeUnknown)
    assert len(stand_in.requests) == case.example.requests
    assert len(stand_in.paid) == case.row.billed
    check_look_up(case, stand_in, provider)


def check_look_up(case: Case[Loss] | Case[Row], stand_in: StandIn, provider: Provider) -> None:
    """Check that a lost call is found again, or that no request searches for it."""
    sent, paid = len(stand_in.requests), len(stand_in.paid)
    # A caller looks a request up without its files.
    outcome = provider.look_up(replace(case.example.request, sources=()))
    assert not isinstance(outcome, NotFound)
    outcome = finish(provider, outcome)
    if case.vendor.card.finds_calls:
        assert isinstance(outcome, Generated)
        assert outcome.cost == case.example.cost
        assert outcome.provider_request_id == case.example.call_id
    else:
        assert isinstance(outcome, OutcomeUnknown)
        assert len(stand_in.requests) == sent
    assert len(stand_in.paid) == paid


@each(lambda vendor: [Row("slow 30", only=vendor.silent)])
def test_a_response_that_never_comes_is_lost(
    case: Case[Row], stand_in: StandIn, client: httpx.Client
) -> None:
    impatient = replace(case.vendor, card=replace(case.vendor.card, read_timeout_seconds=0.5))
    provider = replace(case, vendor=impatient).provider(stand_in, client)
    stand_in.script([case.row.scenario])
    assert isinstance(provider.submit(case.example.request), OutcomeUnknown)
    assert len(stand_in.paid) == 1
    check_look_up(case, stand_in, case.provider(stand_in, client))


@each_vendor
def test_a_service_out_of_reach_gets_nothing(case: Case[Row], client: httpx.Client) -> None:
    with case.vendor.stand_in(case.vendor.key) as gone:
        provider = case.provider(gone, client)
    outcome = provider.submit(case.example.request)
    assert isinstance(outcome, Throttled)
    assert (outcome.kind, outcome.retry_after) == ("transient", None)


@each_vendor
def test_a_key_that_cannot_be_sent_is_refused_and_not_quoted(
    case: Case[Row], stand_in: StandIn, client: httpx.Client
) -> None:
    outcome = case.provider(stand_in, client, UNUSABLE_KEY).submit(case.example.request)
    assert isinstance(outcome, Refused)
    assert (outcome.kind, outcome.cost) == ("auth", None)
    assert UNUSABLE_KEY not in repr(outcome)
    assert not stand_in.requests


@each(lambda vendor: [] if vendor.card.finds_calls else [Row("success")])
def test_a_vendor_without_records_is_not_searched(
    case: Case[Row], stand_in: StandIn, provider: Provider
) -> None:
    assert isinstance(provider.look_up(case.example.request), OutcomeUnknown)
    assert not stand_in.requests


@each(lambda vendor: [] if vendor.queue else [Row("success")])
def test_a_vendor_without_a_queue_is_not_polled(
    case: Case[Row], stand_in: StandIn, provider: Provider
) -> None:
    assert isinstance(provider.poll(case.example.call_id), OutcomeUnknown)
    assert not stand_in.requests


@each(lambda vendor: [Row("every scenario", only=vendor.logged)])
def test_no_secret_is_in_any_outcome_repr_or_log(
    case: Case[Row], stand_in: StandIn, provider: Provider, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    # botocore logs what it signs, at its own DEBUG level.
    caplog.set_level(logging.WARNING, logger="botocore")
    outcomes: list[object] = []
    for number, name in enumerate(sorted(stand_in.scenarios - case.vendor.heavy)):
        stand_in.script([name])
        number_of_call = UUID(int=UUID(case.example.request.request_id).int + number)
        wanted = replace(case.example.request, request_id=str(number_of_call))
        outcome = provider.submit(wanted)
        outcomes.append(outcome)
        if isinstance(outcome, Pending):
            outcomes += [provider.poll(outcome.handle) for _ in range(3)]
        outcomes.append(provider.look_up(wanted))

    texts = repr(outcomes) + repr(provider) + caplog.text
    assert any(isinstance(outcome, Generated) for outcome in outcomes)
    assert all(map(case.vendor.authorized, stand_in.requests))
    for secret in (case.vendor.key, *case.vendor.secrets):
        assert secret not in texts
    for source in case.example.request.sources:
        assert base64.b64encode(source.data).decode() not in texts
