"""The cost of Gemini's images, which is never above the estimate."""

from collections.abc import Iterator
from dataclasses import replace

import httpx
import pytest

from studio.adapters.web.guarded_http import GuardedClient
from studio.domain.catalogue.catalogue import ProviderCard, provider_card
from studio.domain.provider_calls.model import Credentials, Generated, ProviderRequest, Refused
from studio.domain.provider_calls.source_file import SourceFile
from studio.money import UNKNOWN
from studio.providers.gemini.adapter import GeminiProvider
from tests.support.stand_ins.gemini import GeminiStandIn
from tests.support.stand_ins.pictures import png

CARD = provider_card("gemini")
REQUEST = ProviderRequest(
    request_id="5f0c4c9e-6a0c-4a63-9a5e-3b1f4f3c0a11",
    model="gemini-nano-banana-2.1",
    prompt="a red house by the sea",
    width=1024,
    height=1024,
)
LAMP = SourceFile(png(40, 30, "lamp"), "image/png", 40, 30)


@pytest.fixture(scope="module")
def provider() -> Iterator[GeminiProvider]:
    with GeminiStandIn() as stand_in, httpx.Client(trust_env=False) as client:
        yield GeminiProvider(
            Credentials(stand_in.api_key, stand_in.base_url), CARD, client, GuardedClient
        )


@pytest.mark.parametrize("name", sorted(CARD.models))
@pytest.mark.parametrize("wanted", [(512, 512), (1024, 1024), (1080, 1920), (2048, 1152)])
def test_no_image_costs_more_than_estimated(
    provider: GeminiProvider, name: str, wanted: tuple[int, int]
) -> None:
    model = CARD.models[name]
    width, height = model.request_size(*wanted)
    for number in (0, model.sources.max):
        request = replace(REQUEST, model=name, width=width, height=height)
        request = replace(request, sources=(LAMP,) * number)
        estimate = model.estimate(width, height, None, len(request.prompt.encode()), sources=number)
        outcome = provider.submit(request)
        assert isinstance(outcome, Generated)
        assert outcome.cost.micros is not None
        assert estimate.micros is not None
        assert outcome.cost.micros <= estimate.micros


# List prices of the reference in micro-dollars, and 2000 tokens of text and thoughts with them.
@pytest.mark.parametrize(
    ("name", "size", "micros"),
    [
        ("gemini-nano-banana-2.1", (1024, 1024), 33_600 + 15_000),
        ("gemini-nano-banana-2.1", (2752, 1536), 50_400 + 15_000),
        ("gemini-nano-banana-2.1", (4096, 4096), 113_400 + 15_000),
        ("gemini-nano-banana-2.1", (2928, 352), 33_600 + 15_000),
        ("gemini-3-pro-image", (2048, 2048), 134_400 + 24_000),
        ("gemini-3-pro-image", (6336, 2688), 240_000 + 24_000),
        ("gemini-3.1-flash-lite-image", (1376, 768), 33_600 + 3_000),
        ("gemini-3.1-flash-image", (512, 512), 45_000 + 6_000),
        ("gemini-3.1-flash-image", (4096, 4096), 151_200 + 6_000),
        ("gemini-2.5-flash-image", (1344, 768), 38_700 + 5_000),
    ],
)
def test_a_listed_size_is_estimated_with_the_thoughts_it_may_take(
    name: str, size: tuple[int, int], micros: int
) -> None:
    assert CARD.models[name].estimate(*size, None, 0).micros == micros


def _usage(**changes: object) -> dict[str, object]:
    return {
        "promptTokenCount": 10,
        "promptTokensDetails": [{"modality": "TEXT", "tokenCount": 10}],
        "candidatesTokenCount": 120,
        "candidatesTokensDetails": [{"modality": "IMAGE", "tokenCount": 100}],
        "thoughtsTokenCount": 2,
        **changes,
    }


TEXT_ONLY = [{"modality": "TEXT", "tokenCount": 20}]
BOTH = [{"modality": "IMAGE", "tokenCount": 100}, *TEXT_ONLY]


