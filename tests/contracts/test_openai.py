"""The OpenAI adapter against a stand-in that plays every answer of the documented contract."""

import logging
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO

import httpx
import pytest
from PIL import Image

from studio.money import UNKNOWN, Cost
from studio.providers.catalogue import ModelCard, provider_card
from studio.providers.openai import OpenAIProvider
from studio.providers.port import (
    Credentials,
    Generated,
    GenerateRequest,
    OutcomeUnknown,
    Refused,
    Throttled,
)
from tests.stand_ins.openai import OpenAIStandIn

KEY = "sk-planted-0123456789"
CARD = provider_card("openai")
REQUEST = GenerateRequest(
    request_id="5f0c4c9e-6a0c-4a63-9a5e-3b1f4f3c0a11",
    model="gpt-image-2",
    prompt="a red house by the sea",
    width=1024,
    height=1024,
    quality="low",
)
# 6 tokens of prompt at 5 micro-dollars, 196 of picture at 30.
PRICE = Cost(30 + 5_880, "priced", "openai-2026-11-20")


@pytest.fixture
def stand_in() -> Iterator[OpenAIStandIn]:
    with OpenAIStandIn(KEY) as server:
        yield server


@pytest.fixture(scope="module")
def client() -> Iterator[httpx.Client]:
    with httpx.Client(trust_env=False) as client:
        yield client


@pytest.fixture
def provider(stand_in: OpenAIStandIn, client: httpx.Client) -> OpenAIProvider:
    return OpenAIProvider(Credentials(KEY, stand_in.base_url), CARD, client)


def test_a_picture_comes_with_its_price_and_the_id_of_the_call(
    stand_in: OpenAIStandIn, provider: OpenAIProvider
) -> None:
    answer = provider.submit(REQUEST)
    assert isinstance(answer, Generated)
    with Image.open(BytesIO(answer.data)) as image:
        assert (image.format, image.size) == ("PNG", (1024, 1024))
    assert answer.cost == PRICE
    assert answer.provider_request_id == stand_in.paid[0].request_id
    assert (answer.seed, answer.revised_prompt) == (None, None)
    assert len(stand_in.paid) == 1


def test_only_the_fields_that_are_given_are_sent(
    stand_in: OpenAIStandIn, provider: OpenAIProvider
) -> None:
    full = {
        "model": "gpt-image-2",
        "prompt": "a red house by the sea",
        "size": "1024x1024",
        "quality": "low",
        "output_format": "png",
    }
    provider.submit(REQUEST)
    provider.submit(replace(REQUEST, quality=None, seed=7, steps=20, negative_prompt="rain"))
    assert [request.json() for request in stand_in.requests] == [
        full,
        {name: value for name, value in full.items() if name != "quality"},
    ]


@pytest.mark.parametrize("name", sorted(CARD.models))
def test_every_model_is_asked_in_words_that_it_takes_and_costs_no_more_than_estimated(
    provider: OpenAIProvider, name: str
) -> None:
    model = CARD.models[name]
    for wanted in ((1024, 1024), (1536, 1024), (1200, 630), (1080, 1920)):
        for word in model.quality.values():
            _ask_and_compare(provider, model, wanted, word)


def _ask_and_compare(
    provider: OpenAIProvider, model: ModelCard, wanted: tuple[int, int], word: str
) -> None:
    width, height = model.request_size(*wanted)
    request = replace(REQUEST, model=model.id, width=width, height=height, quality=word)
    estimate = model.estimate(width, height, word, request.prompt)
    answer = provider.submit(request)
    assert isinstance(answer, Generated)
    if estimate.micros is not None and answer.cost.micros is not None:
        assert answer.cost.micros <= estimate.micros


def test_the_first_entry_that_carries_a_picture_is_taken(
    stand_in: OpenAIStandIn, provider: OpenAIProvider
) -> None:
    stand_in.script(["several"])
    assert isinstance(provider.submit(REQUEST), Generated)


