"""Pending calls to WaveSpeed: their prices, and the search for a lost call."""

import json
from collections.abc import Iterator
from dataclasses import replace
from uuid import uuid4

import httpx
import pytest

from studio.domain.provider_calls.model import (
    Generated,
    OutcomeUnknown,
    Pending,
    ProviderOutcome,
    ProviderRequest,
)
from studio.money import UNKNOWN, Cost
from studio.providers.wavespeed.adapter import WaveSpeedProvider
from tests.support.imaging.media import a_wav
from tests.support.stand_ins.wavespeed import WaveSpeedStandIn
from tests.support.vendors.wavespeed_requests import (
    AVATAR,
    IDEOGRAM,
    INPAINT,
    KEY,
    LAMP,
    OWN_SEED,
    VERSION,
    VIDEO,
    VOICE,
    WORDS,
    adapter,
    begun,
)


@pytest.fixture
def stand_in() -> Iterator[WaveSpeedStandIn]:
    with WaveSpeedStandIn(KEY) as server:
        yield server


@pytest.fixture
def provider(stand_in: WaveSpeedStandIn, client: httpx.Client) -> WaveSpeedProvider:
    return adapter(stand_in, client)


def outcome(
    stand_in: WaveSpeedStandIn, provider: WaveSpeedProvider, scenario: str
) -> ProviderOutcome:
    """Play a scenario and ask once what became of it."""
    stand_in.script([scenario])
    return provider.poll(begun(provider, WORDS))


def test_the_handle_is_all_that_another_worker_needs(
    stand_in: WaveSpeedStandIn, client: httpx.Client
) -> None:
    handle = begun(adapter(stand_in, client), replace(VIDEO, seed=7))
    done = adapter(stand_in, client).poll(handle)
    assert isinstance(done, Generated)
    assert (done.cost.micros, done.seed) == (500_000, 7)


@pytest.mark.parametrize(
    ("wanted", "micros"),
    [
        (VIDEO, 500_000),
        (replace(VIDEO, options={"resolution": "480p", "duration": 10}), 500_000),
        (replace(VIDEO, options={"resolution": "1080p", "duration": 10}), 1_500_000),
        (replace(VIDEO, sources=(LAMP, VOICE)), 500_000),
        (AVATAR, 210_000),
        (replace(AVATAR, options={"resolution": "720p"}), 420_000),
        (replace(AVATAR, model="wavespeed-ai/infinitetalk"), 210_000),
        # Five seconds are the least that is billed.
        (replace(AVATAR, sources=(LAMP, replace(VOICE, data=a_wav(2)))), 150_000),
    ],
)
def test_a_video_costs_by_its_seconds(
    stand_in: WaveSpeedStandIn, provider: WaveSpeedProvider, wanted: ProviderRequest, micros: int
) -> None:
    done = provider.poll(begun(provider, wanted))
    assert isinstance(done, Generated)
    assert done.data[4:8] == b"ftyp"
    assert done.cost == Cost(micros, "priced", VERSION)
    assert [call.micros for call in stand_in.paid] == [micros]


def test_a_video_costs_as_long_as_it_was_ordered(provider: WaveSpeedProvider) -> None:
    job = json.loads(begun(provider, VIDEO))
    ordered = job | {"video": {"duration": 10, "resolution": "480p"}}
    done = provider.poll(json.dumps(ordered))
    assert isinstance(done, Generated)
    assert done.cost.micros == 500_000


@pytest.mark.parametrize(
    "wanted",
    [
        IDEOGRAM,
        replace(WORDS, model="wavespeed-ai/flux-schnell"),
        replace(VIDEO, model="alibaba/wan-2.5/image-to-video-fast", options={"duration": 3}),
    ],
)
def test_what_has_no_published_price_has_no_cost(
    provider: WaveSpeedProvider, wanted: ProviderRequest
) -> None:
    done = provider.poll(begun(provider, wanted))
    assert isinstance(done, Generated)
    assert done.cost == UNKNOWN


def test_a_talking_head_that_is_no_video_has_no_known_cost(
    stand_in: WaveSpeedStandIn, provider: WaveSpeedProvider
) -> None:
    job = json.loads(begun(provider, AVATAR))
    picture = json.loads(begun(provider, WORDS))
    done = provider.poll(json.dumps(job | {"id": picture["id"]}))
    assert isinstance(done, Generated)
    assert done.cost == UNKNOWN


def test_a_redirect_is_followed_without_the_key(
    stand_in: WaveSpeedStandIn, provider: WaveSpeedProvider
) -> None:
    assert isinstance(outcome(stand_in, provider, "redirect"), Generated)
    first, second = list(stand_in.requests)[-2:]
    assert first.headers["host"].startswith("localhost:")
    assert second.headers["host"].startswith("127.0.0.1:")
    assert KEY not in repr((first, second))


def found(provider: WaveSpeedProvider, wanted: ProviderRequest) -> ProviderOutcome:
    """Look for a lost call until there is something to say."""
    answer: ProviderOutcome = provider.look_up(replace(wanted, sources=()))
    while isinstance(answer, Pending):
        answer = provider.poll(answer.handle)
    return answer


