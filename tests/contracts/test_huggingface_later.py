"""Calls behind Hugging Face's router that take longer, and results that lie elsewhere."""

import json
from collections.abc import Iterator
from dataclasses import replace

import httpx
import pytest

from studio.adapters.web.guarded_http import GuardedClient
from studio.domain.provider_calls.model import (
    Credentials,
    Generated,
    OutcomeUnknown,
    Pending,
    ProviderOutcome,
    ProviderRequest,
    Refused,
)
from studio.money import UNKNOWN, Cost
from studio.providers.huggingface.adapter import HuggingFaceProvider
from tests.contracts.huggingface_requests import CARD, KEY, adapter, edit, words
from tests.support.stand_ins.huggingface import HuggingFaceStandIn

FAL, REPLICATE = edit("fal-ai"), words("replicate")
PRICES = {FAL.model: UNKNOWN, REPLICATE.model: Cost(3_000, "priced", "huggingface-2026-11-20")}


@pytest.fixture
def stand_in() -> Iterator[HuggingFaceStandIn]:
    with HuggingFaceStandIn(KEY) as server:
        yield server


@pytest.fixture(scope="module")
def client() -> Iterator[httpx.Client]:
    with httpx.Client(trust_env=False) as client:
        yield client


@pytest.fixture
def provider(stand_in: HuggingFaceStandIn, client: httpx.Client) -> HuggingFaceProvider:
    return adapter(stand_in, client)


@pytest.fixture(params=[FAL, REPLICATE], ids=["fal-ai", "replicate"])
def wish(request: pytest.FixtureRequest) -> ProviderRequest:
    asked: ProviderRequest = request.param
    return replace(asked, seed=7)


def pending(provider: HuggingFaceProvider, wish: ProviderRequest) -> str:
    """Send a request and return its handle."""
    answer = provider.submit(wish)
    assert isinstance(answer, Pending)
    assert answer.wait_seconds == 2
    return answer.handle


def test_a_call_that_was_taken_is_asked_for_until_it_is_done(
    stand_in: HuggingFaceStandIn, provider: HuggingFaceProvider, wish: ProviderRequest
) -> None:
    stand_in.script(["acknowledged 2"])
    handle = pending(provider, wish)
    assert [provider.poll(handle) for _ in range(2)] == [Pending(handle, 2)] * 2
    done = provider.poll(handle)
    assert isinstance(done, Generated)
    assert done.data.startswith(b"\x89PNG")
    (paid,) = stand_in.paid
    assert (done.cost, done.seed, done.provider_request_id) == (
        PRICES[wish.model], 7, paid.request_id,
    )  # fmt: skip


def test_the_handle_is_all_that_another_worker_needs(
    stand_in: HuggingFaceStandIn, client: httpx.Client, wish: ProviderRequest
) -> None:
    stand_in.script(["acknowledged"])
    handle = pending(adapter(stand_in, client), wish)
    assert len(handle) <= 1024
    assert KEY not in handle
    assert isinstance(adapter(stand_in, client).poll(handle), Generated)


def test_the_queue_is_asked_by_the_path_of_its_receipt(
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
    stand_in: HuggingFaceStandIn, provider: HuggingFaceProvider, wish: ProviderRequest
) -> None:
    stand_in.script(["foreign"])
    handle = pending(provider, wish)
    assert "foreign.example" not in handle
    assert isinstance(provider.poll(handle), Generated)


def test_a_call_that_cannot_be_asked_for_may_be_owed(
    stand_in: HuggingFaceStandIn, provider: HuggingFaceProvider, wish: ProviderRequest
) -> None:
    stand_in.script(["no-address"])
    answer = provider.submit(wish)
    assert isinstance(answer, Refused)
    assert answer.cost == UNKNOWN


@pytest.mark.parametrize(
    ("scenario", "waits"),
    [
        ("endless", [2, 2, 2]),
        ("poll-rate-limit", [3, 2]),
        ("poll-unavailable", [7, 2]),
        ("poll-html", [2]),
        ("poll-cut", [2]),
    ],
)
def test_a_question_that_fails_is_asked_again(
    stand_in: HuggingFaceStandIn,
    provider: HuggingFaceProvider,
    wish: ProviderRequest,
    scenario: str,
    waits: list[int],
) -> None:
    stand_in.script([scenario])
    handle = pending(provider, wish)
    assert [provider.poll(handle) for _ in waits] == [Pending(handle, wait) for wait in waits]
    if scenario != "endless":
        assert isinstance(provider.poll(handle), Generated)


def test_a_result_that_cannot_be_read_is_asked_for_again(
    stand_in: HuggingFaceStandIn, provider: HuggingFaceProvider
) -> None:
    stand_in.script(["result-html"])
    handle = pending(provider, FAL)
    assert provider.poll(handle) == Pending(handle, 2)
    assert isinstance(provider.poll(handle), Generated)


@pytest.mark.parametrize("scenario", ["poll-gone", "poll-auth"])
def test_a_question_that_is_refused_says_nothing_about_the_call(
    stand_in: HuggingFaceStandIn,
    provider: HuggingFaceProvider,
    wish: ProviderRequest,
    scenario: str,
) -> None:
    stand_in.script([scenario])
    assert isinstance(provider.poll(pending(provider, wish)), OutcomeUnknown)