def test_without_usage_the_cost_is_unknown(
    stand_in: OpenAIStandIn, provider: OpenAIProvider
) -> None:
    stand_in.script(["no-usage"])
    answer = provider.submit(REQUEST)
    assert isinstance(answer, Generated)
    assert answer.cost == UNKNOWN


@pytest.mark.parametrize("scenario", ["truncated-image", "huge-image"])
def test_bytes_are_handed_on_unchecked(
    stand_in: OpenAIStandIn, provider: OpenAIProvider, scenario: str
) -> None:
    stand_in.script([scenario])
    answer = provider.submit(REQUEST)
    assert isinstance(answer, Generated)
    assert answer.data.startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("scenario", "kind", "cost"),
    [
        ("no-image", "no_image", PRICE),
        ("null-image", "no_image", PRICE),
        ("invalid-base64", "bad_answer", PRICE),
        ("garbage", "bad_answer", UNKNOWN),
        ("html", "bad_answer", UNKNOWN),
        ("wrong-type", "bad_answer", UNKNOWN),
    ],
)
def test_a_success_without_a_usable_picture_is_still_paid(
    stand_in: OpenAIStandIn, provider: OpenAIProvider, scenario: str, kind: str, cost: Cost
) -> None:
    stand_in.script([scenario])
    answer = provider.submit(REQUEST)
    assert isinstance(answer, Refused)
    assert (answer.kind, answer.cost) == (kind, cost)
    assert answer.provider_request_id == stand_in.paid[0].request_id


@pytest.mark.parametrize(
    ("scenario", "kind"),
    [
        ("auth", "auth"),
        ("permission", "permission"),
        ("bad-request", "validation"),
        ("unprocessable", "validation"),
        ("too-large", "validation"),
        ("moderated", "moderation"),
        ("moderated-old", "moderation"),
        ("quota", "credits"),
        ("billing-limit", "credits"),
        ("payment", "credits"),
        ("gone", "model_gone"),
        ("gone-400", "model_gone"),
        ("gone-bare", "model_gone"),
    ],
)
def test_a_refusal_has_a_kind_and_costs_nothing(
    stand_in: OpenAIStandIn, provider: OpenAIProvider, scenario: str, kind: str
) -> None:
    stand_in.script([scenario])
    answer = provider.submit(REQUEST)
    assert isinstance(answer, Refused)
    assert (answer.kind, answer.cost) == (kind, None)
    assert answer.provider_request_id == "req_000001"
    assert stand_in.paid == []


def test_a_refusal_names_the_field_or_the_reason(
    stand_in: OpenAIStandIn, provider: OpenAIProvider
) -> None:
    stand_in.script(["bad-request", "moderated"])
    wrong, moderated = provider.submit(REQUEST), provider.submit(REQUEST)
    assert isinstance(wrong, Refused)
    assert isinstance(moderated, Refused)
    assert wrong.message.endswith("(size, invalid_value).")
    assert moderated.message.endswith("(input, violence).")


def test_a_redirect_is_not_followed_and_its_cost_not_guessed(
    stand_in: OpenAIStandIn, provider: OpenAIProvider
) -> None:
    stand_in.script(["redirect"])
    answer = provider.submit(REQUEST)
    assert isinstance(answer, Refused)
    assert (answer.kind, answer.cost) == ("bad_answer", UNKNOWN)


@pytest.mark.parametrize(
    ("scenario", "kind", "retry_after"),
    [
        ("rate-limit", "rate_limit", {1}),
        ("rate-limit-date", "rate_limit", set(range(1, 31))),
        ("rate-limit-ms", "rate_limit", {2}),
        ("rate-limit-bare", "rate_limit", {None}),
        ("timeout", "transient", {None}),
        ("conflict", "transient", {None}),
        ("server-error", "transient", {None}),
        ("unavailable", "transient", {None}),
        ("gateway-timeout", "transient", {None}),
    ],
)
def test_what_another_try_may_cure_says_when(
    stand_in: OpenAIStandIn,
    provider: OpenAIProvider,
    scenario: str,
    kind: str,
    retry_after: set[int | None],
) -> None:
    stand_in.script([scenario])
    answer = provider.submit(REQUEST)
    assert isinstance(answer, Throttled)
    assert answer.kind == kind
    assert answer.retry_after in retry_after
    assert stand_in.paid == []


