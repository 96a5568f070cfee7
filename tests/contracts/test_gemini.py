"""The Gemini adapter against a stand-in that plays every answer of the documented contract."""

import base64
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
from studio.providers.gemini.adapter import GeminiProvider
from tests.support.stand_ins.gemini import GeminiStandIn
from tests.support.stand_ins.pictures import png
from tests.support.stand_ins.server import GATEWAY

KEY = "key-planted-0123456789"
CARD = provider_card("gemini")
REQUEST = ProviderRequest(
    request_id="5f0c4c9e-6a0c-4a63-9a5e-3b1f4f3c0a11",
    model="gemini-nano-banana-2.1",
    prompt="a red house by the sea",
    width=1024,
    height=1024,
)
LAMP = SourceFile(png(40, 30, "lamp"), "image/png", 40, 30)
EDIT = replace(REQUEST, operation="edit.general", sources=(LAMP,))
# 6 tokens of prompt at 1.5 micro-dollars, 1120 of picture at 30, 210 of thoughts at 7.5; to edit,
# 1120 of the picture shown at 1.5.
PRICE = Cost(9 + 33_600 + 1_575, "priced", "gemini-2026-11-20")
EDIT_PRICE = Cost(9 + 1_680 + 33_600 + 1_575, "priced", "gemini-2026-11-20")


@pytest.fixture
def stand_in() -> Iterator[GeminiStandIn]:
    with GeminiStandIn(KEY) as server:
        yield server


@pytest.fixture(scope="module")
def client() -> Iterator[httpx.Client]:
    with httpx.Client(trust_env=False) as client:
        yield client


@pytest.fixture
def provider(stand_in: GeminiStandIn, client: httpx.Client) -> GeminiProvider:
    return GeminiProvider(Credentials(KEY, stand_in.base_url), CARD, client)


@pytest.fixture(params=[REQUEST, EDIT], ids=["generate", "edit"])
def wish(request: pytest.FixtureRequest) -> ProviderRequest:
    """From words alone, and from a picture: what answers mean is the same."""
    asked: ProviderRequest = request.param
    return asked


def _price(wish: ProviderRequest) -> Cost:
    return EDIT_PRICE if wish.sources else PRICE


