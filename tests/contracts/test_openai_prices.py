"""The cost of OpenAI's images, which is never above the estimate."""

from collections.abc import Iterator
from dataclasses import replace

import httpx
import pytest

from studio.adapters.web.guarded_http import GuardedClient
from studio.domain.catalogue.catalogue import ModelCard, provider_card
from studio.domain.provider_calls.model import Credentials, Generated, ProviderRequest
from studio.domain.provider_calls.source_file import SourceFile
from studio.providers.openai.adapter import OpenAIProvider
from tests.support.stand_ins.openai import OpenAIStandIn
from tests.support.stand_ins.pictures import png

CARD = provider_card("openai")
REQUEST = ProviderRequest(
    request_id="5f0c4c9e-6a0c-4a63-9a5e-3b1f4f3c0a11",
    model="gpt-image-2",
    prompt="a red house by the sea",
    width=1024,
    height=1024,
    quality="low",
)


@pytest.fixture(scope="module")
def provider() -> Iterator[OpenAIProvider]:
    with OpenAIStandIn() as stand_in, httpx.Client(trust_env=False) as client:
        yield OpenAIProvider(
            Credentials(stand_in.api_key, stand_in.base_url), CARD, client, GuardedClient
        )


@pytest.mark.parametrize("name", sorted(CARD.models))
def test_every_model_is_asked_in_words_that_it_takes_and_costs_no_more_than_estimated(
    provider: OpenAIProvider, name: str
) -> None:
    model = CARD.models[name]
    for wanted in ((1024, 1024), (1536, 1024), (1200, 630), (1080, 1920)):
        for word in model.quality.values():
            _ask_and_compare(provider, model, wanted, word)


@pytest.mark.parametrize("name", sorted(CARD.models))
@pytest.mark.parametrize("size", [(40, 30), (512, 512), (1024, 1536), (2048, 512), (2048, 3)])
def test_images_to_start_from_cost_no_more_than_estimated(
    provider: OpenAIProvider, name: str, size: tuple[int, int]
) -> None:
    model = CARD.models[name]
    source = SourceFile(png(*size, "lamp"), "image/png", *size)
    for number in range(1, model.sources.max + 1):
        _ask_and_compare(provider, model, (1024, 1024), "low", (source,) * number)


def _ask_and_compare(
    provider: OpenAIProvider,
    model: ModelCard,
    wanted: tuple[int, int],
    word: str,
    sources: tuple[SourceFile, ...] = (),
) -> None:
    width, height = model.request_size(*wanted)
    request = replace(REQUEST, model=model.id, width=width, height=height, quality=word)
    request = replace(request, sources=sources)
    estimate = model.estimate(
        width, height, word, len(request.prompt.encode()), sources=len(sources)
    )
    outcome = provider.submit(request)
    assert isinstance(outcome, Generated)
    if estimate.micros is not None and outcome.cost.micros is not None:
        assert outcome.cost.micros <= estimate.micros


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
        ("gpt-image-2", _usage(input_tokens=1_010), 50 + 8_000 + 3_000),
        ("gpt-image-1.5", _usage(), 50 + 90 * 32 + 10 * 10),
        ("gpt-image-2", _usage(output_tokens_details=None), 50 + 3_000),
        ("gpt-image-2", _usage(input_tokens_details=None), 80 + 3_000),
        ("gpt-image-2", _usage(input_tokens_details={"text_tokens": 4}), 20 + 48 + 3_000),
        ("gpt-image-2", _usage(input_tokens_details={"text_tokens": 99}), None),
        ("gpt-image-2", _usage(output_tokens=99), None),
        ("gpt-image-2", _usage(output_tokens=1, output_tokens_details={"image_tokens": 90}), None),
        ("gpt-image-2", _usage(input_tokens=0, output_tokens=0), None),
        ("gpt-image-2", _usage(output_tokens=0), None),
        ("gpt-image-2", _usage(input_tokens=0), None),
        ("gpt-image-2", _usage(output_tokens_details={"text_tokens": 100}), None),
        ("gpt-image-2", _usage(output_tokens_details={"image_tokens": 0, "text_tokens": 0}), None),
        ("gpt-image-2", _usage(total_tokens=110), 50 + 3_000),
        ("gpt-image-2", _usage(total_tokens=111), None),
        ("gpt-image-2", _usage(total_tokens=109), None),
        ("gpt-image-2", _usage(total_tokens=0), None),
        ("gpt-image-2", _usage(total_tokens=None), 50 + 3_000),
        ("gpt-image-2", _usage(output_tokens_details={"image_tokens": 90}), None),
        (
            "gpt-image-2",
            _usage(output_tokens_details={"image_tokens": 80, "text_tokens": 10}),
            None,
        ),
        ("gpt-image-2", {}, None),
        ("gpt-image-2", {"total_tokens": 110}, None),
        ("gpt-image-2", _usage(output_tokens=None), None),
        ("gpt-image-2", _usage(input_tokens=None), None),
        ("gpt-image-2", _usage(output_tokens=-1), None),
        ("gpt-image-2", _usage(output_tokens=1.5), None),
        ("gpt-image-2", _usage(output_tokens=True), None),
        ("gpt-image-2", "free", None),
        ("chatgpt-image-latest", _usage(), None),
        ("gpt-image-9", _usage(), None),
    ],
)
def test_the_tokens_used_make_the_price(model: str, usage: object, micros: int | None) -> None:
    outcome = httpx.Response(200, json={"data": [{"b64_json": "aGk="}], "usage": usage})
    transport = httpx.MockTransport(lambda request: outcome)
    with httpx.Client(transport=transport) as scripted:
        provider = OpenAIProvider(Credentials("sk-x"), CARD, scripted, GuardedClient)
        generated = provider.submit(replace(REQUEST, model=model))
    assert isinstance(generated, Generated)
    assert generated.cost.micros == micros
