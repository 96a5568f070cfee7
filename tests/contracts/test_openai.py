"""The OpenAI adapter against a stand-in that plays every answer of the documented contract."""

import logging
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO

import httpx
import pytest
from PIL import Image

from studio.domain.catalogue.catalogue import provider_card
from studio.domain.provider_calls.model import (
    Credentials,
    Generated,
    OutcomeUnknown,
    ProviderRequest,
    Refused,
    SourceFile,
    Throttled,
)
from studio.money import UNKNOWN, Cost
from studio.providers.openai.adapter import OpenAIProvider
from tests.contracts.masks import mask
from tests.support.stand_ins.openai import OpenAIStandIn
from tests.support.stand_ins.pictures import png
from tests.support.stand_ins.server import GATEWAY, Recorded

KEY = "sk-planted-0123456789"
CARD = provider_card("openai")
REQUEST = ProviderRequest(
    request_id="5f0c4c9e-6a0c-4a63-9a5e-3b1f4f3c0a11",
    model="gpt-image-2",
    prompt="a red house by the sea",
    width=1024,
    height=1024,
    quality="low",
)
LAMP = SourceFile(png(40, 30, "lamp"), "image/png", 40, 30)
EDIT = replace(REQUEST, sources=(LAMP,))
# 6 tokens of prompt at 5 micro-dollars, 196 of picture at 30; to edit, 32 more of text and 6434
# of the picture shown at 8.
PRICE = Cost(30 + 5_880, "priced", "openai-2026-11-20")
EDIT_PRICE = Cost(190 + 6_434 * 8 + 5_880, "priced", "openai-2026-11-20")


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


@pytest.fixture(params=[REQUEST, EDIT], ids=["generate", "edit"])
def wish(request: pytest.FixtureRequest) -> ProviderRequest:
    """From words alone, and from a picture: what answers mean is the same."""
    asked: ProviderRequest = request.param
    return asked


def _price(wish: ProviderRequest) -> Cost:
    return EDIT_PRICE if wish.sources else PRICE


def test_a_picture_comes_with_its_price_and_the_id_of_the_call(
    stand_in: OpenAIStandIn, provider: OpenAIProvider, wish: ProviderRequest
) -> None:
    answer = provider.submit(wish)
    assert isinstance(answer, Generated)
    with Image.open(BytesIO(answer.data)) as image:
        assert (image.format, image.size) == ("PNG", (1024, 1024))
    assert answer.cost == _price(wish)
    assert answer.cost.micros == stand_in.paid[0].micros
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


def test_one_picture_to_start_from_is_sent_as_a_form(
    stand_in: OpenAIStandIn, provider: OpenAIProvider
) -> None:
    provider.submit(EDIT)
    (request,) = stand_in.requests
    assert (request.method, request.path) == ("POST", "/v1/images/edits")
    assert _parts(request) == {
        ("model", None, None, b"gpt-image-2"),
        ("prompt", None, None, b"a red house by the sea"),
        ("size", None, None, b"1024x1024"),
        ("quality", None, None, b"low"),
        ("output_format", None, None, b"png"),
        ("image", "source-1.png", "image/png", LAMP.data),
    }


def test_several_pictures_share_a_name_and_keep_their_order(
    stand_in: OpenAIStandIn, provider: OpenAIProvider
) -> None:
    buffer = BytesIO()
    Image.new("RGB", (30, 40), "teal").save(buffer, "JPEG")
    jpeg = SourceFile(buffer.getvalue(), "image/jpeg", 30, 40)
    answer = provider.submit(replace(EDIT, quality=None, sources=(jpeg, LAMP, jpeg)))
    assert isinstance(answer, Generated)
    files = [part for part in stand_in.requests[0].form() if part.filename]
    assert [(part.name, part.filename, part.data) for part in files] == [
        ("image[]", "source-1.jpeg", jpeg.data),
        ("image[]", "source-2.png", LAMP.data),
        ("image[]", "source-3.jpeg", jpeg.data),
    ]
    assert "quality" not in {part.name for part in stand_in.requests[0].form()}


