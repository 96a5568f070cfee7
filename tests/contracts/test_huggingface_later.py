"""Queued calls behind Hugging Face's router, and results at other hosts."""

import json
from collections.abc import Iterator
from dataclasses import replace

import httpx
import pytest

from studio.domain.provider_calls.model import (
    Generated,
    Pending,
    ProviderOutcome,
    ProviderRequest,
    Refused,
)
from studio.money import UNKNOWN
from studio.providers.huggingface.adapter import HuggingFaceProvider
from tests.support.stand_ins.huggingface import HuggingFaceStandIn
from tests.support.vendors.huggingface_requests import KEY, adapter, edit, words
from tests.support.vendors.suite import finish

FAL, REPLICATE = edit("fal-ai"), words("replicate")


@pytest.fixture
def stand_in() -> Iterator[HuggingFaceStandIn]:
    with HuggingFaceStandIn(KEY) as server:
        yield server


@pytest.fixture
def provider(stand_in: HuggingFaceStandIn, client: httpx.Client) -> HuggingFaceProvider:
    return adapter(stand_in, client)


@pytest.fixture(params=[FAL, REPLICATE], ids=["fal-ai", "replicate"])
def wanted(request: pytest.FixtureRequest) -> ProviderRequest:
    asked: ProviderRequest = request.param
    return replace(asked, seed=7)


def pending(provider: HuggingFaceProvider, wanted: ProviderRequest) -> str:
    """Send a request and return its handle."""
    outcome = provider.submit(wanted)
    assert isinstance(outcome, Pending)
    assert outcome.wait_seconds == 2
    return outcome.handle


def test_the_queue_is_polled_by_the_path_in_its_response(
    stand_in: HuggingFaceStandIn, provider: HuggingFaceProvider
) -> None:
    provider.poll(pending(provider, FAL))
    call = stand_in.paid[0].request_id
    path = f"/fal-ai/fal-ai/flux-kontext/requests/{call}"
    asked = [it.path for it in stand_in.requests if it.method == "GET"]
    assert asked == [
        f"{path}/status?_subdomain=queue", f"{path}?_subdomain=queue", f"/files/{call}",
    ]  # fmt: skip


def test_the_key_goes_to_the_router_whatever_host_an_answer_names(
    stand_in: HuggingFaceStandIn, provider: HuggingFaceProvider, wanted: ProviderRequest
) -> None:
    stand_in.script(["foreign"])
    handle = pending(provider, wanted)
    assert "foreign.example" not in handle
    assert isinstance(provider.poll(handle), Generated)


def test_a_call_that_cannot_be_asked_for_may_be_owed(
    stand_in: HuggingFaceStandIn, provider: HuggingFaceProvider, wanted: ProviderRequest
) -> None:
    stand_in.script(["no-address"])
    outcome = provider.submit(wanted)
    assert isinstance(outcome, Refused)
    assert outcome.cost == UNKNOWN


def test_a_result_that_cannot_be_read_is_asked_for_again(
    stand_in: HuggingFaceStandIn, provider: HuggingFaceProvider
) -> None:
    stand_in.script(["result-html"])
    handle = pending(provider, FAL)
    assert provider.poll(handle) == Pending(handle, 2)
    assert isinstance(provider.poll(handle), Generated)


# Paid calls whose picture is to be downloaded: at once, or after a question.
FROM_ADDRESS = pytest.mark.parametrize(
    "bought", [words("fal-ai"), FAL, REPLICATE], ids=["fal-ai", "queue", "replicate"]
)


def buy(provider: HuggingFaceProvider, wanted: ProviderRequest) -> ProviderOutcome:
    """Send a request, and ask once unless the response leads to the picture at once."""
    outcome = provider.submit(wanted)
    if wanted is REPLICATE:
        return outcome
    assert isinstance(outcome, Pending)
    return provider.poll(outcome.handle)


@FROM_ADDRESS
def test_a_download_that_fails_is_tried_again_and_nothing_is_bought_twice(
    stand_in: HuggingFaceStandIn, provider: HuggingFaceProvider, bought: ProviderRequest
) -> None:
    stand_in.script(["file-unavailable"])
    outcome = buy(provider, bought)
    for _ in range(3):
        assert isinstance(outcome, Pending)
        assert len(outcome.handle) <= 1024
        # A call that can be asked about is: its picture may have another address by then.
        assert ("result" in json.loads(outcome.handle)) == (bought == words("fal-ai"))
        outcome = provider.poll(outcome.handle)
    assert isinstance(outcome, Generated)
    named = str(outcome.provider_request_id).removeprefix("req-")
    assert [call.request_id for call in stand_in.paid] == [named]
    assert (outcome.cost.micros or 0) == stand_in.paid[0].micros


@FROM_ADDRESS
def test_a_result_that_moved_out_of_reach_for_a_while_is_kept(
    stand_in: HuggingFaceStandIn, provider: HuggingFaceProvider, bought: ProviderRequest
) -> None:
    stand_in.script(["moved"])
    outcome = finish(provider, buy(provider, bought))
    assert isinstance(outcome, Generated)
    assert (outcome.cost.micros or 0) == stand_in.paid[0].micros


@FROM_ADDRESS
def test_a_result_that_moved_is_followed_without_the_key(
    stand_in: HuggingFaceStandIn, client: httpx.Client, bought: ProviderRequest
) -> None:
    provider = adapter(stand_in, client, trusted=("127.0.0.1", "localhost"))
    stand_in.script(["moved"])
    assert isinstance(buy(provider, bought), Generated)
    *_, first, second = stand_in.requests
    assert [it.headers["host"].partition(":")[0] for it in (first, second)] == [
        "localhost", "127.0.0.1",
    ]  # fmt: skip
    assert not any("authorization" in it.headers for it in (first, second))


def test_an_address_too_long_to_keep_is_owed_at_once(
    stand_in: HuggingFaceStandIn, client: httpx.Client
) -> None:
    url = f"{stand_in.base_url}/files/{'a' * 4096}".replace("http://127.0.0.1", "https://gone.test")
    body = json.dumps({"images": [{"url": url}]}).encode()
    transport = httpx.MockTransport(lambda request: httpx.Response(200, content=body))
    with httpx.Client(transport=transport) as scripted:
        outcome = adapter(stand_in, scripted, trusted=("gone.test",)).submit(words("fal-ai"))
    assert isinstance(outcome, Refused)
    assert (outcome.kind, outcome.cost.micros if outcome.cost else None) == ("bad_answer", 3_000)


@pytest.mark.parametrize("url", ["http://10.0.0.1/a", "file:///etc/passwd", "data:image/png,a", ""])
def test_a_private_or_local_url_is_not_called(stand_in: HuggingFaceStandIn, url: str) -> None:
    body = json.dumps({"status": "succeeded", "output": [url]}).encode()
    transport = httpx.MockTransport(lambda request: httpx.Response(201, content=body))
    with httpx.Client(transport=transport) as scripted:
        provider = adapter(stand_in, scripted)
        outcome = finish(provider, provider.submit(words("replicate")))
    assert isinstance(outcome, Refused)
    assert not stand_in.requests
