"""The Bedrock adapter against a stand-in that plays every answer of the documented contract."""

import base64
import json
import logging
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO

import httpx
import pytest
from PIL import Image

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
from studio.money import UNKNOWN, Cost
from studio.providers.bedrock.adapter import BedrockProvider
from tests.contracts.bedrock_requests import (
    BARE,
    FULL,
    INPAINT,
    KEYS,
    LAMP,
    MASK,
    SECRET,
    SEEDED,
    TOKEN,
    WISHES,
    WORDS,
    service,
)
from tests.support.stand_ins.bedrock import REGION, BedrockStandIn

CARD = provider_card("bedrock")
PRICE = Cost(40_000, "priced", "bedrock-2026-11-20")


@pytest.fixture
def stand_in() -> Iterator[BedrockStandIn]:
    with BedrockStandIn(SECRET, token=TOKEN) as server:
        yield server


@pytest.fixture(scope="module")
def client() -> Iterator[httpx.Client]:
    with httpx.Client(trust_env=False) as client:
        yield client


def adapter(base_url: str, client: httpx.Client) -> BedrockProvider:
    return BedrockProvider(Credentials("", base_url), CARD, client, REGION, lambda: KEYS)


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
    ("wish", "members"), WISHES, ids=[f"{wish.operation}-{wish.model}" for wish, _ in WISHES]
)
def test_every_model_is_sent_what_it_takes_and_costs_its_price(
    stand_in: BedrockStandIn,
    provider: BedrockProvider,
    wish: ProviderRequest,
    members: dict[str, object],
) -> None:
    answer = provider.submit(wish)
    assert isinstance(answer, Generated)
    with Image.open(BytesIO(answer.data)) as image:
        assert image.format == "PNG"
    (call,) = stand_in.paid
    assert answer.cost == Cost(call.micros, "priced", "bedrock-2026-11-20")
    assert (answer.provider_request_id, call.model) == (call.request_id, wish.model)

    sent = stand_in.requests[0].json()
    files = {name: sent.pop(name) for name in set(sent) - set(members)}
    names = {"image": "init_image"} if wish.source("style_image") else {}
    assert sent == members
    assert files == {
        names.get(source.role, source.role): base64.b64encode(source.data).decode()
        for source in wish.sources
    }


def test_every_model_and_every_input_of_the_catalogue_is_tried() -> None:
    assert {wish.model for wish, _ in WISHES} == set(CARD.models)
    for wish, _ in WISHES:
        card = CARD.models[wish.model]
        assert card.operations == (wish.operation,)
        assert set(wish.options) == set(card.options) <= set(operation_of(wish.operation).options)
        assert {source.role for source in wish.sources} <= set(card.sources.roles)


def test_only_what_is_given_is_sent(stand_in: BedrockStandIn, provider: BedrockProvider) -> None:
    provider.submit(WORDS)
    assert stand_in.requests[0].json() == {
        "prompt": WORDS.prompt,
        "aspect_ratio": "16:9",
        "output_format": "png",
    }


def test_an_image_is_left_by_four_fifths_where_nobody_says_how_far(
    stand_in: BedrockStandIn, provider: BedrockProvider
) -> None:
    assert isinstance(provider.submit(replace(SEEDED, strength=None)), Generated)
    assert stand_in.requests[0].json()["strength"] == 0.8


@pytest.mark.parametrize("name", ["conservative", "creative"])
def test_an_upscale_without_words_gets_some(
    stand_in: BedrockStandIn, provider: BedrockProvider, name: str
) -> None:
    wish = service(f"stable-{name}-upscale", f"upscale.{name}", **BARE)
    assert isinstance(provider.submit(wish), Generated)
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
    answer = provider.submit(replace(WORDS, width=size[0], height=size[1]))
    assert stand_in.requests[0].json()["aspect_ratio"] == ratio
    assert isinstance(answer, Generated)
    with Image.open(BytesIO(answer.data)) as image:
        assert image.size == size
    assert CARD.models[WORDS.model].request_size(*size) == size


def test_the_mask_goes_as_it_is_because_white_means_change_there_too(
    stand_in: BedrockStandIn, provider: BedrockProvider
) -> None:
    provider.submit(INPAINT)
    assert base64.b64decode(stand_in.requests[0].json()["mask"]) == MASK.data