def test_a_mask_is_sent_with_alpha_where_it_was_white(
    stand_in: OpenAIStandIn, provider: OpenAIProvider
) -> None:
    sources = (LAMP, mask(40, 30, (10, 5, 20, 15)))
    answer = provider.submit(replace(EDIT, operation="edit.inpaint", sources=sources))
    assert isinstance(answer, Generated)
    assert answer.cost == EDIT_PRICE
    files = {part.name: part for part in stand_in.requests[0].form() if part.filename}
    assert set(files) == {"image", "mask"}
    assert (files["mask"].filename, files["mask"].media_type) == ("mask.png", "image/png")
    with Image.open(BytesIO(files["mask"].data)) as sent:
        alpha = sent.getchannel("A")
    assert (alpha.getpixel((10, 5)), alpha.getpixel((19, 14))) == (0, 0)
    assert (alpha.getpixel((9, 5)), alpha.getpixel((20, 14))) == (255, 255)


def test_a_mask_that_is_none_of_ours_is_not_sent(
    stand_in: OpenAIStandIn, provider: OpenAIProvider
) -> None:
    wrong = replace(LAMP, role="mask")
    answer = provider.submit(replace(EDIT, operation="edit.inpaint", sources=(LAMP, wrong)))
    assert isinstance(answer, Refused)
    assert (answer.kind, answer.cost) == ("validation", None)
    assert not stand_in.requests


def test_operations_without_a_field_are_said_in_words(
    stand_in: OpenAIStandIn, provider: OpenAIProvider
) -> None:
    beach = replace(LAMP, role="background", data=png(30, 40, "beach"))
    cat = replace(EDIT, options={"search_prompt": "a cat"})
    asked = (
        replace(cat, operation="edit.search_replace", prompt="a dog"),
        replace(cat, operation="edit.search_recolor", prompt="blue"),
        replace(
            EDIT, operation="edit.replace_background_relight", prompt="", sources=(LAMP, beach)
        ),
    )
    for request in asked:
        assert isinstance(provider.submit(request), Generated)
    forms = [request.form() for request in stand_in.requests]
    prompts = [part.text for form in forms for part in form if part.name == "prompt"]
    assert "find: a cat. Replace it with: a dog." in prompts[0]
    assert "find: a cat. Recolour it: blue." in prompts[1]
    assert "The background is the second picture." in prompts[2]
    assert [part.data for part in forms[2] if part.filename] == [LAMP.data, beach.data]


def _parts(request: Recorded) -> set[tuple[str, str | None, str | None, bytes]]:
    form = request.form()
    parts = {(part.name, part.filename, part.media_type, part.data) for part in form}
    assert len(parts) == len(form)
    return parts


def test_the_first_entry_that_carries_a_picture_is_taken(
    stand_in: OpenAIStandIn, provider: OpenAIProvider, wish: ProviderRequest
) -> None:
    stand_in.script(["several"])
    assert isinstance(provider.submit(wish), Generated)


def test_without_usage_the_cost_is_unknown(
    stand_in: OpenAIStandIn, provider: OpenAIProvider, wish: ProviderRequest
) -> None:
    stand_in.script(["no-usage"])
    answer = provider.submit(wish)
    assert isinstance(answer, Generated)
    assert answer.cost == UNKNOWN


