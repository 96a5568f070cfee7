"""The Runware adapter against a stand-in that plays every answer of the documented contract."""

import base64
import json
import logging
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from uuid import UUID

import httpx
import pytest
from PIL import Image

from studio.domain.catalogue.catalogue import provider_card
from studio.domain.provider_calls.model import (
    Credentials,
    Generated,
    OutcomeUnknown,
    Pending,
    ProviderOutcome,
    ProviderRequest,
    Refused,
    SourceFile,
    Throttled,
)
from studio.money import UNKNOWN, Cost
from studio.providers.runware.adapter import RunwareProvider
from tests.support.stand_ins.pictures import png
from tests.support.stand_ins.runware import RunwareStandIn

KEY = "rw-planted-0123456789"
CARD = provider_card("runware")
TASK = "5f0c4c9e-6a0c-4a63-9a5e-3b1f4f3c0a11"
REQUEST = ProviderRequest(TASK, "runware:101@1", "a red house by the sea", 128, 192)
LAMP = SourceFile(png(40, 30, "lamp"), "image/png", 40, 30)
SEEDED = replace(REQUEST, sources=(LAMP,), strength="0.55")
PRICE = Cost(1_300, "reported")


@pytest.fixture
def stand_in() -> Iterator[RunwareStandIn]:
    with RunwareStandIn(KEY) as server:
        yield server


@pytest.fixture(scope="module")
def client() -> Iterator[httpx.Client]:
    with httpx.Client(trust_env=False) as client:
        yield client


@pytest.fixture
def provider(stand_in: RunwareStandIn, client: httpx.Client) -> RunwareProvider:
    return RunwareProvider(Credentials(KEY, stand_in.base_url), CARD, client)


@pytest.fixture(params=[REQUEST, SEEDED], ids=["words", "picture"])
def wish(request: pytest.FixtureRequest) -> ProviderRequest:
    """From words alone, and from a picture: what answers mean is the same."""
    asked: ProviderRequest = request.param
    return asked


def answer_to(document: object, status: int = 200) -> ProviderOutcome:
    """Return what the adapter makes of one answer."""
    body = document if isinstance(document, bytes) else json.dumps(document).encode()
    transport = httpx.MockTransport(lambda request: httpx.Response(status, content=body))
    with httpx.Client(transport=transport) as client:
        return RunwareProvider(Credentials(KEY), CARD, client).submit(REQUEST)


def test_a_picture_comes_with_the_cost_that_is_reported(
    stand_in: RunwareStandIn, provider: RunwareProvider, wish: ProviderRequest
) -> None:
    answer = provider.submit(replace(wish, seed=7))
    assert isinstance(answer, Generated)
    with Image.open(BytesIO(answer.data)) as image:
        assert (image.format, image.size) == ("PNG", (128, 192))
    assert (answer.cost, answer.seed, answer.provider_request_id) == (PRICE, 7, TASK)
    assert [(call.request_id, call.micros) for call in stand_in.paid] == [(TASK, 1_300)]


def test_one_task_is_sent_with_only_the_fields_that_are_given(
    stand_in: RunwareStandIn, provider: RunwareProvider
) -> None:
    plain = {
        "taskType": "imageInference",
        "taskUUID": TASK,
        "model": "runware:101@1",
        "positivePrompt": "a red house by the sea",
        "width": 128,
        "height": 192,
        "numberResults": 1,
        "outputType": "base64Data",
        "outputFormat": "PNG",
        "includeCost": True,
        "deliveryMethod": "sync",
        "safety": {"checkContent": True},
    }
    optional = {"seed": 7, "steps": 30, "CFGScale": 3.5, "negativePrompt": "rain"}
    provider.submit(REQUEST)
    provider.submit(replace(REQUEST, seed=7, steps=30, guidance="3.5", negative_prompt="rain"))
    assert [request.json() for request in stand_in.requests] == [[plain], [plain | optional]]


def test_a_picture_to_start_from_is_sent_as_a_data_uri_and_may_be_left_by_strength(
    stand_in: RunwareStandIn, provider: RunwareProvider
) -> None:
    for request in (REQUEST, SEEDED, replace(SEEDED, strength=None)):
        stand_in.script(["bad-request"])
        provider.submit(request)
    (plain,), (seeded,), (gentle,) = (request.json() for request in stand_in.requests)
    uri = "data:image/png;base64," + base64.b64encode(LAMP.data).decode()
    inputs = {"inputs": {"seedImage": uri}}
    assert seeded == plain | inputs | {"strength": 0.55}
    assert gentle == plain | inputs


def test_the_picture_of_our_own_task_is_taken(
    stand_in: RunwareStandIn, provider: RunwareProvider, wish: ProviderRequest
) -> None:
    stand_in.script(["several"])
    answer = provider.submit(wish)
    assert isinstance(answer, Generated)
    assert (answer.cost, answer.provider_request_id) == (PRICE, TASK)


def test_a_picture_counts_even_beside_an_error(
    stand_in: RunwareStandIn, provider: RunwareProvider, wish: ProviderRequest
) -> None:
    stand_in.script(["partial"])
    assert isinstance(provider.submit(wish), Generated)