def test_a_router_that_is_out_of_reach_is_asked_again(
    stand_in: HuggingFaceStandIn, client: httpx.Client, wish: ProviderRequest
) -> None:
    provider = adapter(stand_in, client)
    stand_in.script(["acknowledged"])
    handle = pending(provider, wish)
    with HuggingFaceStandIn(KEY) as gone:
        away = adapter(gone, client)
    assert away.poll(handle) == Pending(handle, 2)


def test_a_key_that_became_unsendable_leaves_the_outcome_unknown(
    stand_in: HuggingFaceStandIn, client: httpx.Client, wish: ProviderRequest
) -> None:
    stand_in.script(["acknowledged"])
    handle = pending(adapter(stand_in, client), wish)
    account = Credentials("hf_\nkey", stand_in.base_url)
    provider = HuggingFaceProvider(account, CARD, client, GuardedClient())
    assert isinstance(provider.poll(handle), OutcomeUnknown)


@pytest.mark.parametrize(
    ("scenario", "kind"), [("fails-later", "no_image"), ("fails-moderated", "moderation")]
)
def test_a_call_that_failed_ends_and_nobody_knows_what_it_costs(
    stand_in: HuggingFaceStandIn,
    provider: HuggingFaceProvider,
    wish: ProviderRequest,
    scenario: str,
    kind: str,
) -> None:
    stand_in.script([scenario])
    handle = pending(provider, wish)
    answers = [provider.poll(handle) for _ in range(2)]
    ended = answers[-1]
    assert isinstance(ended, Refused)
    assert (ended.kind, ended.cost) == (kind, UNKNOWN)
    assert ended.provider_request_id == json.loads(handle)["call_id"]


def test_a_black_picture_of_the_queue_is_moderation(
    stand_in: HuggingFaceStandIn, provider: HuggingFaceProvider
) -> None:
    stand_in.script(["nsfw"])
    answer = provider.poll(pending(provider, FAL))
    assert isinstance(answer, Refused)
    assert answer.kind == "moderation"


# Paid calls whose picture is to be downloaded: at once, or after a question.
FROM_ADDRESS = pytest.mark.parametrize(
    "bought", [words("fal-ai"), FAL, REPLICATE], ids=["fal-ai", "queue", "replicate"]
)


def buy(provider: HuggingFaceProvider, wish: ProviderRequest) -> ProviderOutcome:
    """Send a request, and ask once where it only goes to a queue."""
    return provider.poll(pending(provider, wish)) if wish is FAL else provider.submit(wish)


@FROM_ADDRESS
def test_a_download_that_fails_is_tried_again_and_nothing_is_bought_twice(
    stand_in: HuggingFaceStandIn, provider: HuggingFaceProvider, bought: ProviderRequest
) -> None:
    stand_in.script(["file-unavailable"])
    answer = buy(provider, bought)
    for _ in range(3):
        assert isinstance(answer, Pending)
        assert len(answer.handle) <= 1024
        # A call that can be asked about is: its picture may have another address by then.
        assert ("url" in json.loads(answer.handle)) == (bought == words("fal-ai"))
        answer = provider.poll(answer.handle)
    assert isinstance(answer, Generated)
    named = str(answer.provider_request_id).removeprefix("req-")
    assert [call.request_id for call in stand_in.paid] == [named]
    assert (answer.cost.micros or 0) == stand_in.paid[0].micros


@FROM_ADDRESS
@pytest.mark.parametrize("scenario", ["expired", "file-forbidden", "moved"])
def test_a_result_that_is_out_of_reach_is_owed_all_the_same(
    stand_in: HuggingFaceStandIn,
    provider: HuggingFaceProvider,
    bought: ProviderRequest,
    scenario: str,
) -> None:
    stand_in.script([scenario])
    answer = buy(provider, bought)
    assert isinstance(answer, Refused)
    assert answer.kind == "bad_answer"
    assert answer.cost is not None
    assert (answer.cost.micros or 0) == stand_in.paid[0].micros


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
    url = f"{stand_in.base_url}/files/{'a' * 1100}".replace("http://127.0.0.1", "https://gone.test")
    body = json.dumps({"images": [{"url": url}]}).encode()
    transport = httpx.MockTransport(lambda request: httpx.Response(200, content=body))
    with httpx.Client(transport=transport) as scripted:
        answer = adapter(stand_in, scripted, trusted=("gone.test",)).submit(words("fal-ai"))
    assert isinstance(answer, Refused)
    assert (answer.kind, answer.cost.micros if answer.cost else None) == ("bad_answer", 3_000)


@pytest.mark.parametrize("url", ["http://10.0.0.1/a", "file:///etc/passwd", "data:image/png,a", ""])
def test_an_address_that_nobody_should_call_is_not_called(
    stand_in: HuggingFaceStandIn, url: str
) -> None:
    body = json.dumps({"status": "succeeded", "output": [url]}).encode()
    transport = httpx.MockTransport(lambda request: httpx.Response(201, content=body))
    with httpx.Client(transport=transport) as scripted:
        answer = adapter(stand_in, scripted).submit(words("replicate"))
    assert isinstance(answer, Refused)
    assert not stand_in.requests
