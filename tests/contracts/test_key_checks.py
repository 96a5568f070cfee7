"""Tests of provider keys: the free call of each vendor, and what its answers mean."""

from collections.abc import Iterator

import pytest

from studio.domain.catalogue.catalogue import keyed_providers
from studio.domain.catalogue.entries import provider_ids
from studio.domain.provider_calls.model import Credentials
from studio.providers.key_checks import check_key
from studio.providers.shared.http import shared_client
from tests.support.stand_ins.free_calls import FREE_CALLS, FreeCallsStandIn


@pytest.fixture(autouse=True)
def connections() -> Iterator[None]:
    yield
    shared_client().close()
    shared_client.cache_clear()


KEYED = keyed_providers(provider_ids())
each_provider = pytest.mark.parametrize("provider", KEYED)


@each_provider
def test_a_good_key_is_ok_and_a_wrong_one_is_refused(provider: str) -> None:
    with FreeCallsStandIn(provider) as server:
        good = check_key(provider, Credentials(server.api_key, server.base_url))
        wrong = check_key(provider, Credentials("planted-wrong-key", server.base_url))
    assert (good.outcome, wrong.outcome) == ("ok", "refused")
    assert "planted" not in good.detail + wrong.detail
    assert {(one.method, one.path) for one in server.requests} == {FREE_CALLS[provider]}
    assert server.paid == []


@pytest.mark.parametrize(
    ("status", "outcome"),
    [(403, "refused"), (404, "untested"), (429, "unreachable"), (503, "unreachable"),
     (302, "unreachable"), (400, "unreachable")],
)  # fmt: skip
def test_other_answers_of_a_gateway(status: int, outcome: str) -> None:
    with FreeCallsStandIn("openai") as server:
        server.status = status
        found = check_key("openai", Credentials(server.api_key, server.base_url))
    assert found.outcome == outcome
    assert (str(status) in found.detail, server.api_key in found.detail) == (True, False)


def test_a_provider_that_is_not_there_is_unreachable() -> None:
    with FreeCallsStandIn("openai") as server:
        address = server.base_url
    found = check_key("openai", Credentials("planted-key-0123", address))
    assert (found.outcome, found.detail) == ("unreachable", "OpenAI Images did not answer.")


def test_a_provider_without_a_free_call_is_untested() -> None:
    found = check_key("bedrock", Credentials(""))
    assert found.outcome == "untested"


@pytest.mark.parametrize("key", ["a\nb", "schlüssel"])
def test_a_key_that_cannot_be_sent_is_refused(key: str) -> None:
    found = check_key("openai", Credentials(key))
    assert found.outcome == "refused"
    assert key not in found.detail
