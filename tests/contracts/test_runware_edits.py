"""What Runware does to pictures: the task of each operation, and what its answers mean."""

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
    NotFound,
    OutcomeUnknown,
    Pending,
    ProviderRequest,
    Refused,
    Throttled,
)
from studio.money import UNKNOWN, Cost
from studio.providers.runware.adapter import RunwareProvider
from tests.contracts.runware_requests import IDS, OUTPAINT, REMOVE_BACKGROUND, TASK, UPSCALE, WISHES
from tests.support.stand_ins.runware import RunwareStandIn

KEY = "rw-planted-0123456789"
CARD = provider_card("runware")
PRICE = Cost(1_300, "reported")
EACH = pytest.mark.parametrize("wish", [wish for wish, _, _ in WISHES], ids=IDS)


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


@pytest.mark.parametrize(("wish", "task", "size"), WISHES, ids=IDS)
def test_each_operation_has_its_task(
    stand_in: RunwareStandIn,
    provider: RunwareProvider,
    wish: ProviderRequest,
    task: dict[str, object],
    size: tuple[int, int],
) -> None:
    answer = provider.submit(wish)
    assert isinstance(answer, Generated)
    with Image.open(BytesIO(answer.data)) as image:
        assert (image.format, image.size) == ("PNG", size)
        assert ("A" in image.mode) == (wish == REMOVE_BACKGROUND)
    assert answer.cost == PRICE
    assert [request.json() for request in stand_in.requests] == [[task]]
    assert len(stand_in.paid) == 1


def test_every_model_that_changes_pictures_is_tried_with_its_inputs() -> None:
    edits = {
        (name, operation)
        for name, card in CARD.models.items()
        for operation in card.operations
        if operation != "generate"
    }
    assert {(wish.model, wish.operation) for wish, _, _ in WISHES} == edits
    for wish, _, _ in WISHES:
        card = CARD.models[wish.model]
        taken = set(card.options) & set(operation_of(wish.operation).options)
        assert set(wish.options) == taken
        assert {source.role for source in wish.sources} <= set(card.sources.roles)


@pytest.mark.parametrize(
    ("side", "field", "size"),
    [
        ("left", "left", (192, 192)),
        ("right", "right", (192, 192)),
        ("up", "top", (128, 256)),
        ("down", "bottom", (128, 256)),
    ],
)
def test_a_side_grows_by_whole_steps_and_the_others_not_at_all(
    stand_in: RunwareStandIn,
    provider: RunwareProvider,
    side: str,
    field: str,
    size: tuple[int, int],
) -> None:
    assert isinstance(provider.submit(replace(OUTPAINT, options={side: 33})), Generated)
    (task,) = stand_in.requests[0].json()
    assert task["outpaint"] == {"top": 0, "right": 0, "bottom": 0, "left": 0} | {field: 64}
    assert (task["width"], task["height"]) == size


def test_a_picture_is_widened_without_words(
    stand_in: RunwareStandIn, provider: RunwareProvider
) -> None:
    assert isinstance(provider.submit(replace(OUTPAINT, prompt="")), Generated)
    (task,) = stand_in.requests[0].json()
    assert len(task["positivePrompt"]) >= 2


@EACH
@pytest.mark.parametrize("scenario", ["cut", "garbage", "gateway-timeout"])
def test_a_lost_answer_is_found_by_the_id_and_paid_once(
    stand_in: RunwareStandIn, provider: RunwareProvider, scenario: str, wish: ProviderRequest
) -> None:
    stand_in.script([scenario])
    assert isinstance(provider.submit(wish), OutcomeUnknown)
    # A question about a request carries no pictures.
    found = provider.look_up(replace(wish, sources=()))
    assert isinstance(found, Generated)
    assert found.cost == PRICE
    assert len(stand_in.paid) == 1


@EACH
def test_what_never_arrived_is_not_found(
    stand_in: RunwareStandIn, provider: RunwareProvider, wish: ProviderRequest
) -> None:
    stand_in.script(["lost"])
    assert isinstance(provider.submit(wish), OutcomeUnknown)
    assert isinstance(provider.look_up(wish), NotFound)
    assert stand_in.paid == []


@EACH
def test_a_task_in_the_background_is_asked_for(
    stand_in: RunwareStandIn, provider: RunwareProvider, wish: ProviderRequest
) -> None:
    stand_in.script(["acknowledged 1"])
    assert provider.submit(wish) == provider.poll(TASK) == Pending(TASK, 2)
    assert isinstance(provider.poll(TASK), Generated)


@EACH
@pytest.mark.parametrize(("scenario", "polls"), [("fails-later", 2), ("fails-singular", 1)])
def test_a_task_that_fails_in_the_background_is_refused(
    stand_in: RunwareStandIn,
    provider: RunwareProvider,
    scenario: str,
    polls: int,
    wish: ProviderRequest,
) -> None:
    stand_in.script([scenario])
    provider.submit(wish)
    answers = [provider.poll(TASK) for _ in range(polls)]
    assert isinstance(answers[-1], Refused)
    assert (answers[-1].kind, answers[-1].cost) == ("transient", None)


@pytest.mark.parametrize("wish", [REMOVE_BACKGROUND, UPSCALE, OUTPAINT], ids=lambda it: it.model)
@pytest.mark.parametrize(
    ("scenario", "kind", "cost"),
    [
        ("no-image", "no_image", PRICE),
        ("invalid-base64", "bad_answer", PRICE),
        ("renamed", "bad_answer", UNKNOWN),
        ("auth", "auth", None),
        ("bad-request", "validation", None),
        ("moderated", "moderation", None),
        ("payment", "credits", None),
        ("gone", "model_gone", None),
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


@EACH
def test_a_busy_service_is_asked_again_later(
    stand_in: RunwareStandIn, provider: RunwareProvider, wish: ProviderRequest
) -> None:
    stand_in.script(["rate-limit"])
    answer = provider.submit(wish)
    assert isinstance(answer, Throttled)
    assert (answer.kind, answer.retry_after) == ("rate_limit", 3)
    assert stand_in.paid == []