@pytest.mark.parametrize("scenario", ["truncated-image", "huge-image"])
def test_bytes_are_handed_on_unchecked(
    stand_in: OpenAIStandIn, provider: OpenAIProvider, scenario: str, wish: ProviderRequest
) -> None:
    stand_in.script([scenario])
    answer = provider.submit(wish)
    assert isinstance(answer, Generated)
    assert answer.data.startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("scenario", "kind", "known"),
    [
        ("no-image", "no_image", True),
        ("null-image", "no_image", True),
        ("invalid-base64", "bad_answer", True),
        ("garbage", "bad_answer", False),
        ("html", "bad_answer", False),
        ("wrong-type", "bad_answer", False),
    ],
)
def test_a_success_without_a_usable_picture_is_still_paid(
    stand_in: OpenAIStandIn,
    provider: OpenAIProvider,
    scenario: str,
    kind: str,
    known: bool,
    wish: ProviderRequest,
) -> None:
    stand_in.script([scenario])
    answer = provider.submit(wish)
    assert isinstance(answer, Refused)
    assert (answer.kind, answer.cost) == (kind, _price(wish) if known else UNKNOWN)
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
    stand_in: OpenAIStandIn,
    provider: OpenAIProvider,
    scenario: str,
    kind: str,
    wish: ProviderRequest,
) -> None:
    stand_in.script([scenario])
    answer = provider.submit(wish)
    assert isinstance(answer, Refused)
    assert (answer.kind, answer.cost) == (kind, None)
    assert answer.provider_request_id == "req_000001"
    assert stand_in.paid == []


def test_a_refusal_names_the_field_or_the_reason(
    stand_in: OpenAIStandIn, provider: OpenAIProvider, wish: ProviderRequest
) -> None:
    stand_in.script(["bad-request", "moderated"])
    wrong, moderated = provider.submit(wish), provider.submit(wish)
    assert isinstance(wrong, Refused)
    assert isinstance(moderated, Refused)
    assert wrong.message.endswith("(size, invalid_value).")
    assert moderated.message.endswith("(input, violence).")


def test_a_redirect_is_not_followed_and_its_cost_not_guessed(
    stand_in: OpenAIStandIn, provider: OpenAIProvider, wish: ProviderRequest
) -> None:
    stand_in.script(["redirect"])
    answer = provider.submit(wish)
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
    ],
)
def test_what_another_try_may_cure_says_when(
    stand_in: OpenAIStandIn,
    provider: OpenAIProvider,
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


@pytest.mark.parametrize("scenario", ["cut", "cut-body", *GATEWAY])
def test_a_lost_answer_is_neither_repeated_nor_guessed(
    stand_in: OpenAIStandIn, provider: OpenAIProvider, scenario: str, wish: ProviderRequest
) -> None:
    stand_in.script([scenario])
    assert isinstance(provider.submit(wish), OutcomeUnknown)
    assert len(stand_in.requests) == len(stand_in.paid) == 1


def test_a_provider_that_stays_silent_leaves_the_outcome_unknown(
    stand_in: OpenAIStandIn, client: httpx.Client, wish: ProviderRequest
) -> None:
    impatient = replace(CARD, read_timeout_seconds=1)
    provider = OpenAIProvider(Credentials(KEY, stand_in.base_url), impatient, client)
    answer = provider.submit(replace(wish, prompt="a house [[slow 30]]"))
    assert isinstance(answer, OutcomeUnknown)
    assert len(stand_in.paid) == 1


def test_a_slow_answer_is_waited_for(provider: OpenAIProvider, wish: ProviderRequest) -> None:
    answer = provider.submit(replace(wish, prompt="a house [[slow 0.3]]"))
    assert isinstance(answer, Generated)


def test_nothing_can_be_asked_afterwards(
    stand_in: OpenAIStandIn, provider: OpenAIProvider, wish: ProviderRequest
) -> None:
    assert isinstance(provider.look_up(wish), OutcomeUnknown)
    assert isinstance(provider.poll("req_000001"), OutcomeUnknown)
    assert not stand_in.requests


def test_the_key_is_in_no_message_repr_or_log(
    stand_in: OpenAIStandIn,
    provider: OpenAIProvider,
    caplog: pytest.LogCaptureFixture,
    wish: ProviderRequest,
) -> None:
    caplog.set_level(logging.DEBUG)
    names = sorted(stand_in.scenarios - {"slow"})
    stand_in.script(names)
    answers = [provider.submit(wish) for _ in names]

    assert all(request.headers["authorization"] == f"Bearer {KEY}" for request in stand_in.requests)
    assert KEY not in repr(answers)
    assert KEY not in repr(provider)
    assert KEY not in caplog.text
