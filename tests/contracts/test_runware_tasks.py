"""Runware tasks that outlive their request: asked for by our own id, and paid once."""

from collections.abc import Iterator
from dataclasses import replace
from uuid import UUID, uuid5

import httpx
import pytest

from studio.domain.catalogue.catalogue import provider_card
from studio.domain.provider_calls.model import (
    Credentials,
    Generated,
    NotFound,
    OutcomeUnknown,
    Pending,
    ProviderRequest,
    Refused,
    SourceFile,
    Throttled,
)
from studio.money import Cost
from studio.providers.runware.adapter import RunwareProvider
from tests.support.stand_ins.pictures import png
from tests.support.stand_ins.runware import RunwareStandIn
from tests.support.stand_ins.server import GATEWAY

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


@pytest.mark.parametrize("wish", [REQUEST, SEEDED], ids=["words", "picture"])
@pytest.mark.parametrize("scenario", ["cut", "cut-body", "garbage", "html", *GATEWAY])
def test_a_lost_answer_is_found_again_and_paid_once(
    stand_in: RunwareStandIn, provider: RunwareProvider, scenario: str, wish: ProviderRequest
) -> None:
    stand_in.script([scenario])
    assert isinstance(provider.submit(wish), OutcomeUnknown)

    found = provider.look_up(wish)
    assert isinstance(found, Generated)
    assert found.cost == PRICE
    assert len(stand_in.paid) == 1


def test_a_request_that_never_arrived_is_not_found(
    stand_in: RunwareStandIn, provider: RunwareProvider
) -> None:
    stand_in.script(["lost"])
    assert isinstance(provider.submit(REQUEST), OutcomeUnknown)
    assert isinstance(provider.look_up(REQUEST), NotFound)
    assert stand_in.paid == []


def test_a_provider_that_stays_silent_can_be_asked_later(
    stand_in: RunwareStandIn, client: httpx.Client
) -> None:
    impatient = replace(CARD, read_timeout_seconds=1)
    provider = RunwareProvider(Credentials(KEY, stand_in.base_url), impatient, client)
    assert isinstance(
        provider.submit(replace(REQUEST, prompt="a house [[slow 30]]")), OutcomeUnknown
    )
    assert isinstance(provider.look_up(REQUEST), Generated)


def test_an_acknowledgement_is_followed_by_polls(
    stand_in: RunwareStandIn, provider: RunwareProvider
) -> None:
    stand_in.script(["acknowledged 2"])
    waiting = Pending(TASK, 2)
    assert provider.submit(REQUEST) == waiting
    assert provider.poll(TASK) == waiting
    assert provider.poll(TASK) == waiting
    assert isinstance(provider.poll(TASK), Generated)
    assert stand_in.requests[-1].json() == [{"taskType": "getResponse", "taskUUID": TASK}]
    assert len(stand_in.paid) == 1


def test_a_task_sent_twice_is_one_task(stand_in: RunwareStandIn, provider: RunwareProvider) -> None:
    assert isinstance(provider.submit(REQUEST), Generated)
    assert provider.submit(REQUEST) == Pending(TASK, 2)
    assert isinstance(provider.poll(TASK), Generated)
    assert len(stand_in.paid) == 1


def test_a_task_that_never_ends_stays_pending(
    stand_in: RunwareStandIn, provider: RunwareProvider
) -> None:
    stand_in.script(["endless"])
    provider.submit(REQUEST)
    assert {provider.poll(TASK) for _ in range(5)} == {Pending(TASK, 2)}


@pytest.mark.parametrize(("scenario", "polls"), [("fails-later", 2), ("fails-singular", 1)])
def test_a_task_that_fails_in_the_background_is_refused(
    stand_in: RunwareStandIn, provider: RunwareProvider, scenario: str, polls: int
) -> None:
    stand_in.script([scenario])
    provider.submit(REQUEST)
    answers = [provider.poll(TASK) for _ in range(polls)]
    assert isinstance(answers[-1], Refused)
    assert (answers[-1].kind, answers[-1].cost) == ("transient", None)


@pytest.mark.parametrize(
    ("scenario", "waits"),
    [("poll-rate-limit", [3]), ("poll-unavailable", [2]), ("poll-html", [2, 2])],
)
def test_a_poll_that_goes_wrong_is_asked_again(
    stand_in: RunwareStandIn, provider: RunwareProvider, scenario: str, waits: list[int]
) -> None:
    stand_in.script([scenario])
    provider.submit(REQUEST)
    for wait in waits:
        assert provider.poll(TASK) == Pending(TASK, wait)
    assert isinstance(provider.poll(TASK), Generated)


def test_a_task_that_is_gone_while_polling_has_no_known_outcome(
    stand_in: RunwareStandIn, provider: RunwareProvider
) -> None:
    stand_in.script(["poll-gone"])
    provider.submit(REQUEST)
    assert isinstance(provider.poll(TASK), OutcomeUnknown)
    assert isinstance(provider.look_up(REQUEST), NotFound)


def test_a_key_revoked_while_polling_says_nothing_of_the_task(
    stand_in: RunwareStandIn, provider: RunwareProvider
) -> None:
    stand_in.script(["poll-auth"])
    provider.submit(REQUEST)
    assert isinstance(provider.poll(TASK), OutcomeUnknown)


def test_a_service_out_of_reach_is_asked_again(client: httpx.Client) -> None:
    with RunwareStandIn(KEY) as gone:
        provider = RunwareProvider(Credentials(KEY, gone.base_url), CARD, client)
    assert isinstance(provider.submit(REQUEST), Throttled)
    assert provider.poll(TASK) == Pending(TASK, 2)
    assert provider.look_up(REQUEST) == Pending(TASK, 2)


def test_a_key_that_cannot_be_sent_leaves_a_running_task_alone(client: httpx.Client) -> None:
    provider = RunwareProvider(Credentials("rw-line\nbreak"), CARD, client)
    assert isinstance(provider.submit(REQUEST), Refused)
    assert isinstance(provider.poll(TASK), OutcomeUnknown)


def test_an_id_of_another_version_is_sent_as_version_4_and_always_the_same(
    stand_in: RunwareStandIn, provider: RunwareProvider
) -> None:
    request = replace(REQUEST, request_id=str(uuid5(UUID(TASK), "attempt 1")))
    stand_in.script(["cut"])
    assert isinstance(provider.submit(request), OutcomeUnknown)
    assert isinstance(provider.look_up(request), Generated)
    sent = {task["taskUUID"] for recorded in stand_in.requests for task in recorded.json()}
    assert [UUID(task_id).version for task_id in sent] == [4]