def test_the_seed_that_was_used_is_read(
    stand_in: BedrockStandIn, provider: BedrockProvider
) -> None:
    stand_in.script(["success", "success", "no-seed"])
    seeds = []
    for wish in (FULL, WORDS, WORDS):
        answer = provider.submit(wish)
        assert isinstance(answer, Generated)
        seeds.append(answer.seed)
    assert seeds == [7, 4711, None]


@pytest.mark.parametrize("scenario", ["several", "truncated-image", "huge-image"])
def test_the_first_picture_is_handed_on_unchecked(
    stand_in: BedrockStandIn, provider: BedrockProvider, scenario: str
) -> None:
    stand_in.script([scenario])
    answer = provider.submit(WORDS)
    assert isinstance(answer, Generated)
    assert answer.data.startswith(b"\x89PNG")


@pytest.mark.parametrize("wish", [WORDS, INPAINT], ids=["words", "picture"])
@pytest.mark.parametrize(
    ("scenario", "kind", "said"),
    [
        ("bad-request", "validation", "(ValidationException)."),
        ("unprocessable", "validation", "(HTTP 422)."),
        ("too-large", "validation", "(HTTP 413)."),
        ("moderated", "moderation", "(ValidationException)."),
        ("service-quota", "permission", "(ServiceQuotaExceededException)."),
        ("auth", "auth", "(UnrecognizedClientException)."),
        ("signature", "auth", "(InvalidSignatureException)."),
        ("permission", "permission", "(AccessDeniedException)."),
        ("forbidden-bare", "permission", "(HTTP 403)."),
        ("gone", "model_gone", "(ResourceNotFoundException)."),
        ("gone-400", "model_gone", "(ValidationException)."),
    ],
)
def test_a_refusal_has_a_kind_and_costs_nothing(
    stand_in: BedrockStandIn,
    provider: BedrockProvider,
    scenario: str,
    kind: str,
    said: str,
    wish: ProviderRequest,
) -> None:
    stand_in.script([scenario])
    answer = provider.submit(wish)
    assert isinstance(answer, Refused)
    assert (answer.kind, answer.cost) == (kind, None)
    assert answer.message.endswith(said)
    assert answer.provider_request_id == "0b5e1f00-0000-4000-8000-000000000001"
    assert stand_in.paid == []


@pytest.mark.parametrize(
    ("scenario", "kind", "ending"),
    [
        ("filtered-prompt", "moderation", "(prompt)."),
        ("filtered-input", "moderation", "(input image)."),
        ("filtered-output", "moderation", "(result)."),
        ("filtered-oddly", "moderation", "refused the picture."),
        ("inference-error", "no_image", "(Inference error)."),
        ("odd-reason", "no_image", "without a picture."),
        ("no-image", "no_image", "without a picture."),
        ("null-image", "no_image", "without a picture."),
        ("garbage", "bad_answer", "could not be read."),
        ("html", "bad_answer", "could not be read."),
        ("wrong-type", "bad_answer", "could not be read."),
        ("redirect", "bad_answer", "could not be read."),
    ],
)
def test_nobody_knows_what_an_answer_without_a_picture_costs(
    stand_in: BedrockStandIn, provider: BedrockProvider, scenario: str, kind: str, ending: str
) -> None:
    stand_in.script([scenario])
    answer = provider.submit(WORDS)
    assert isinstance(answer, Refused)
    assert (answer.kind, answer.cost) == (kind, UNKNOWN)
    assert answer.message.endswith(ending)


def test_a_picture_that_cannot_be_decoded_is_paid(
    stand_in: BedrockStandIn, provider: BedrockProvider
) -> None:
    stand_in.script(["invalid-base64"])
    answer = provider.submit(WORDS)
    assert isinstance(answer, Refused)
    assert (answer.kind, answer.cost) == ("bad_answer", PRICE)


@pytest.mark.parametrize(
    ("scenario", "kind", "retry_after"),
    [
        ("rate-limit", "rate_limit", {3}),
        ("rate-limit-date", "rate_limit", set(range(1, 31))),
        ("rate-limit-bare", "rate_limit", {None}),
        ("not-ready", "transient", {None}),
        ("expired", "transient", {None}),
        ("timeout", "transient", {None}),
        ("model-error", "transient", {None}),
        ("server-error", "transient", {None}),
        ("unavailable", "transient", {None}),
    ],
)
def test_what_another_try_may_cure_says_when(
    stand_in: BedrockStandIn,
    provider: BedrockProvider,
    scenario: str,
    kind: str,
    retry_after: set[int | None],
) -> None:
    stand_in.script([scenario])
    answer = provider.submit(WORDS)
    assert isinstance(answer, Throttled)
    assert answer.kind == kind
    assert answer.retry_after in retry_after
    assert stand_in.paid == []


