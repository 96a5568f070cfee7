"""Runware tasks by our own id: polled, sent twice, unknown to the service."""

from collections.abc import Iterator
from dataclasses import replace
from uuid import UUID, uuid5

import httpx
import pytest

from studio.adapters.web.guarded_http import GuardedClient
from studio.domain.catalogue.catalogue import provider_card
from studio.domain.provider_calls.model import (
    Credentials,
    Generated,
    NotFound,
    OutcomeUnknown,
    Pending,
    ProviderRequest,
)
from studio.providers.runware.adapter import RunwareProvider
from tests.support.stand_ins.runware import RunwareStandIn
from tests.support.vendors.runware_requests import EDITS, FROM_IMAGE, FROM_TEXT, IDS, KEY, TASK

CARD = provider_card("runware")


@pytest.fixture
def stand_in() -> Iterator[RunwareStandIn]:
    with RunwareStandIn(KEY) as server:
        yield server


@pytest.fixture
def provider(stand_in: RunwareStandIn, client: httpx.Client) -> RunwareProvider:
    return RunwareProvider(Credentials(KEY, stand_in.base_url), CARD, client, GuardedClient)


def test_a_poll_names_the_task_only(stand_in: RunwareStandIn, provider: RunwareProvider) -> None:
    stand_in.script(["acknowledged"])
    assert provider.submit(FROM_TEXT) == Pending(TASK, 2)
    assert isinstance(provider.poll(TASK), Generated)
    assert stand_in.requests[-1].json() == [{"taskType": "getResponse", "taskUUID": TASK}]


EACH = [FROM_TEXT, FROM_IMAGE, *(request for request, _, _ in EDITS)]


@pytest.mark.parametrize("wanted", EACH, ids=["words", "picture", *IDS])
def test_a_request_that_never_arrives_is_not_found(
    stand_in: RunwareStandIn, provider: RunwareProvider, wanted: ProviderRequest
) -> None:
    stand_in.script(["lost"])
    assert isinstance(provider.submit(wanted), OutcomeUnknown)
    assert isinstance(provider.look_up(wanted), NotFound)
    assert stand_in.paid == []


def test_a_search_that_does_not_reach_the_service_is_repeated(client: httpx.Client) -> None:
    with RunwareStandIn(KEY) as gone:
        provider = RunwareProvider(Credentials(KEY, gone.base_url), CARD, client, GuardedClient)
    assert provider.look_up(FROM_TEXT) == Pending(TASK, 2)


def test_a_task_sent_twice_is_one_task(stand_in: RunwareStandIn, provider: RunwareProvider) -> None:
    assert isinstance(provider.submit(FROM_TEXT), Generated)
    assert provider.submit(FROM_TEXT) == Pending(TASK, 2)
    assert isinstance(provider.poll(TASK), Generated)
    assert len(stand_in.paid) == 1


def test_a_task_that_is_gone_while_polling_has_no_known_outcome(
    stand_in: RunwareStandIn, provider: RunwareProvider
) -> None:
    stand_in.script(["poll-gone"])
    provider.submit(FROM_TEXT)
    assert isinstance(provider.poll(TASK), OutcomeUnknown)
    assert isinstance(provider.look_up(FROM_TEXT), NotFound)


def test_an_id_of_another_version_is_sent_as_version_4_and_always_the_same(
    stand_in: RunwareStandIn, provider: RunwareProvider
) -> None:
    request = replace(FROM_TEXT, request_id=str(uuid5(UUID(TASK), "attempt 1")))
    stand_in.script(["cut"])
    assert isinstance(provider.submit(request), OutcomeUnknown)
    assert isinstance(provider.look_up(request), Generated)
    sent = {task["taskUUID"] for recorded in stand_in.requests for task in recorded.json()}
    assert [UUID(task_id).version for task_id in sent] == [4]
