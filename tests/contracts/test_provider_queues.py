"""Calls that a vendor queues, for the adapters of all vendors with a queue."""

from collections.abc import Iterator
from dataclasses import replace

import httpx
import pytest

from studio.domain.provider_calls.model import Generated, OutcomeUnknown, Pending, Refused
from studio.money import UNKNOWN
from studio.ports.provider import Provider
from tests.support.stand_ins.server import StandIn
from tests.support.vendors.model import LateRefusal, Queue, RefusedPoll, Retry, Row
from tests.support.vendors.suite import Case, each_queue


def accepted(queue: Queue) -> list[Row]:
    """Return the scenario of a call that is accepted and done at the first poll."""
    return [Row(queue.accepted)]


@pytest.fixture
def stand_in(case: Case[Row]) -> Iterator[StandIn]:
    with case.vendor.stand_in(case.vendor.key) as server:
        server.script([case.row.scenario])
        yield server


@pytest.fixture
def provider(case: Case[Row], stand_in: StandIn, client: httpx.Client) -> Provider:
    return case.provider(stand_in, client)


@pytest.fixture
def pending(case: Case[Row], provider: Provider) -> Pending:
    """The outcome of a call that the vendor has accepted."""
    outcome = provider.submit(case.example.request)
    assert isinstance(outcome, Pending)
    assert outcome.wait_seconds == case.queue.wait_seconds
    return outcome


@each_queue(lambda queue: [Row(f"{queue.accepted} 2", only=queue.names)])
def test_a_queued_call_is_polled_until_it_is_done(
    case: Case[Row], stand_in: StandIn, provider: Provider, pending: Pending
) -> None:
    assert [provider.poll(pending.handle) for _ in range(2)] == [pending, pending]
    outcome = provider.poll(pending.handle)
    assert isinstance(outcome, Generated)
    assert case.example.signature in outcome.data[:8]
    assert (outcome.cost, outcome.seed) == (case.example.cost, case.example.seed)
    assert (outcome.cost.micros or 0) == stand_in.paid[0].micros
    assert len(stand_in.paid) == 1


@each_queue(accepted)
def test_another_process_needs_the_handle_only(
    case: Case[Row], stand_in: StandIn, client: httpx.Client, pending: Pending
) -> None:
    assert len(pending.handle) <= case.queue.handle_length
    for secret in (case.vendor.key, *case.vendor.secrets, case.example.request.prompt or "sk-"):
        assert secret not in pending.handle
    other = case.provider(stand_in, client)
    # A crash after the first response loses nothing either.
    assert isinstance(other.poll(pending.handle), Generated)
    assert isinstance(other.poll(pending.handle), Generated)
    assert len(stand_in.paid) == 1


@each_queue(lambda queue: queue.retries)
def test_a_poll_that_fails_is_repeated(
    case: Case[Retry], stand_in: StandIn, provider: Provider, pending: Pending
) -> None:
    handle = pending.handle
    for wait in case.row.waits:
        outcome = provider.poll(handle)
        assert isinstance(outcome, Pending)
        assert outcome.wait_seconds == wait
        assert (outcome.handle == handle) is not case.row.counted
        handle = outcome.handle
    assert isinstance(provider.poll(handle), Generated)
    assert len(stand_in.paid) == 1


@each_queue(lambda queue: [Row("endless")])
def test_a_call_that_never_ends_stays_pending(
    case: Case[Row], provider: Provider, pending: Pending
) -> None:
    assert [provider.poll(pending.handle) for _ in range(5)] == [pending] * 5


@each_queue(accepted)
def test_a_service_out_of_reach_is_polled_again(
    case: Case[Row], client: httpx.Client, pending: Pending
) -> None:
    with case.vendor.stand_in(case.vendor.key) as gone:
        away = case.provider(gone, client)
    assert away.poll(pending.handle) == pending


@each_queue(lambda queue: queue.refused_polls)
def test_a_refused_poll_proves_nothing_about_the_call(
    case: Case[RefusedPoll], provider: Provider, pending: Pending
) -> None:
    assert provider.poll(pending.handle) == OutcomeUnknown(case.row.message)


@each_queue(accepted)
def test_a_key_that_cannot_be_sent_proves_nothing_about_the_call(
    case: Case[Row], stand_in: StandIn, client: httpx.Client, pending: Pending
) -> None:
    sent = len(stand_in.requests)
    unusable = case.provider(stand_in, client, "planted-line\nbreak")
    assert isinstance(unusable.poll(pending.handle), OutcomeUnknown)
    assert len(stand_in.requests) == sent


@each_queue(lambda queue: queue.refusals)
def test_a_queued_call_can_fail_later(
    case: Case[LateRefusal], stand_in: StandIn, provider: Provider, pending: Pending
) -> None:
    row = case.row
    assert [provider.poll(pending.handle) for _ in range(row.pending)] == [pending] * row.pending
    outcome = provider.poll(pending.handle)
    assert isinstance(outcome, Refused)
    assert outcome.kind == row.kind
    assert outcome.cost == (UNKNOWN if row.charge == "unknown" else None)
    assert outcome.provider_request_id == (row.call_id or case.example.call_id)
    assert row.charge == "unknown" or stand_in.paid == []


@each_queue(lambda queue: accepted(queue) if queue.priced else [])
def test_a_model_that_leaves_the_catalogue_has_no_price(
    case: Case[Row], stand_in: StandIn, client: httpx.Client, pending: Pending
) -> None:
    vendor = replace(case.vendor, card=replace(case.vendor.card, models={}))
    outcome = replace(case, vendor=vendor).provider(stand_in, client).poll(pending.handle)
    assert isinstance(outcome, Generated)
    assert outcome.cost == UNKNOWN
