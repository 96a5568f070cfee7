"""The operations that Stability AI queues: an id at first, and the picture by questions."""

from collections.abc import Iterator
from dataclasses import replace

import httpx
import pytest

from studio.domain.catalogue.catalogue import provider_card
from studio.domain.provider_calls.model import (
    Credentials,
    Generated,
    OutcomeUnknown,
    Pending,
    ProviderRequest,
    Refused,
    Throttled,
)
from studio.money import UNKNOWN, Cost
from studio.providers.stability.adapter import StabilityProvider
from tests.contracts.stability_requests import CREATIVE, RELIGHT
from tests.support.stand_ins.stability import StabilityStandIn

KEY = "sk-planted-0123456789"
CARD = provider_card("stability")


@pytest.fixture
def stand_in() -> Iterator[StabilityStandIn]:
    with StabilityStandIn(KEY) as server:
        yield server


@pytest.fixture(scope="module")
def client() -> Iterator[httpx.Client]:
    with httpx.Client(trust_env=False) as client:
        yield client


@pytest.fixture
def provider(stand_in: StabilityStandIn, client: httpx.Client) -> StabilityProvider:
    return StabilityProvider(Credentials(KEY, stand_in.base_url), CARD, client)


@pytest.fixture(params=[CREATIVE, RELIGHT], ids=lambda wish: str(wish.model))
def wish(request: pytest.FixtureRequest) -> ProviderRequest:
    asked: ProviderRequest = request.param
    return asked


def queued(
    stand_in: StabilityStandIn,
    provider: StabilityProvider,
    scenario: str,
    wish: ProviderRequest = CREATIVE,
) -> Pending:
    stand_in.script([scenario])
    answer = provider.submit(wish)
    assert isinstance(answer, Pending)
    return answer


def test_a_queued_picture_is_asked_for_every_ten_seconds_and_priced_by_its_model(
    stand_in: StabilityStandIn, provider: StabilityProvider, wish: ProviderRequest
) -> None:
    pending = queued(stand_in, provider, "queued 2", wish)
    assert pending.wait_seconds == 10
    assert len(pending.handle) < 1024
    assert KEY not in pending.handle
    assert [provider.poll(pending.handle) for _ in range(2)] == [pending, pending]
    answer = provider.poll(pending.handle)
    assert isinstance(answer, Generated)
    assert answer.data.startswith(b"\x89PNG")
    assert answer.seed == 7
    assert answer.cost == Cost(stand_in.paid[0].micros, "priced", "stability-2026-11-20")
    assert len(stand_in.paid) == 1

    _, *polls = stand_in.requests
    model, generation = pending.handle.split("/")
    assert model == wish.model
    assert {(poll.method, poll.path) for poll in polls} == {
        ("GET", f"/v2beta/results/{generation}")
    }
    assert {poll.headers["accept"] for poll in polls} == {"image/*"}
    assert {poll.body for poll in polls} == {b""}


def test_the_handle_is_all_that_a_later_process_needs(
    stand_in: StabilityStandIn, provider: StabilityProvider, client: httpx.Client
) -> None:
    pending = queued(stand_in, provider, "queued")
    other = StabilityProvider(Credentials(KEY, stand_in.base_url), CARD, client)
    assert isinstance(other.poll(pending.handle), Generated)
    # Results are kept for a day, so that a crash after the answer loses nothing either.
    assert isinstance(other.poll(pending.handle), Generated)
    assert len(stand_in.paid) == 1


@pytest.mark.parametrize(
    ("scenario", "waits"),
    [
        ("poll-rate-limit", [3]),
        ("poll-rate-limit-bare", [60]),
        ("poll-unavailable", [10]),
        ("poll-error", [10]),
        ("poll-html", [10, 10]),
        ("poll-redirect", [10]),
        ("poll-cut", [10, 10]),
    ],
)
def test_a_question_that_fails_is_asked_again(
    stand_in: StabilityStandIn, provider: StabilityProvider, scenario: str, waits: list[int]
) -> None:
    handle = queued(stand_in, provider, scenario).handle
    answers = [provider.poll(handle) for _ in waits]
    assert answers == [Pending(handle, wait) for wait in waits]
    assert isinstance(provider.poll(handle), Generated)