@pytest.mark.parametrize(
    ("usage", "micros"),
    [
        (_usage(), 15 + 3_000 + 165),
        (_usage(thoughtsTokenCount=0), 15 + 3_000 + 150),
        (_usage(candidatesTokensDetails=None), 15 + 3_600 + 15),
        (_usage(candidatesTokensDetails=TEXT_ONLY), 15 + 3_000 + 165),
        (_usage(candidatesTokensDetails=[{"modality": "IMAGE", "tokenCount": 121}]), None),
        (_usage(candidatesTokenCount=1), None),
        (_usage(promptTokensDetails=[{"modality": "IMAGE", "tokenCount": 11}]), None),
        (_usage(candidatesTokensDetails=["IMAGE", {"modality": ["IMAGE"]}]), 15 + 3_615),
        (_usage(candidatesTokensDetails=[{"modality": "IMAGE", "tokenCount": "9"}]), 15 + 3_615),
        (_usage(promptTokensDetails="10"), 15 + 3_165),
        ({"promptTokenCount": 10}, None),
        (_usage(candidatesTokenCount=0), None),
        (_usage(promptTokenCount=0), None),
        (_usage(candidatesTokensDetails=[{"modality": "IMAGE", "tokenCount": 0}]), None),
        (_usage(candidatesTokensDetails=[{"modality": "TEXT", "tokenCount": 120}]), None),
        (_usage(totalTokenCount=132), 15 + 3_000 + 165),
        (_usage(totalTokenCount=133), None),
        (_usage(totalTokenCount=131), None),
        (_usage(totalTokenCount=0), None),
        (_usage(totalTokenCount=None), 15 + 3_000 + 165),
        (_usage(candidatesTokensDetails=BOTH), 15 + 3_000 + 165),
        (_usage(candidatesTokensDetails=BOTH, candidatesTokenCount=121), None),
        (_usage(thoughtsTokenCount=None, totalTokenCount=132), None),
        (_usage(candidatesTokenCount=None), None),
        (_usage(promptTokenCount=None), None),
        (_usage(candidatesTokenCount=-1), None),
        (_usage(thoughtsTokenCount=1.5), None),
        (_usage(promptTokenCount=True), None),
        ("free", None),
    ],
)
def test_the_tokens_used_make_the_price(usage: object, micros: int | None) -> None:
    assert _generated(usage).cost.micros == micros


@pytest.mark.parametrize(
    ("details", "micros"),
    [
        ([{"modality": "TEXT", "tokenCount": 10}], None),
        ([{"modality": "IMAGE", "tokenCount": 0}, {"modality": "TEXT", "tokenCount": 10}], None),
        ([{"modality": "IMAGE", "tokenCount": 4}], 15 + 3_165),
        (None, 15 + 3_165),
    ],
)
def test_images_that_are_shown_and_not_counted_have_no_known_price(
    details: object, micros: int | None
) -> None:
    usage = _usage(promptTokensDetails=details)
    assert _generated(usage, sources=(LAMP,)).cost.micros == micros


def test_images_that_are_shown_have_a_rate_of_their_own() -> None:
    model = CARD.models[REQUEST.model]
    rates = {**(model.prices.token_rates or {}), "image_in": 4_000_000}
    dear = replace(model, prices=replace(model.prices, token_rates=rates))
    card = replace(CARD, models={model.id: dear})
    usage = _usage(promptTokensDetails=[{"modality": "IMAGE", "tokenCount": 4}])
    assert _generated(usage, card=card).cost.micros == 9 + 16 + 3_000 + 165


def test_a_model_that_the_catalogue_does_not_know_has_no_price() -> None:
    assert _generated(_usage(), "gemini-9").cost.micros is None


def _generated(
    usage: object,
    model: str = REQUEST.model,
    card: ProviderCard = CARD,
    sources: tuple[SourceFile, ...] = (),
) -> Generated:
    part = {"inlineData": {"mimeType": "image/png", "data": "aGk="}}
    document = {"candidates": [{"content": {"parts": [part]}}], "usageMetadata": usage}
    transport = httpx.MockTransport(lambda request: httpx.Response(200, json=document))
    with httpx.Client(transport=transport) as scripted:
        provider = GeminiProvider(Credentials("key"), card, scripted, GuardedClient)
        outcome = provider.submit(replace(REQUEST, model=model, sources=sources))
    assert isinstance(outcome, Generated)
    return outcome


PAGE = {"mimeType": "text/html", "data": "aGk="}


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"candidates": "none"},
        {"candidates": [None, {"content": None}, {"content": {"parts": "x"}}]},
        {"candidates": [{"content": {"parts": ["x", {"inlineData": "x"}]}, "finishReason": []}]},
        {"candidates": [{"content": {"parts": [{"inlineData": PAGE}]}}]},
        {"promptFeedback": ["SAFETY"]},
    ],
)
def test_whatever_has_no_image_is_no_image(document: dict[str, object]) -> None:
    transport = httpx.MockTransport(lambda request: httpx.Response(200, json=document))
    with httpx.Client(transport=transport) as scripted:
        outcome = GeminiProvider(Credentials("key"), CARD, scripted, GuardedClient).submit(REQUEST)
    assert isinstance(outcome, Refused)
    assert (outcome.kind, outcome.cost) == ("no_image", UNKNOWN)
