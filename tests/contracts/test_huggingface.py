"""The request that each provider behind Hugging Face's router gets."""

import base64
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import httpx
import pytest

from studio.adapters.web.guarded_http import GuardedClient
from studio.domain.provider_calls.model import (
    Credentials,
    Generated,
    Pending,
    ProviderOutcome,
    ProviderRequest,
    Throttled,
)
from studio.providers.huggingface.adapter import HuggingFaceProvider
from tests.support.stand_ins.huggingface import HuggingFaceStandIn
from tests.support.vendors.huggingface_requests import (
    CARD,
    EDIT,
    KEY,
    LAMP,
    WORDS,
    adapter,
    edit,
    words,
)
from tests.support.vendors.suite import finish

DIALECTS = ("hf-inference", "fal-ai", "together", "replicate")
URI = "data:image/png;base64," + base64.b64encode(LAMP.data).decode()
SIZE = {"width": 256, "height": 320}
TUNED = {"negative_prompt": "rain", "num_inference_steps": 4, "guidance_scale": 3.5, "seed": 7}


@pytest.fixture
def stand_in() -> Iterator[HuggingFaceStandIn]:
    with HuggingFaceStandIn(KEY) as server:
        yield server


@pytest.fixture
def provider(stand_in: HuggingFaceStandIn, client: httpx.Client) -> HuggingFaceProvider:
    return adapter(stand_in, client)


def answer_to(wanted: ProviderRequest, body: bytes, status: int = 200) -> ProviderOutcome:
    """Return what the adapter makes of one answer."""
    transport = httpx.MockTransport(lambda request: httpx.Response(status, content=body))
    with httpx.Client(transport=transport) as client:
        return HuggingFaceProvider(Credentials(KEY), CARD, client, GuardedClient).submit(wanted)


ROUTES: list[tuple[ProviderRequest, str, dict[str, Any]]] = [
    (
        words("hf-inference"),
        "/hf-inference/models/black-forest-labs/FLUX.1-schnell",
        {"inputs": WORDS.prompt, "parameters": {**SIZE, **TUNED}},
    ),
    (
        words("fal-ai"),
        "/fal-ai/fal-ai/flux/schnell",
        {"prompt": WORDS.prompt, "image_size": SIZE, **TUNED},
    ),
    (
        words("together"),
        "/together/v1/images/generations",
        {
            "model": "black-forest-labs/FLUX.1-schnell",
            "prompt": WORDS.prompt,
            "response_format": "base64",
            **SIZE,
            "negative_prompt": "rain",
            "steps": 4,
            "guidance_scale": 3.5,
            "seed": 7,
        },
    ),
    (
        words("replicate"),
        "/replicate/v1/models/black-forest-labs/flux-schnell/predictions",
        {"input": {"prompt": WORDS.prompt, **SIZE, **TUNED}},
    ),
    (
        edit("fal-ai"),
        "/fal-ai/fal-ai/flux-kontext/dev?_subdomain=queue",
        {"prompt": WORDS.prompt, "image_url": URI, **TUNED},
    ),
    (
        edit("together"),
        "/together/v1/images/generations",
        {
            "model": "black-forest-labs/FLUX.1-kontext-dev",
            "prompt": WORDS.prompt,
            "response_format": "base64",
            "image_url": URI,
            **SIZE,
            "negative_prompt": "rain",
            "steps": 4,
            "guidance_scale": 3.5,
            "seed": 7,
        },
    ),
    (
        edit("replicate"),
        "/replicate/v1/models/black-forest-labs/flux-kontext-dev/predictions",
        {"input": {"prompt": WORDS.prompt, "input_image": URI, **TUNED}},
    ),
]


