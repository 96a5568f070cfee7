"""The document that Amazon Bedrock gets for each request, and errors by their status."""

import base64
import json
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO

import httpx
import pytest
from PIL import Image

from studio.adapters.web.guarded_http import GuardedClient
from studio.domain.catalogue.catalogue import provider_card
from studio.domain.operations.table import operation_of
from studio.domain.provider_calls.model import (
    Credentials,
    Generated,
    OutcomeUnknown,
    ProviderOutcome,
    ProviderRequest,
    Refused,
    Throttled,
)
from studio.money import Cost
from studio.providers.bedrock.adapter import BedrockProvider
from tests.support.stand_ins.bedrock import REGION, BedrockStandIn
from tests.support.vendors.bedrock_requests import (
    BARE,
    INPAINT,
    KEYS,
    MASK,
    REQUESTS,
    SECRET,
    SEEDED,
    TOKEN,
    WORDS,
    service,
)

CARD = provider_card("bedrock")


@pytest.fixture
def stand_in() -> Iterator[BedrockStandIn]:
    with BedrockStandIn(SECRET, token=TOKEN) as server:
        yield server


def adapter(base_url: str, client: httpx.Client) -> BedrockProvider:
    return BedrockProvider(
        Credentials("", base_url), CARD, client, GuardedClient, REGION, lambda: KEYS
    )


@pytest.fixture
def provider(stand_in: BedrockStandIn, client: httpx.Client) -> BedrockProvider:
    return adapter(stand_in.base_url, client)


def answer_to(
    document: object, status: int = 200, headers: dict[str, str] | None = None
) -> ProviderOutcome:
    """Return what the adapter makes of one answer."""
    body = document if isinstance(document, bytes) else json.dumps(document).encode()
    transport = httpx.MockTransport(
        lambda request: httpx.Response(status, content=body, headers=headers)
    )
    with httpx.Client(transport=transport) as client:
        return adapter("http://bedrock.test", client).submit(WORDS)


@pytest.mark.parametrize(
    ("wanted", "members"),
    REQUESTS,
    ids=[f"{it.operation}-{it.model}" for it, _ in REQUESTS],
)
def test_every_model_is_sent_what_it_takes_and_costs_its_price(
    stand_in: BedrockStandIn,
    provider: BedrockProvider,
    wanted: ProviderRequest,
    members: dict[str, object],
) -> None:
    outcome = provider.submit(wanted)
    assert isinstance(outcome, Generated)
    with Image.open(BytesIO(outcome.data)) as image:
        assert image.format == "PNG"
    (call,) = stand_in.paid
    assert outcome.cost == Cost(call.micros, "priced", "bedrock-2026-11-20")
    assert (outcome.provider_request_id, call.model) == (call.request_id, wanted.model)

    sent = stand_in.requests[0].json()
    files = {name: sent.pop(name) for name in set(sent) - set(members)}
    names = {"image": "init_image"} if wanted.source("style_image") else {}
    assert sent == members
    assert files == {
        names.get(source.role, source.role): base64.b64encode(source.data).decode()
        for source in wanted.sources
    }


def test_every_model_and_every_input_of_the_catalogue_is_tried() -> None:
    assert {wanted.model for wanted, _ in REQUESTS} == set(CARD.models)
    for wanted, _ in REQUESTS:
        card = CARD.models[wanted.model]
        assert card.operations == (wanted.operation,)
        assert (
            set(wanted.options) == set(card.options) <= set(operation_of(wanted.operation).options)
        )
        assert {source.role for source in wanted.sources} <= set(card.sources.roles)


def test_only_what_is_given_is_sent(stand_in: BedrockStandIn, provider: BedrockProvider) -> None:
    provider.submit(WORDS)
    assert stand_in.requests[0].json() == {
        "prompt": WORDS.prompt,
        "aspect_ratio": "16:9",
        "output_format": "png",
    }


def test_the_default_strength_is_four_fifths(
    stand_in: BedrockStandIn, provider: BedrockProvider
) -> None:
    assert isinstance(provider.submit(replace(SEEDED, strength=None)), Generated)
    assert stand_in.requests[0].json()["strength"] == 0.8


@pytest.mark.parametrize("name", ["conservative", "creative"])
def test_an_upscale_without_words_gets_some(
    stand_in: BedrockStandIn, provider: BedrockProvider, name: str
) -> None:
    wanted = service(f"stable-{name}-upscale", f"upscale.{name}", **BARE)
    assert isinstance(provider.submit(wanted), Generated)
    assert set(stand_in.requests[0].json()) == {"image", "prompt", "output_format"}


@pytest.mark.parametrize(
    ("size", "ratio"),
    [
        ((1024, 1024), "1:1"),
        ((1536, 640), "21:9"),
        ((1344, 768), "16:9"),
        ((1216, 832), "3:2"),
        ((1088, 896), "5:4"),
        ((896, 1088), "4:5"),
        ((832, 1216), "2:3"),
        ((768, 1344), "9:16"),
        ((640, 1536), "9:21"),
    ],
)
def test_every_size_of_the_catalogue_has_its_format(
    stand_in: BedrockStandIn, provider: BedrockProvider, size: tuple[int, int], ratio: str
) -> None:
    outcome = provider.submit(replace(WORDS, width=size[0], height=size[1]))
    assert stand_in.requests[0].json()["aspect_ratio"] == ratio
    assert isinstance(outcome, Generated)
    with Image.open(BytesIO(outcome.data)) as image:
        assert image.size == size
    assert CARD.models[WORDS.model].request_size(*size) == size


def test_the_mask_is_sent_unchanged_because_white_means_change(
    stand_in: BedrockStandIn, provider: BedrockProvider
) -> None:
    provider.submit(INPAINT)
    assert base64.b64decode(stand_in.requests[0].json()["mask"]) == MASK.data


@pytest.mark.parametrize(
    ("status", "headers", "kind"),
    [
        (400, {}, "validation"),
        (401, {}, "auth"),
        (404, {}, "model_gone"),
        (429, {}, "rate_limit"),
        (500, {}, "transient"),
        (503, {}, "transient"),
        (400, {"x-amzn-ErrorType": "UnknownKindException"}, "validation"),
        (400, {"x-amzn-ErrorType": "ThrottlingException"}, "rate_limit"),
    ],
)
@pytest.mark.parametrize("body", [b"<html>", {"message": 7}], ids=["page", "document"])
def test_an_error_without_a_known_type_goes_by_its_status(
    status: int, headers: dict[str, str], kind: str, body: object
) -> None:
    outcome = answer_to(body, status, headers)
    assert isinstance(outcome, Refused | Throttled)
    assert outcome.kind == kind


def test_a_redirect_is_no_answer_whatever_comes_with_it() -> None:
    outcome = answer_to({"images": ["aGk="]}, 307)
    assert isinstance(outcome, Refused)
    assert (outcome.kind, outcome.cost) == ("bad_answer", None)


@pytest.mark.parametrize("status", [502, 504, 599])
def test_a_failure_that_the_service_does_not_know_may_be_paid(status: int) -> None:
    assert isinstance(answer_to(b"<html>", status), OutcomeUnknown)
