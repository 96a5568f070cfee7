"""The polls of Stability AI's queued operations."""

from collections.abc import Iterator
from dataclasses import replace

import httpx
import pytest

from studio.adapters.web.guarded_http import GuardedClient
from studio.domain.catalogue.catalogue import provider_card
from studio.domain.provider_calls.model import (
    Credentials,
    Generated,
    Pending,
    ProviderRequest,
    Refused,
)
from studio.money import Cost
from studio.providers.stability.adapter import StabilityProvider
from tests.support.stand_ins.stability import StabilityStandIn
from tests.support.vendors.model import OTHER_SUCCESSES
from tests.support.vendors.stability_requests import CREATIVE, KEY, RELIGHT, WORDS

CARD = provider_card("stability")


@pytest.fixture
def stand_in() -> Iterator[StabilityStandIn]:
    with StabilityStandIn(KEY) as server:
        yield server


@pytest.fixture
def provider(stand_in: StabilityStandIn, client: httpx.Client) -> StabilityProvider:
    return StabilityProvider(Credentials(KEY, stand_in.base_url), CARD, client, GuardedClient)


@pytest.fixture(params=[CREATIVE, RELIGHT], ids=lambda wanted: str(wanted.model))
def wanted(request: pytest.FixtureRequest) -> ProviderRequest:
    asked: ProviderRequest = request.param
    return asked


def queued(
    stand_in: StabilityStandIn,
    provider: StabilityProvider,
    scenario: str,
    wanted: ProviderRequest = CREATIVE,
) -> Pending:
    stand_in.script([scenario])
    outcome = provider.submit(wanted)
    assert isinstance(outcome, Pending)
    return outcome


@pytest.mark.parametrize("word", OTHER_SUCCESSES)
def test_the_image_of_a_file_is_kept_beside_each_other_word(
    stand_in: StabilityStandIn, provider: StabilityProvider, word: object
) -> None:
    stand_in.deliver = lambda reply: replace(reply, headers={"finish-reason": str(word)})
    outcome = provider.submit(WORDS)
    assert isinstance(outcome, Generated)
    assert len(stand_in.paid) == 1


def test_a_queued_image_is_asked_for_every_ten_seconds_and_priced_by_its_model(
    stand_in: StabilityStandIn, provider: StabilityProvider, wanted: ProviderRequest
) -> None:
    pending = queued(stand_in, provider, "queued 2", wanted)
    assert pending.wait_seconds == 10
    assert len(pending.handle) < 1024
    assert KEY not in pending.handle
    assert [provider.poll(pending.handle) for _ in range(2)] == [pending, pending]
    outcome = provider.poll(pending.handle)
    assert isinstance(outcome, Generated)
    assert outcome.data.startswith(b"\x89PNG")
    assert outcome.seed == 7
    assert outcome.cost == Cost(stand_in.paid[0].micros, "priced", "stability-2026-11-20")
    assert len(stand_in.paid) == 1

    _, *polls = stand_in.requests
    model, generation = pending.handle.split("/")
    assert model == wanted.model
    assert {(poll.method, poll.path) for poll in polls} == {
        ("GET", f"/v2beta/results/{generation}")
    }
    assert {poll.headers["accept"] for poll in polls} == {"image/*"}
    assert {poll.body for poll in polls} == {b""}


def test_markers_in_the_words_choose_the_answer(
    stand_in: StabilityStandIn, provider: StabilityProvider, wanted: ProviderRequest
) -> None:
    outcome = provider.submit(replace(wanted, prompt="a house [[payment]]"))
    assert isinstance(outcome, Refused)
    assert outcome.kind == "credits"