@pytest.mark.parametrize("scenario", ["cut", "cut-body"])
def test_a_lost_answer_is_neither_repeated_nor_guessed(
    stand_in: OpenAIStandIn, provider: OpenAIProvider, scenario: str
) -> None:
    stand_in.script([scenario])
    assert isinstance(provider.submit(REQUEST), OutcomeUnknown)
    assert len(stand_in.requests) == len(stand_in.paid) == 1


def test_a_provider_that_stays_silent_leaves_the_outcome_unknown(
    stand_in: OpenAIStandIn, client: httpx.Client
) -> None:
    impatient = replace(CARD, read_timeout_seconds=1)
    provider = OpenAIProvider(Credentials(KEY, stand_in.base_url), impatient, client)
    answer = provider.submit(replace(REQUEST, prompt="a house [[slow 30]]"))
    assert isinstance(answer, OutcomeUnknown)
    assert len(stand_in.paid) == 1


def test_a_slow_answer_is_waited_for(provider: OpenAIProvider) -> None:
    answer = provider.submit(replace(REQUEST, prompt="a house [[slow 0.3]]"))
    assert isinstance(answer, Generated)


def test_nothing_can_be_asked_afterwards(stand_in: OpenAIStandIn, provider: OpenAIProvider) -> None:
    assert isinstance(provider.look_up(REQUEST), OutcomeUnknown)
    assert isinstance(provider.poll("req_000001"), OutcomeUnknown)
    assert not stand_in.requests


def _usage(**changes: object) -> dict[str, object]:
    return {
        "input_tokens": 10,
        "input_tokens_details": {"image_tokens": 0, "text_tokens": 10},
        "output_tokens": 100,
        "output_tokens_details": {"image_tokens": 90, "text_tokens": 10},
        **changes,
    }


@pytest.mark.parametrize(
    ("model", "usage", "micros"),
    [
        ("gpt-image-2", _usage(), 50 + 3_000),
        ("gpt-image-1.5", _usage(), 50 + 90 * 32 + 10 * 10),
        ("gpt-image-2", _usage(output_tokens_details=None), 50 + 3_000),
        ("gpt-image-2", _usage(input_tokens_details=None), 80 + 3_000),
        ("gpt-image-2", _usage(input_tokens_details={"text_tokens": 4}), 20 + 48 + 3_000),
        ("gpt-image-2", _usage(input_tokens_details={"text_tokens": 99}), 50 + 3_000),
        ("gpt-image-2", _usage(input_tokens=None), None),
        ("gpt-image-2", _usage(output_tokens=-1), None),
        ("gpt-image-2", _usage(output_tokens=1.5), None),
        ("gpt-image-2", _usage(output_tokens=True), None),
        ("gpt-image-2", "free", None),
        ("chatgpt-image-latest", _usage(), None),
        ("gpt-image-9", _usage(), None),
    ],
)
def test_the_tokens_used_make_the_price(
    client: httpx.Client, model: str, usage: object, micros: int | None
) -> None:
    answer = httpx.Response(200, json={"data": [{"b64_json": "aGk="}], "usage": usage})
    transport = httpx.MockTransport(lambda request: answer)
    with httpx.Client(transport=transport) as scripted:
        provider = OpenAIProvider(Credentials(KEY), CARD, scripted)
        generated = provider.submit(replace(REQUEST, model=model))
    assert isinstance(generated, Generated)
    assert generated.cost.micros == micros


def test_the_key_is_in_no_message_repr_or_log(
    stand_in: OpenAIStandIn, provider: OpenAIProvider, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    names = sorted(stand_in.scenarios - {"slow"})
    stand_in.script(names)
    answers = [provider.submit(REQUEST) for _ in names]

    assert all(request.headers["authorization"] == f"Bearer {KEY}" for request in stand_in.requests)
    assert KEY not in repr(answers)
    assert KEY not in repr(provider)
    assert KEY not in caplog.text
