"""What the answers of Stability AI to a submit mean, against a stand-in that plays them all."""

import logging
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
    ProviderOutcome,
    ProviderRequest,
    Refused,
    Throttled,
)
from studio.money import UNKNOWN, Cost
from studio.providers.stability.adapter import StabilityProvider
from tests.contracts.stability_requests import CREATIVE, FAST, INPAINT, MODEL_3D, WORDS
from tests.support.stand_ins.stability import StabilityStandIn

KEY = "sk-planted-0123456789"
CARD = provider_card("stability")
# A generation of 3 credits.
PRICE = Cost(30_000, "priced", "stability-2026-11-20")


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


@pytest.fixture(params=[WORDS, INPAINT, FAST, MODEL_3D], ids=lambda wish: str(wish.operation))
def wish(request: pytest.FixtureRequest) -> ProviderRequest:
    """From words, from a picture, without words, and a model: what answers mean is the same."""
    asked: ProviderRequest = request.param
    return asked


@pytest.mark.parametrize("scenario", ["truncated-image", "huge-image", "no-headers"])
def test_bytes_are_handed_on_unchecked(
    stand_in: StabilityStandIn, provider: StabilityProvider, scenario: str
) -> None:
    stand_in.script([scenario])
    answer = provider.submit(WORDS)
    assert isinstance(answer, Generated)
    assert answer.data.startswith(b"\x89PNG")
    assert answer.cost == PRICE
    assert answer.seed == (None if scenario == "no-headers" else 4711)
    assert answer.provider_request_id == stand_in.paid[0].request_id


def test_a_filtered_picture_comes_blurred_and_is_a_free_refusal(
    stand_in: StabilityStandIn, provider: StabilityProvider
) -> None:
    for wanted in (WORDS, INPAINT, FAST):
        stand_in.script(["filtered"])
        answer = provider.submit(wanted)
        assert isinstance(answer, Refused)
        assert (answer.kind, answer.cost) == ("moderation", None)
    assert stand_in.paid == []


@pytest.mark.parametrize(
    ("scenario", "kind"),
    [
        ("no-image", "no_image"),
        ("odd-reason", "no_image"),
        ("garbage", "bad_answer"),
        ("html", "bad_answer"),
        ("wrong-type", "bad_answer"),
    ],
)
def test_a_success_without_a_usable_file_may_be_paid(
    stand_in: StabilityStandIn, provider: StabilityProvider, scenario: str, kind: str
) -> None:
    stand_in.script([scenario])
    answer = provider.submit(WORDS)
    assert isinstance(answer, Refused)
    assert (answer.kind, answer.cost) == (kind, UNKNOWN)
    assert answer.provider_request_id == stand_in.paid[0].request_id


def test_a_redirect_is_not_followed_and_its_cost_not_guessed(
    stand_in: StabilityStandIn, provider: StabilityProvider, wish: ProviderRequest
) -> None:
    stand_in.script(["redirect"])
    answer = provider.submit(wish)
    assert isinstance(answer, Refused)
    assert (answer.kind, answer.cost) == ("bad_answer", UNKNOWN)


@pytest.mark.parametrize(
    ("scenario", "kind"),
    [
        ("auth", "auth"),
        ("permission", "permission"),
        ("bad-request", "validation"),
        ("bad-bare", "validation"),
        ("unprocessable", "validation"),
        ("public-figure", "validation"),
        ("too-large", "validation"),
        ("moderated", "moderation"),
        ("payment", "credits"),
        ("gone", "model_gone"),
    ],
)
def test_a_refusal_has_a_kind_and_costs_nothing(
    stand_in: StabilityStandIn,
    provider: StabilityProvider,
    scenario: str,
    kind: str,
    wish: ProviderRequest,
) -> None:
    stand_in.script([scenario])
    answer = provider.submit(wish)
    assert isinstance(answer, Refused)
    assert (answer.kind, answer.cost) == (kind, None)
    assert answer.provider_request_id == f"{1:032x}"
    assert stand_in.paid == []


@pytest.mark.parametrize(
    ("scenario", "words"),
    [
        ("bad-request", "(strength, bad_request)."),
        ("bad-bare", "(bad_request)."),
        ("public-figure", "(public_figure)."),
    ],
)
def test_a_refusal_names_the_field_or_the_reason_and_quotes_nothing(
    stand_in: StabilityStandIn, provider: StabilityProvider, scenario: str, words: str
) -> None:
    stand_in.script([scenario])
    answer = provider.submit(WORDS)
    assert isinstance(answer, Refused)
    assert answer.message == f"Stability AI does not accept the request {words}"


@pytest.mark.parametrize(
    ("scenario", "kind", "retry_after"),
    [
        ("rate-limit", "rate_limit", {3}),
        ("rate-limit-date", "rate_limit", set(range(60, 91))),
        ("rate-limit-bare", "rate_limit", {60}),
        ("timeout", "transient", {None}),
        ("server-error", "transient", {None}),
        ("gateway", "transient", {None}),
        ("unavailable", "transient", {None}),
        ("unavailable-html", "transient", {None}),
    ],
)
def test_what_another_try_may_cure_says_when(
    stand_in: StabilityStandIn,
    provider: StabilityProvider,
    scenario: str,
    kind: str,
    retry_after: set[int | None],
    wish: ProviderRequest,
) -> None:
    stand_in.script([scenario])
    answer = provider.submit(wish)
    assert isinstance(answer, Throttled)
    assert answer.kind == kind
    assert answer.retry_after in retry_after
    assert stand_in.paid == []


@pytest.mark.parametrize("scenario", ["cut", "cut-body", "gateway-timeout"])
def test_a_lost_answer_is_neither_repeated_nor_guessed(
    stand_in: StabilityStandIn, provider: StabilityProvider, scenario: str, wish: ProviderRequest
) -> None:
    stand_in.script([scenario])
    assert isinstance(provider.submit(wish), OutcomeUnknown)
    assert isinstance(provider.look_up(wish), OutcomeUnknown)
    assert len(stand_in.requests) == len(stand_in.paid) == 1


def test_a_service_that_stays_silent_leaves_the_outcome_unknown(
    stand_in: StabilityStandIn, client: httpx.Client
) -> None:
    impatient = replace(CARD, read_timeout_seconds=1)
    provider = StabilityProvider(Credentials(KEY, stand_in.base_url), impatient, client)
    answer = provider.submit(replace(WORDS, prompt="a house [[slow 30]]"))
    assert isinstance(answer, OutcomeUnknown)
    assert len(stand_in.paid) == 1


def test_a_slow_answer_is_waited_for(provider: StabilityProvider) -> None:
    answer = provider.submit(replace(WORDS, prompt="a house [[slow 0.3]]"))
    assert isinstance(answer, Generated)


def test_the_key_is_in_no_message_repr_handle_or_log(
    stand_in: StabilityStandIn, provider: StabilityProvider, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    names = sorted(stand_in.scenarios - {"slow"})
    answers: list[ProviderOutcome] = []
    for wanted in (WORDS, CREATIVE):
        stand_in.script(names)
        submitted = [provider.submit(wanted) for _ in names]
        polled = [
            provider.poll(answer.handle) for answer in submitted if isinstance(answer, Pending)
        ]
        answers += submitted + polled

    assert any(isinstance(answer, Pending) for answer in answers)
    assert all(request.headers["authorization"] == f"Bearer {KEY}" for request in stand_in.requests)
    assert KEY not in repr(answers)
    assert KEY not in repr(provider)
    assert KEY not in caplog.text