@pytest.mark.parametrize("scenario", ["truncated-image", "huge-image"])
def test_bytes_are_handed_on_unchecked(
    stand_in: RunwareStandIn, provider: RunwareProvider, scenario: str, wish: ProviderRequest
) -> None:
    stand_in.script([scenario])
    answer = provider.submit(wish)
    assert isinstance(answer, Generated)
    assert answer.data.startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("dollars", "cost"),
    [
        ("0.0013", PRICE),
        ("0.00130001", Cost(1_301, "reported")),
        ("0.1", Cost(100_000, "reported")),
        ("1e-7", Cost(1, "reported")),
        ("0", Cost(0, "reported")),
        ("2", Cost(2_000_000, "reported")),
        ("-0.1", UNKNOWN),
        ("1e999999", UNKNOWN),
        ('"0.0013"', UNKNOWN),
        ("true", UNKNOWN),
        ("null", UNKNOWN),
    ],
)
def test_the_cost_is_read_without_a_float(dollars: str, cost: Cost) -> None:
    item = f'{{"imageUUID": "i", "imageBase64Data": "aGk=", "cost": {dollars}}}'
    answer = answer_to(f'{{"data": [{item}]}}'.encode())
    assert isinstance(answer, Generated)
    assert answer.cost == cost


def test_a_cost_that_is_missing_is_unknown(
    stand_in: RunwareStandIn, provider: RunwareProvider, wish: ProviderRequest
) -> None:
    stand_in.script(["no-cost"])
    answer = provider.submit(wish)
    assert isinstance(answer, Generated)
    assert answer.cost == UNKNOWN


@pytest.mark.parametrize(
    ("scenario", "kind", "cost"),
    [
        ("nsfw", "moderation", PRICE),
        ("no-image", "no_image", PRICE),
        ("invalid-base64", "bad_answer", PRICE),
        ("renamed", "bad_answer", UNKNOWN),
        ("auth", "auth", None),
        ("permission", "permission", None),
        ("bad-request", "validation", None),
        ("unprocessable", "validation", None),
        ("too-large", "validation", None),
        ("moderated", "moderation", None),
        ("payment", "credits", None),
        ("gone", "model_gone", None),
        ("gone-404", "model_gone", None),
    ],
)
def test_a_refusal_has_a_kind_and_says_what_was_charged(
    stand_in: RunwareStandIn,
    provider: RunwareProvider,
    scenario: str,
    kind: str,
    cost: Cost | None,
    wish: ProviderRequest,
) -> None:
    stand_in.script([scenario])
    answer = provider.submit(wish)
    assert isinstance(answer, Refused)
    assert (answer.kind, answer.cost, answer.provider_request_id) == (kind, cost, TASK)


def test_a_refusal_names_the_field(
    stand_in: RunwareStandIn, provider: RunwareProvider, wish: ProviderRequest
) -> None:
    stand_in.script(["bad-request"])
    answer = provider.submit(wish)
    assert isinstance(answer, Refused)
    assert answer.message.endswith("(width, invalidWidth).")


@pytest.mark.parametrize(
    ("scenario", "kind", "retry_after"),
    [
        ("rate-limit", "rate_limit", {3}),
        ("rate-limit-date", "rate_limit", set(range(1, 31))),
        ("rate-limit-bare", "rate_limit", {None}),
        ("timeout", "transient", {None}),
        ("server-error", "transient", {None}),
        ("unavailable", "transient", {None}),
        ("inference", "transient", {None}),
        ("problem", "transient", {None}),
    ],
)
def test_what_another_try_may_cure_says_when(
    stand_in: RunwareStandIn,
    provider: RunwareProvider,
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


@pytest.mark.parametrize(
    ("document", "kind"),
    [
        ({"data": []}, Pending),
        ({"data": [{"taskUUID": TASK, "status": "pending"}]}, Pending),
        ({"data": [{"taskUUID": TASK, "status": "success"}]}, Refused),
        ({"data": [{"taskUUID": TASK, "NSFWContent": True}]}, Refused),
        ({"data": [{"taskUUID": TASK, "status": "error"}]}, Refused),
        ({"data": [7, None, {"imageUUID": "i", "imageBase64Data": "aGk="}]}, Generated),
        ({"data": {"imageUUID": "i"}}, OutcomeUnknown),
        ({"errors": [], "data": None}, OutcomeUnknown),
        ({"errors": "many"}, OutcomeUnknown),
        ([], OutcomeUnknown),
        (b"", OutcomeUnknown),
    ],
)
def test_answers_of_other_shapes(document: object, kind: type[object]) -> None:
    assert isinstance(answer_to(document), kind)


def test_the_key_is_in_no_message_repr_or_log(
    stand_in: RunwareStandIn,
    provider: RunwareProvider,
    caplog: pytest.LogCaptureFixture,
    wish: ProviderRequest,
) -> None:
    caplog.set_level(logging.DEBUG)
    names = sorted(stand_in.scenarios - {"slow"})
    stand_in.script(names)
    answers: list[object] = []
    for number, _ in enumerate(names):
        request = replace(wish, request_id=str(UUID(int=UUID(TASK).int + number)))
        answers += [provider.submit(request), provider.look_up(request)]

    assert all(request.headers["authorization"] == f"Bearer {KEY}" for request in stand_in.requests)
    assert KEY not in repr(answers)
    assert KEY not in repr(provider)
    assert KEY not in caplog.text
