"""The task that Runware gets for a text-to-image request, and the cost that it reports."""

import base64
import json
from collections.abc import Callable, Iterator
from dataclasses import replace

import httpx
import pytest

from studio.adapters.web.guarded_http import GuardedClient
from studio.domain.catalogue.catalogue import provider_card
from studio.domain.provider_calls.model import (
    Credentials,
    Generated,
    Pending,
    ProviderOutcome,
    Refused,
)
from studio.money import UNKNOWN, Cost
from studio.providers.runware.adapter import RunwareProvider
from studio.providers.shared.result_files import PaidResult
from tests.support.stand_ins.runware import RunwareStandIn
from tests.support.vendors.runware_requests import FROM_IMAGE, FROM_TEXT, KEY, TASK

CARD = provider_card("runware")
PRICE = Cost(1_300, "reported")


@pytest.fixture
def stand_in() -> Iterator[RunwareStandIn]:
    with RunwareStandIn(KEY) as server:
        yield server


@pytest.fixture
def provider(stand_in: RunwareStandIn, client: httpx.Client) -> RunwareProvider:
    return RunwareProvider(Credentials(KEY, stand_in.base_url), CARD, client, GuardedClient)


def answer_to(document: object, status: int = 200) -> ProviderOutcome:
    """Return what the adapter makes of one answer."""
    body = document if isinstance(document, bytes) else json.dumps(document).encode()
    transport = httpx.MockTransport(lambda request: httpx.Response(status, content=body))
    with httpx.Client(transport=transport) as client:
        return RunwareProvider(Credentials(KEY), CARD, client, GuardedClient).submit(FROM_TEXT)


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
    provider.submit(FROM_TEXT)
    provider.submit(replace(FROM_TEXT, seed=7, steps=30, guidance="3.5", negative_prompt="rain"))
    assert [request.json() for request in stand_in.requests] == [[plain], [plain | optional]]


def test_an_image_to_start_from_is_sent_as_a_data_uri_and_may_be_left_by_strength(
    stand_in: RunwareStandIn, provider: RunwareProvider
) -> None:
    for request in (FROM_TEXT, FROM_IMAGE, replace(FROM_IMAGE, strength=None)):
        stand_in.script(["bad-request"])
        provider.submit(request)
    (plain,), (seeded,), (gentle,) = (request.json() for request in stand_in.requests)
    uri = "data:image/png;base64," + base64.b64encode(FROM_IMAGE.sources[0].data).decode()
    inputs = {"inputs": {"seedImage": uri}}
    assert seeded == plain | inputs | {"strength": 0.55}
    assert gentle == plain | inputs


@pytest.mark.parametrize(
    ("dollars", "cost"),
    [
        ("0.0013", PRICE),
        ("0.00130001", Cost(1_301, "reported")),
        ("0.1", Cost(100_000, "reported")),
        ("1e-7", Cost(1, "reported")),
        ("0", UNKNOWN),
        ("0.0", UNKNOWN),
        ("2", Cost(2_000_000, "reported")),
        ("-0.1", UNKNOWN),
        ("1e999999", UNKNOWN),
        ('"0.0013"', PRICE),
        ('"1e-3"', UNKNOWN),
        ('"0.0013 USD"', UNKNOWN),
        ('"-0.1"', UNKNOWN),
        ('"1001"', UNKNOWN),
        ('""', UNKNOWN),
        ("true", UNKNOWN),
        ("null", UNKNOWN),
    ],
)
def test_the_cost_is_read_without_a_float(dollars: str, cost: Cost) -> None:
    item = f'{{"imageUUID": "i", "imageBase64Data": "aGk=", "cost": {dollars}}}'
    outcome = answer_to(f'{{"data": [{item}]}}'.encode())
    assert isinstance(outcome, Generated)
    assert outcome.cost == cost


@pytest.mark.parametrize("wrap", [lambda item: {"data": item}, lambda item: [item]])
def test_a_result_that_a_gateway_unwrapped_keeps_its_cost(wrap: Callable[[object], object]) -> None:
    picture = base64.b64encode(b"\x89PNG\r\n\x1a\n").decode()
    outcome = answer_to(wrap({"taskUUID": TASK, "imageBase64Data": picture, "cost": 0.0013}))
    assert isinstance(outcome, Generated)
    assert outcome.cost == PRICE


PICTURE = base64.b64encode(b"\x89PNG\r\n\x1a\n").decode()
ADDRESS = "https://files.test/a.png"


@pytest.mark.parametrize(
    "files",
    [
        {"url": ADDRESS},
        {"imageUrl": ADDRESS},
        {"image": PICTURE},
        {"base64": PICTURE},
        {"b64_json": PICTURE},
        {"image": {"url": ADDRESS}},
    ],
)
@pytest.mark.parametrize("task", [TASK, None, TASK.replace("-", ""), TASK.upper()])
def test_a_result_with_members_of_other_names_keeps_its_cost(
    files: dict[str, object], task: str | None
) -> None:
    outcome = answer_to({"data": [{"taskUUID": task, "cost": 0.0013, **files}]})
    if isinstance(outcome, Pending):
        paid = PaidResult.read(outcome.handle)
        assert paid is not None
        assert (paid.url, paid.micros) == (ADDRESS, 1_300)
    else:
        assert isinstance(outcome, Generated)
        assert outcome.cost == PRICE


def test_a_result_that_is_a_text_only_is_kept() -> None:
    assert isinstance(answer_to({"data": [PICTURE]}), Generated)


@pytest.mark.parametrize("status", ["processing", "pending"])
def test_a_url_of_a_task_at_work_is_no_result(status: str) -> None:
    outcome = answer_to({"data": [{"taskUUID": TASK, "status": status, "url": ADDRESS}]})
    assert outcome == Pending(TASK, 2)


@pytest.mark.parametrize(
    ("item", "kind"),
    [
        ({"error": "Something failed."}, "validation"),
        ({"error": {"code": "invalidWidth"}}, "validation"),
        ({"error": {"message": "Blocked by moderation."}}, "moderation"),
        ({"taskUUID": TASK, "errors": ["insufficient credits"]}, "credits"),
    ],
)
def test_an_error_among_the_results_is_the_end(item: dict[str, object], kind: str) -> None:
    outcome = answer_to({"data": [item]})
    assert isinstance(outcome, Refused)
    assert (outcome.kind, outcome.cost) == (kind, None)


def test_an_error_among_the_results_of_another_task_is_not_ours() -> None:
    outcome = answer_to({"data": [{"taskUUID": "another", "error": "Something failed."}]})
    assert outcome == Pending(TASK, 2)