@pytest.mark.parametrize("wanted", [WORDS, INPAINT, VIDEO, AVATAR])
@pytest.mark.parametrize(
    "scenario",
    ["cut", "cut-body", "garbage", "html", "gateway-timeout", "no-id", "odd-code", "listed-late"],
)
def test_a_lost_call_is_found_again_and_paid_once(
    stand_in: WaveSpeedStandIn, provider: WaveSpeedProvider, scenario: str, wanted: ProviderRequest
) -> None:
    for other in (replace(wanted, request_id=str(uuid4())), replace(wanted, seed=OWN_SEED + 1)):
        begun(provider, other)
    before = len(stand_in.paid)
    stand_in.script([scenario])
    assert isinstance(provider.submit(wanted), OutcomeUnknown)

    done = found(provider, wanted)
    assert isinstance(done, Generated)
    (paid,) = stand_in.paid[before:]
    assert (done.provider_request_id, done.seed) == (paid.request_id, OWN_SEED)
    assert done.cost == Cost(paid.micros, "priced", VERSION)


def test_the_search_asks_for_the_newest_calls_of_the_model(
    stand_in: WaveSpeedStandIn, provider: WaveSpeedProvider
) -> None:
    provider.look_up(WORDS)
    (asked,) = stand_in.requests
    assert (asked.method, asked.path) == ("POST", "/api/v3/predictions")
    assert asked.json() == {
        "page": 1, "page_size": 100, "model": WORDS.model, "include_inputs": True,
    }  # fmt: skip


def test_a_call_that_never_arrived_is_looked_for_but_never_sent_again(
    stand_in: WaveSpeedStandIn, provider: WaveSpeedProvider
) -> None:
    stand_in.script(["lost"])
    assert isinstance(provider.submit(WORDS), OutcomeUnknown)
    first = provider.look_up(WORDS)
    assert isinstance(first, Pending)
    assert first.wait_seconds == 15
    assert len(first.handle) <= 400
    assert WORDS.prompt not in first.handle
    assert isinstance(found(provider, WORDS), OutcomeUnknown)
    asked = [request.path for request in stand_in.requests]
    assert asked == ["/api/v3/wavespeed-ai/flux-dev"] + ["/api/v3/predictions"] * 9


@pytest.mark.parametrize(
    "other",
    [
        replace(WORDS, prompt="a blue house"),
        replace(WORDS, model="wavespeed-ai/flux-schnell"),
        replace(WORDS, seed=OWN_SEED - 1),
    ],
)
def test_a_listed_call_of_another_request_is_not_taken_for_ours(
    provider: WaveSpeedProvider, other: ProviderRequest
) -> None:
    begun(provider, other)
    assert isinstance(found(provider, WORDS), OutcomeUnknown)


def test_two_calls_that_look_the_same_are_not_told_apart(
    stand_in: WaveSpeedStandIn, provider: WaveSpeedProvider
) -> None:
    begun(provider, WORDS)
    begun(provider, replace(WORDS, seed=OWN_SEED))
    assert isinstance(provider.look_up(WORDS), OutcomeUnknown)
    assert stand_in.requests[-1].path == "/api/v3/predictions"


def test_a_seed_that_the_studio_picked_marks_a_call_as_well(
    stand_in: WaveSpeedStandIn, provider: WaveSpeedProvider
) -> None:
    first, second = (replace(WORDS, seed=seed, seed_generated=True) for seed in (7, 8))
    begun(provider, first)
    stand_in.script(["cut"])
    assert isinstance(provider.submit(second), OutcomeUnknown)
    done = found(provider, second)
    assert isinstance(done, Generated)
    assert (done.provider_request_id, done.seed) == (stand_in.paid[1].request_id, 8)


@pytest.mark.parametrize(
    "wanted",
    [replace(WORDS, seed=7), IDEOGRAM, replace(IDEOGRAM, seed_generated=True)],
    ids=["callers seed", "no seed", "no seed taken"],
)
def test_a_call_without_a_mark_of_ours_is_not_looked_for(
    stand_in: WaveSpeedStandIn, provider: WaveSpeedProvider, wanted: ProviderRequest
) -> None:
    begun(provider, wanted)
    assert isinstance(provider.look_up(wanted), OutcomeUnknown)
    assert stand_in.requests[-1].path == f"/api/v3/{wanted.model}"


def test_a_list_without_inputs_says_nothing(
    stand_in: WaveSpeedStandIn, provider: WaveSpeedProvider
) -> None:
    stand_in.lists_inputs = False
    begun(provider, WORDS)
    assert isinstance(found(provider, WORDS), OutcomeUnknown)


@pytest.mark.parametrize("scenario", ["rate-limit", "unavailable", "server-error"])
def test_a_list_that_cannot_be_had_is_asked_for_again(
    stand_in: WaveSpeedStandIn, provider: WaveSpeedProvider, scenario: str
) -> None:
    begun(provider, WORDS)
    stand_in.script([scenario])
    answer = provider.look_up(WORDS)
    assert isinstance(answer, Pending)
    assert answer.wait_seconds == 15
    again = provider.poll(answer.handle)
    assert isinstance(again, Pending)
    assert isinstance(provider.poll(again.handle), Generated)
    assert len(stand_in.paid) == 1


def test_a_list_that_cannot_be_had_is_not_asked_for_for_ever(
    stand_in: WaveSpeedStandIn, provider: WaveSpeedProvider
) -> None:
    stand_in.script(["unavailable"] * 8)
    assert isinstance(found(provider, WORDS), OutcomeUnknown)
    assert len(stand_in.requests) == 8


def test_a_list_that_is_refused_says_nothing(
    stand_in: WaveSpeedStandIn, provider: WaveSpeedProvider
) -> None:
    stand_in.script(["auth"])
    assert isinstance(provider.look_up(WORDS), OutcomeUnknown)
