"""Our calls to WaveSpeed, compared with those of the vendor's own SDK."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx
import pytest
import wavespeed

from studio.domain.provider_calls.model import (
    Generated,
    OutcomeUnknown,
    Pending,
    ProviderRequest,
    Refused,
    Throttled,
)
from tests.support.stand_ins.server import JSON, Recorded
from tests.support.stand_ins.wavespeed import WaveSpeedStandIn
from tests.support.vendors.wavespeed_requests import (
    AVATAR,
    EDIT,
    IDEOGRAM,
    INPAINT,
    KEY,
    VIDEO,
    WORDS,
    adapter,
    begun,
)

COMPARED_HEADERS = ("authorization", "accept", "content-type")
# What may differ, and why.
AGREED = {
    # The SDK accepts anything; we say that we read JSON only.
    "accept": ("application/json", "*/*"),
    # It says of a question, too, of what kind the body is that it has not.
    "content-type": (None, "application/json"),
}
# Besides, the SDK goes by a file's name for its type, and then calls a WAV file audio/x-wav.
SDK_TYPES = {"audio/x-wav": "audio/wav"}


@dataclass(frozen=True, slots=True)
class Sent:
    """The part of a request that is compared."""

    method: str
    path: str
    headers: Mapping[str, str | None]
    body: Any

    @classmethod
    def of(cls, request: Recorded) -> "Sent":
        headers = {name: request.headers.get(name) for name in COMPARED_HEADERS}
        kind = headers["content-type"]
        body: Any = request.body
        if kind == JSON and request.body:
            body = request.json()
            if "content_type" in body:
                named = body["content_type"]
                body["content_type"] = SDK_TYPES.get(named, named)
        headers["content-type"] = SDK_TYPES.get(str(kind), kind)
        return cls(request.method, request.path, headers, body)


def assert_agreed(ours: Sent, theirs: Sent) -> None:
    """Compare two requests; for storage, which sees no key, nothing may differ."""
    assert (ours.method, ours.path, ours.body) == (theirs.method, theirs.path, theirs.body)
    differing = {
        name: (ours.headers[name], theirs.headers[name])
        for name in COMPARED_HEADERS
        if ours.headers[name] != theirs.headers[name]
    }
    names = {"GET": {"accept", "content-type"}, "POST": {"accept"}}.get(ours.method, set())
    assert differing == {name: AGREED[name] for name in names}


def _sdk_inputs(
    sdk: wavespeed.Client, wanted: ProviderRequest, folder: Path, ours: Mapping[str, Any]
) -> dict[str, Any]:
    """Say the same in the words of the SDK, which leaves the inputs to the caller."""
    fields = {"image": "image", "mask": "mask_image", "audio": "audio"}
    said = {name: value for name, value in ours.items() if name not in fields.values()}
    for source in wanted.sources:
        path = folder / f"{source.role}.{source.media_type.partition('/')[2]}"
        path.write_bytes(source.data)
        said[fields[source.role]] = sdk.upload(str(path))
    return said


@pytest.mark.parametrize(
    "wanted",
    [WORDS, EDIT, INPAINT, IDEOGRAM, VIDEO, AVATAR],
    ids=["words", "picture", "mask", "ideogram", "video", "avatar"],
)
def test_the_same_requests(wanted: ProviderRequest, tmp_path: Path) -> None:
    with WaveSpeedStandIn(KEY) as server, httpx.Client(trust_env=False) as client:
        port = int(server.base_url.rpartition(":")[2])
        provider = adapter(server, client)
        mine = provider.poll(begun(provider, wanted))
        # The last one gets the result, which the SDK leaves to its caller.
        ours = list(server.requests)[:-1]
    body = ours[-2].json()
    with WaveSpeedStandIn(KEY, port) as server:
        sdk = wavespeed.Client(api_key=KEY, base_url=server.base_url, max_connection_retries=0)
        theirs = sdk.run(wanted.model, _sdk_inputs(sdk, wanted, tmp_path, body))
        official = list(server.requests)
        (url,) = theirs["outputs"]
        assert isinstance(mine, Generated)
        assert httpx.get(url, trust_env=False).content == mine.data

    assert len(ours) == len(official) == 2 * len(wanted.sources) + 2
    for one, other in zip(ours, official, strict=True):
        assert_agreed(Sent.of(one), Sent.of(other))


@pytest.mark.parametrize(
    "scenario",
    ["bad-request", "auth", "payment", "permission", "gone", "rate-limit", "server-error"],
)
def test_what_is_refused_is_refused_to_both(scenario: str) -> None:
    with WaveSpeedStandIn(KEY) as server, httpx.Client(trust_env=False) as client:
        server.script([scenario, scenario])
        mine = adapter(server, client).submit(WORDS)
        sdk = wavespeed.Client(api_key=KEY, base_url=server.base_url)
        with pytest.raises(RuntimeError, match="Failed to submit"):
            sdk.run(WORDS.model, {"prompt": "a house"})
    assert isinstance(mine, Refused | Throttled)


@pytest.mark.parametrize("scenario", ["cut", "no-id"])
def test_what_is_ambiguous_is_sent_again_by_neither(scenario: str) -> None:
    with WaveSpeedStandIn(KEY) as server, httpx.Client(trust_env=False) as client:
        server.script([scenario, scenario])
        mine = adapter(server, client).submit(WORDS)
        sdk = wavespeed.Client(api_key=KEY, base_url=server.base_url, max_retries=3)
        with pytest.raises(RuntimeError):
            sdk.run(WORDS.model, {"prompt": "a house"})
        assert len(server.requests) == 2
    assert isinstance(mine, OutcomeUnknown)


@pytest.mark.parametrize("scenario", ["failed", "moderated", "cancelled", "timed-out", "deleted"])
def test_an_end_without_a_result_is_one_to_both(scenario: str) -> None:
    with WaveSpeedStandIn(KEY) as server, httpx.Client(trust_env=False) as client:
        server.script([scenario, scenario])
        provider = adapter(server, client)
        mine = provider.poll(begun(provider, WORDS))
        sdk = wavespeed.Client(api_key=KEY, base_url=server.base_url)
        with pytest.raises(RuntimeError, match="Prediction"):
            sdk.run(WORDS.model, {"prompt": "a house"})
    assert isinstance(mine, Refused)


def test_what_is_under_way_is_so_to_both() -> None:
    with WaveSpeedStandIn(KEY) as server, httpx.Client(trust_env=False) as client:
        provider = adapter(server, client)
        handle = begun(provider, replace(WORDS, prompt="a house [[endless]]"))
        assert provider.poll(handle) == Pending(handle, 2)
        sdk = wavespeed.Client(api_key=KEY, base_url=server.base_url)
        assert sdk.get_result(f"{1:032x}")["data"]["status"] == "processing"
