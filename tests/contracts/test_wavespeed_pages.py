"""The search for a lost call to WaveSpeed in a list of several pages."""

import json
import time
from collections.abc import Callable

import httpx
import pytest

from studio.adapters.web.guarded_http import GuardedClient
from studio.domain.provider_calls.model import Credentials, OutcomeUnknown, Pending, ProviderOutcome
from studio.providers.wavespeed.adapter import WaveSpeedProvider
from tests.support.vendors.wavespeed_requests import CARD, KEY, OWN_SEED, WORDS

OTHERS = [{"id": "other", "model": WORDS.model, "input": {"seed": 1, "prompt": WORDS.prompt}}] * 100
OURS = {"id": "ours", "model": WORDS.model, "input": {"seed": OWN_SEED, "prompt": WORDS.prompt}}


def searched(
    total: object, our_page: int, asked: list[int], took: Callable[[], None] = lambda: None
) -> ProviderOutcome:
    """Return the outcome of a search in a list that has our call on one of its pages."""

    def answer(request: httpx.Request) -> httpx.Response:
        took()
        query = json.loads(request.content)
        asked.append(query["page"])
        items = [OURS] if query["page"] == our_page else OTHERS
        document = {"page": query["page"], "total": total, "items": items}
        return httpx.Response(200, json={"code": 200, "message": "success", "data": document})

    with httpx.Client(transport=httpx.MockTransport(answer)) as client:
        account = Credentials(KEY, "http://vendor.test")
        return WaveSpeedProvider(account, CARD, client, GuardedClient).look_up(WORDS)


@pytest.mark.parametrize(("total", "page"), [(101, 2), (250, 3), (1_000, 1)])
def test_the_next_page_is_read_until_the_call_is_found(total: int, page: int) -> None:
    asked: list[int] = []
    outcome = searched(total, page, asked)
    assert isinstance(outcome, Pending)
    assert json.loads(outcome.handle)["id"] == "ours"
    assert asked == list(range(1, page + 1))


@pytest.mark.parametrize(
    ("total", "pages"), [(0, 1), (100, 1), (200, 2), (10**9, 20), (None, 1), ("900", 1), (True, 1)]
)
def test_the_search_ends_with_the_list_or_after_twenty_pages(total: object, pages: int) -> None:
    asked: list[int] = []
    outcome = searched(total, 99, asked)
    assert isinstance(outcome, Pending)
    assert outcome.wait_seconds == 15
    assert asked == list(range(1, pages + 1))


def test_the_search_has_no_more_time_than_one_request(monkeypatch: pytest.MonkeyPatch) -> None:
    clock, asked = [0.0], list[int]()
    monkeypatch.setattr(time, "monotonic", lambda: clock[0])

    def took() -> None:
        clock[0] += 11

    assert not isinstance(searched(10**9, 99, asked, took), OutcomeUnknown)
    assert asked == [1, 2, 3]