def test_a_picture_comes_with_its_price_and_the_id_of_the_call(
    stand_in: GeminiStandIn, provider: GeminiProvider, wish: ProviderRequest
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


def test_only_what_is_given_is_sent(stand_in: GeminiStandIn, provider: GeminiProvider) -> None:
    full = {
        "contents": [{"role": "user", "parts": [{"text": "a red house by the sea"}]}],
        "generationConfig": {
            "responseModalities": ["IMAGE"],
            "imageConfig": {"aspectRatio": "1:1", "imageSize": "1K"},
        },
    }
    provider.submit(replace(REQUEST, steps=20, negative_prompt="rain"))
    (request,) = stand_in.requests
    assert (request.method, request.path) == (
        "POST",
        "/v1/models/gemini-nano-banana-2.1:generateContent",
    )
    assert request.headers["x-goog-api-key"] == KEY
    assert "authorization" not in request.headers
    assert request.json() == full


@pytest.mark.parametrize(
    ("seed", "sent"), [(0, 0), (2**31 - 1, 2**31 - 1), (4_294_967_294, 2_147_483_646)]
)
def test_a_seed_is_sent_in_31_bits_and_told(
    stand_in: GeminiStandIn, provider: GeminiProvider, seed: int, sent: int
) -> None:
    answer = provider.submit(replace(REQUEST, seed=seed))
    assert isinstance(answer, Generated)
    assert answer.seed == sent
    assert stand_in.requests[0].json()["generationConfig"]["seed"] == sent


def test_pictures_go_before_the_words_in_their_order(
    stand_in: GeminiStandIn, provider: GeminiProvider
) -> None:
    buffer = BytesIO()
    Image.new("RGB", (30, 40), "teal").save(buffer, "JPEG")
    jpeg = SourceFile(buffer.getvalue(), "image/jpeg", 30, 40)
    assert isinstance(provider.submit(replace(EDIT, sources=(jpeg, LAMP, jpeg, LAMP))), Generated)
    *pictures, text = stand_in.requests[0].json()["contents"][0]["parts"]
    assert text == {"text": EDIT.prompt}
    assert [part["inlineData"]["mimeType"] for part in pictures] == [
        "image/jpeg", "image/png", "image/jpeg", "image/png",
    ]  # fmt: skip
    assert [base64.b64decode(part["inlineData"]["data"]) for part in pictures] == [
        jpeg.data, LAMP.data, jpeg.data, LAMP.data,
    ]  # fmt: skip


def test_other_operations_are_said_in_words(
    stand_in: GeminiStandIn, provider: GeminiProvider
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
    sent = [request.json()["contents"][0]["parts"] for request in stand_in.requests]
    assert "find: a cat. Replace it with: a dog." in sent[0][-1]["text"]
    assert "find: a cat. Recolour it: blue." in sent[1][-1]["text"]
    assert "The background is the second picture." in sent[2][-1]["text"]
    assert base64.b64decode(sent[2][1]["inlineData"]["data"]) == beach.data


@pytest.mark.parametrize("name", sorted(CARD.models))
def test_every_size_of_the_catalogue_is_one_that_is_made(
    provider: GeminiProvider, name: str
) -> None:
    """The shape and the class that are asked for give exactly the size that the studio expects."""
    sizes = CARD.models[name].sizes
    for width, height in sizes.near((1024, 1024)):
        if width * height > 2**21:
            continue  # The large ones are the same at two and four times the width.
        request = replace(REQUEST, model=name, width=width, height=height)
        answer = provider.submit(request)
        assert isinstance(answer, Generated)
        with Image.open(BytesIO(answer.data)) as image:
            assert image.size == (width, height)


@pytest.mark.parametrize(
    ("size", "shape", "word"),
    [
        ((512, 512), "1:1", "512"),
        ((1696, 2528), "2:3", "2K"),
        ((2752, 1536), "16:9", "2K"),
        ((3168, 1344), "21:9", "2K"),
        ((4096, 4096), "1:1", "4K"),
        ((3072, 5504), "9:16", "4K"),
        ((6336, 2688), "21:9", "4K"),
        ((2928, 352), "8:1", "1K"),
    ],
)
def test_a_size_becomes_a_shape_and_a_class(
    stand_in: GeminiStandIn,
    provider: GeminiProvider,
    size: tuple[int, int],
    shape: str,
    word: str,
) -> None:
    stand_in.script(["server-error"])
    provider.submit(replace(REQUEST, width=size[0], height=size[1]))
    image = stand_in.requests[0].json()["generationConfig"]["imageConfig"]
    assert image == {"aspectRatio": shape, "imageSize": word}


def test_drafts_and_captions_are_passed_over(
    stand_in: GeminiStandIn, provider: GeminiProvider, wish: ProviderRequest
) -> None:
    stand_in.script(["several"])
    answer = provider.submit(wish)
    assert isinstance(answer, Generated)
    with Image.open(BytesIO(answer.data)) as image:
        assert image.size == (1024, 1024)
    assert answer.cost.micros == stand_in.paid[0].micros


def test_without_usage_the_cost_is_unknown(
    stand_in: GeminiStandIn, provider: GeminiProvider, wish: ProviderRequest
) -> None:
    stand_in.script(["no-usage"])
    answer = provider.submit(wish)
    assert isinstance(answer, Generated)
    assert answer.cost == UNKNOWN


@pytest.mark.parametrize("scenario", ["truncated-image", "huge-image"])
def test_bytes_are_handed_on_unchecked(
    stand_in: GeminiStandIn, provider: GeminiProvider, scenario: str, wish: ProviderRequest
) -> None:
    stand_in.script([scenario])
    answer = provider.submit(wish)
    assert isinstance(answer, Generated)
    assert answer.data.startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("scenario", "kind", "reason"),
    [
        ("moderated", "moderation", "SAFETY"),
        ("moderated-list", "moderation", "PROHIBITED_CONTENT"),
        ("moderated-other", "moderation", "OTHER"),
        ("moderated-picture", "moderation", "IMAGE_SAFETY"),
        ("moderated-recitation", "moderation", "IMAGE_RECITATION"),
        ("no-image", "no_image", "NO_IMAGE"),
        ("cut-short", "no_image", "MAX_TOKENS"),
        ("escalation", "no_image", "ESCALATION"),
        ("only-draft", "no_image", "STOP"),
        ("refused-in-words", "no_image", "STOP"),
        ("null-image", "no_image", "STOP"),
    ],
)
def test_an_answer_without_a_picture_says_why_and_costs_the_tokens_it_tells(
    stand_in: GeminiStandIn,
    provider: GeminiProvider,
    scenario: str,
    kind: str,
    reason: str,
    wish: ProviderRequest,
) -> None:
    stand_in.script([scenario])
    answer = provider.submit(wish)
    assert isinstance(answer, Refused)
    assert answer.kind == kind
    assert answer.message.endswith(f"({reason}).")
    assert answer.cost == Cost(stand_in.paid[0].micros, "priced", CARD.price_version)
    assert answer.provider_request_id == stand_in.paid[0].request_id


@pytest.mark.parametrize(
    ("scenario", "known"),
    [
        ("invalid-base64", True),
        ("garbage", False),
        ("html", False),
        ("wrong-type", False),
    ],
)
def test_a_success_without_a_usable_picture_is_still_paid(
    stand_in: GeminiStandIn,
    provider: GeminiProvider,
    scenario: str,
    known: bool,
    wish: ProviderRequest,
) -> None:
    stand_in.script([scenario])
    answer = provider.submit(wish)
    assert isinstance(answer, Refused)
    assert (answer.kind, answer.cost) == ("bad_answer", _price(wish) if known else UNKNOWN)
    assert len(stand_in.paid) == 1


@pytest.mark.parametrize(
    ("scenario", "kind"),
    [
        ("auth", "auth"),
        ("auth-401", "auth"),
        ("permission", "permission"),
        ("bad-request", "validation"),
        ("unprocessable", "validation"),
        ("too-large", "validation"),
        ("billing", "credits"),
        ("payment", "credits"),
        ("quota", "credits"),
        ("credits", "credits"),
        ("gone", "model_gone"),
        ("gone-wrapped", "model_gone"),
    ],
)
def test_a_refusal_has_a_kind_and_costs_nothing(
    stand_in: GeminiStandIn,
    provider: GeminiProvider,
    scenario: str,
    kind: str,
    wish: ProviderRequest,
) -> None:
    stand_in.script([scenario])
    answer = provider.submit(wish)
    assert isinstance(answer, Refused)
    assert (answer.kind, answer.cost) == (kind, None)
    assert stand_in.paid == []


def test_a_refusal_names_the_field(
    stand_in: GeminiStandIn, provider: GeminiProvider, wish: ProviderRequest
) -> None:
    stand_in.script(["bad-request", "too-large"])
    wrong, large = provider.submit(wish), provider.submit(wish)
    assert isinstance(wrong, Refused)
    assert isinstance(large, Refused)
    assert wrong.message.endswith("(generationConfig.imageConfig.imageSize, INVALID_ARGUMENT).")
    assert large.message.endswith("(INVALID_ARGUMENT).")


def test_a_refused_part_is_named(provider: GeminiProvider) -> None:
    answer = provider.submit(replace(REQUEST, prompt=""))
    assert isinstance(answer, Refused)
    assert answer.message.endswith("(contents.0.parts.0, INVALID_ARGUMENT).")


def test_a_redirect_is_not_followed_and_its_cost_not_guessed(
    stand_in: GeminiStandIn, provider: GeminiProvider, wish: ProviderRequest
) -> None:
    stand_in.script(["redirect"])
    answer = provider.submit(wish)
    assert isinstance(answer, Refused)
    assert (answer.kind, answer.cost) == ("bad_answer", UNKNOWN)


@pytest.mark.parametrize(
    ("scenario", "kind", "retry_after"),
    [
        ("rate-limit", "rate_limit", {1}),
        ("rate-limit-fraction", "rate_limit", {17}),
        ("rate-limit-wrapped", "rate_limit", {3}),
        ("rate-limit-header", "rate_limit", {7}),
        ("rate-limit-date", "rate_limit", set(range(1, 31))),
        ("rate-limit-bare", "rate_limit", {None}),
        ("timeout", "transient", {None}),
        ("server-error", "transient", {None}),
        ("unavailable", "transient", {None}),
        ("deadline", "transient", {None}),
    ],
)
def test_what_another_try_may_cure_says_when(
    stand_in: GeminiStandIn,
    provider: GeminiProvider,
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
    stand_in: GeminiStandIn, provider: GeminiProvider, scenario: str, wish: ProviderRequest
) -> None:
    stand_in.script([scenario])
    assert isinstance(provider.submit(wish), OutcomeUnknown)
    assert len(stand_in.requests) == len(stand_in.paid) == 1


def test_a_provider_that_stays_silent_leaves_the_outcome_unknown(
    stand_in: GeminiStandIn, client: httpx.Client, wish: ProviderRequest
) -> None:
    impatient = replace(CARD, read_timeout_seconds=1)
    provider = GeminiProvider(Credentials(KEY, stand_in.base_url), impatient, client)
    answer = provider.submit(replace(wish, prompt="a house [[slow 30]]"))
    assert isinstance(answer, OutcomeUnknown)
    assert len(stand_in.paid) == 1


def test_a_slow_answer_is_waited_for(provider: GeminiProvider, wish: ProviderRequest) -> None:
    answer = provider.submit(replace(wish, prompt="a house [[slow 0.3]]"))
    assert isinstance(answer, Generated)


def test_nothing_can_be_asked_afterwards(
    stand_in: GeminiStandIn, provider: GeminiProvider, wish: ProviderRequest
) -> None:
    assert isinstance(provider.look_up(wish), OutcomeUnknown)
    assert isinstance(provider.poll("call000001"), OutcomeUnknown)
    assert not stand_in.requests


def test_the_key_is_in_no_message_repr_or_log(
    stand_in: GeminiStandIn,
    provider: GeminiProvider,
    caplog: pytest.LogCaptureFixture,
    wish: ProviderRequest,
) -> None:
    caplog.set_level(logging.DEBUG)
    names = sorted(stand_in.scenarios - {"slow"})
    stand_in.script(names)
    answers = [provider.submit(wish) for _ in names]

    assert all(request.headers["x-goog-api-key"] == KEY for request in stand_in.requests)
    assert all(KEY not in request.path for request in stand_in.requests)
    assert KEY not in repr(answers)
    assert KEY not in repr(provider)
    assert KEY not in caplog.text