def test_a_service_that_cannot_be_reached_is_asked_again(
    stand_in: StabilityStandIn, provider: StabilityProvider, client: httpx.Client
) -> None:
    handle = queued(stand_in, provider, "queued").handle
    nowhere = StabilityProvider(Credentials(KEY, "http://127.0.0.1:9"), CARD, client)
    assert nowhere.poll(handle) == Pending(handle, 10)


def test_a_picture_that_never_comes_stays_pending(
    stand_in: StabilityStandIn, provider: StabilityProvider
) -> None:
    pending = queued(stand_in, provider, "endless")
    assert [provider.poll(pending.handle) for _ in range(3)] == [pending] * 3


@pytest.mark.parametrize(("scenario", "before"), [("fails-later", 1), ("filtered", 1)])
def test_a_picture_that_is_moderated_later_is_a_free_refusal(
    stand_in: StabilityStandIn, provider: StabilityProvider, scenario: str, before: int
) -> None:
    pending = queued(stand_in, provider, scenario)
    assert [provider.poll(pending.handle) for _ in range(before)] == [pending] * before
    answer = provider.poll(pending.handle)
    assert isinstance(answer, Refused)
    assert (answer.kind, answer.cost) == ("moderation", None)
    assert stand_in.paid == []


def test_a_finished_generation_without_a_picture_may_be_paid(
    stand_in: StabilityStandIn, provider: StabilityProvider
) -> None:
    answer = provider.poll(queued(stand_in, provider, "poll-no-image").handle)
    assert isinstance(answer, Refused)
    assert (answer.kind, answer.cost) == ("no_image", UNKNOWN)


@pytest.mark.parametrize("scenario", ["poll-gone", "poll-auth"])
def test_a_question_that_is_refused_says_nothing_about_the_picture(
    stand_in: StabilityStandIn, provider: StabilityProvider, scenario: str
) -> None:
    answer = provider.poll(queued(stand_in, provider, scenario).handle)
    assert isinstance(answer, OutcomeUnknown)
    assert "Stability AI does" in answer.message


def test_a_key_that_cannot_be_sent_asks_nothing(
    stand_in: StabilityStandIn, client: httpx.Client
) -> None:
    odd = StabilityProvider(Credentials("sk-\n", stand_in.base_url), CARD, client)
    assert isinstance(odd.poll("upscale-creative/abc"), OutcomeUnknown)
    assert not stand_in.requests


def test_a_model_that_left_the_catalogue_meanwhile_has_no_price(
    stand_in: StabilityStandIn, provider: StabilityProvider
) -> None:
    generation = queued(stand_in, provider, "queued").handle.split("/")[1]
    answer = provider.poll(f"gone/{generation}")
    assert isinstance(answer, Generated)
    assert answer.cost == UNKNOWN


@pytest.mark.parametrize("scenario", ["no-id", "html", "garbage", "redirect"])
def test_a_queue_without_an_id_cannot_be_asked(
    stand_in: StabilityStandIn, provider: StabilityProvider, scenario: str
) -> None:
    stand_in.script([scenario])
    answer = provider.submit(CREATIVE)
    assert isinstance(answer, Refused)
    assert (answer.kind, answer.cost) == ("bad_answer", UNKNOWN)


@pytest.mark.parametrize("scenario", ["cut", "cut-body", "gateway-timeout"])
def test_a_lost_id_leaves_the_outcome_unknown(
    stand_in: StabilityStandIn, provider: StabilityProvider, scenario: str, wish: ProviderRequest
) -> None:
    stand_in.script([scenario])
    assert isinstance(provider.submit(wish), OutcomeUnknown)
    assert isinstance(provider.look_up(wish), OutcomeUnknown)
    assert len(stand_in.requests) == len(stand_in.paid) == 1


def test_a_refused_submit_is_queued_nowhere(
    stand_in: StabilityStandIn, provider: StabilityProvider, wish: ProviderRequest
) -> None:
    stand_in.script(["moderated", "rate-limit-bare"])
    moderated, throttled = provider.submit(wish), provider.submit(wish)
    assert isinstance(moderated, Refused)
    assert moderated.kind == "moderation"
    assert throttled == Throttled("rate_limit", "Stability AI asks to slow down.", 60)


def test_markers_in_the_words_choose_the_answer(
    stand_in: StabilityStandIn, provider: StabilityProvider, wish: ProviderRequest
) -> None:
    answer = provider.submit(replace(wish, prompt="a house [[payment]]"))
    assert isinstance(answer, Refused)
    assert answer.kind == "credits"