@pytest.mark.parametrize(("wanted", "path", "body"), ROUTES)
def test_each_provider_is_spoken_to_in_its_own_way(
    stand_in: HuggingFaceStandIn,
    provider: HuggingFaceProvider,
    wanted: ProviderRequest,
    path: str,
    body: dict[str, Any],
) -> None:
    tuned = replace(wanted, negative_prompt="rain", steps=4, guidance="3.5", seed=7)
    assert isinstance(provider.submit(tuned), Generated | Pending)
    sent = stand_in.requests[0]
    assert (sent.method, sent.path, sent.json()) == ("POST", path, body)


def test_hugging_face_s_own_machines_take_an_image_among_parameters(
    stand_in: HuggingFaceStandIn, provider: HuggingFaceProvider
) -> None:
    tuned = replace(edit("hf-inference"), negative_prompt="rain", steps=4, guidance="3.5")
    assert isinstance(provider.submit(tuned), Generated)
    assert stand_in.requests[0].json() == {
        "inputs": base64.b64encode(LAMP.data).decode(),
        "parameters": {
            "prompt": WORDS.prompt,
            "target_size": SIZE,
            "negative_prompt": "rain",
            "num_inference_steps": 4,
            "guidance_scale": 3.5,
        },
    }


def test_what_was_not_given_is_not_sent(
    stand_in: HuggingFaceStandIn, provider: HuggingFaceProvider
) -> None:
    provider.submit(words("fal-ai"))
    assert stand_in.requests[0].json() == {"prompt": WORDS.prompt, "image_size": SIZE}


def test_a_model_of_replicate_with_a_version_has_a_path_of_its_own(
    stand_in: HuggingFaceStandIn, client: httpx.Client
) -> None:
    model = CARD.models[words("replicate").model]
    route = {"dialect": "replicate", "id": "stability-ai/sdxl:7762fd07"}
    card = replace(CARD, models={model.id: replace(model, route=route)})
    fetcher = GuardedClient(trusted_hosts=frozenset({"localhost"}))
    provider = HuggingFaceProvider(
        Credentials(KEY, stand_in.base_url), card, client, lambda: fetcher
    )
    assert isinstance(provider.submit(words("replicate")), Generated)
    sent = stand_in.requests[0]
    assert (sent.path, sent.json()["version"]) == ("/replicate/v1/predictions", "7762fd07")


def test_the_headers_of_each_provider(
    stand_in: HuggingFaceStandIn, provider: HuggingFaceProvider
) -> None:
    for dialect in DIALECTS:
        provider.submit(words(dialect))
    asked = [it.headers for it in stand_in.requests if it.method == "POST"]
    assert {it["authorization"] for it in asked} == {f"Bearer {KEY}"}
    assert [it["accept"] for it in asked] == ["image/png", *["application/json"] * 3]
    assert [it.get("prefer") for it in asked] == [None, None, None, "wait"]


def test_a_seed_that_fal_chose_is_told(provider: HuggingFaceProvider) -> None:
    outcome = finish(provider, provider.submit(words("fal-ai")))
    assert isinstance(outcome, Generated)
    assert outcome.seed == 4711


@pytest.mark.parametrize(
    ("estimated", "wait"),
    [
        ("20.4", 21), ("0", 1), ("-3", 1), ("7", 7), ("1e999999", 600), ('"20"', None),
        ("true", None), ("null", None),
    ],
)  # fmt: skip
def test_the_time_that_a_model_needs_to_load(estimated: str, wait: int | None) -> None:
    body = f'{{"error": "loading", "estimated_time": {estimated}}}'.encode()
    outcome = answer_to(words("hf-inference"), body, 503)
    assert isinstance(outcome, Throttled)
    assert outcome.retry_after == wait


def test_every_model_of_the_catalogue_is_one_that_the_router_knows(
    stand_in: HuggingFaceStandIn, provider: HuggingFaceProvider
) -> None:
    for model in CARD.models.values():
        (operation,) = model.operations
        base = EDIT if operation == "edit.general" else WORDS
        outcome = provider.submit(replace(base, model=model.id))
        assert isinstance(outcome, Generated | Pending), model.id
    assert len(stand_in.paid) == len(CARD.models)