@pytest.mark.parametrize("scenario", ["cut", "cut-body", "gateway-timeout"])
def test_a_lost_answer_stays_lost_and_was_paid_once(
    stand_in: BedrockStandIn, provider: BedrockProvider, scenario: str
) -> None:
    stand_in.script([scenario])
    assert isinstance(provider.submit(WORDS), OutcomeUnknown)
    assert isinstance(provider.look_up(WORDS), OutcomeUnknown)
    assert isinstance(provider.poll("any"), OutcomeUnknown)
    assert len(stand_in.paid) == len(stand_in.requests) == 1


def test_a_silent_service_is_given_up(stand_in: BedrockStandIn, client: httpx.Client) -> None:
    impatient = replace(CARD, read_timeout_seconds=1)
    credentials = Credentials("", stand_in.base_url)
    provider = BedrockProvider(credentials, impatient, client, REGION, lambda: KEYS)
    assert isinstance(provider.submit(replace(WORDS, prompt="a house [[slow 30]]")), OutcomeUnknown)


def test_a_service_out_of_reach_made_nothing(client: httpx.Client) -> None:
    with BedrockStandIn(SECRET) as gone:
        provider = adapter(gone.base_url, client)
    assert isinstance(provider.submit(WORDS), Throttled)


@pytest.mark.parametrize(
    ("document", "kind"),
    [
        ({"images": ["aGk="]}, Generated),
        ({"images": ["aGk="], "finish_reasons": [], "seeds": ["7"]}, Generated),
        ({"images": ["aGk="], "finish_reasons": [None, "Inference error"]}, Generated),
        ({"images": ["aGk="], "finish_reasons": ["Filter reason: prompt"]}, Refused),
        ({"images": ["aGk="], "finish_reasons": [{"a": 1}]}, Refused),
        ({"images": "aGk="}, Refused),
        ({"images": [""]}, Refused),
        ({"images": [7]}, Refused),
        ([], Refused),
        (b"", Refused),
    ],
)
def test_answers_of_other_shapes(document: object, kind: type[object]) -> None:
    assert isinstance(answer_to(document), kind)


@pytest.mark.parametrize(
    ("status", "headers", "kind"),
    [
        (400, {}, "validation"),
        (401, {}, "auth"),
        (404, {}, "model_gone"),
        (429, {}, "rate_limit"),
        (500, {}, "transient"),
        (503, {}, "transient"),
        (400, {"x-amzn-ErrorType": "NobodyKnowsException"}, "validation"),
        (400, {"x-amzn-ErrorType": "ThrottlingException"}, "rate_limit"),
    ],
)
@pytest.mark.parametrize("body", [b"<html>", {"message": 7}], ids=["page", "document"])
def test_an_error_without_a_known_type_goes_by_its_status(
    status: int, headers: dict[str, str], kind: str, body: object
) -> None:
    answer = answer_to(body, status, headers)
    assert isinstance(answer, Refused | Throttled)
    assert answer.kind == kind


def test_a_redirect_is_no_answer_whatever_comes_with_it() -> None:
    answer = answer_to({"images": ["aGk="]}, 307)
    assert isinstance(answer, Refused)
    assert (answer.kind, answer.cost) == ("bad_answer", UNKNOWN)


@pytest.mark.parametrize("status", [502, 504, 599])
def test_a_failure_that_the_service_does_not_know_may_be_paid(status: int) -> None:
    assert isinstance(answer_to(b"<html>", status), OutcomeUnknown)


def test_no_secret_is_in_any_message_repr_or_log(
    stand_in: BedrockStandIn, provider: BedrockProvider, caplog: pytest.LogCaptureFixture
) -> None:
    # httpx and we are listened to; botocore writes what it signs to its own debug log.
    caplog.set_level(logging.DEBUG, logger="httpx")
    caplog.set_level(logging.DEBUG, logger="httpcore")
    names = sorted(stand_in.scenarios - {"slow"})
    stand_in.script(names)
    answers = [provider.submit(SEEDED) for _ in names]

    said = repr(answers) + repr(provider) + caplog.text
    assert all(request.headers["x-amz-security-token"] == TOKEN for request in stand_in.requests)
    assert SECRET not in said
    assert TOKEN not in said
    assert base64.b64encode(LAMP.data).decode() not in said
