"""Files that do not reach WaveSpeed: no call begins and nothing is owed."""

from collections.abc import Iterator
from dataclasses import replace

import httpx
import pytest

from studio.adapters.web.guarded_http import GuardedClient
from studio.domain.provider_calls.model import (
    Credentials,
    Pending,
    ProviderRequest,
    Refused,
    Throttled,
)
from studio.domain.provider_calls.source_file import SourceFile
from studio.providers.wavespeed.adapter import WaveSpeedProvider
from tests.support.stand_ins.wavespeed import WaveSpeedStandIn
from tests.support.vendors.wavespeed_requests import AVATAR, CARD, EDIT, INPAINT, KEY, adapter


@pytest.fixture
def stand_in() -> Iterator[WaveSpeedStandIn]:
    with WaveSpeedStandIn(KEY) as server:
        yield server


@pytest.fixture
def provider(stand_in: WaveSpeedStandIn, client: httpx.Client) -> WaveSpeedProvider:
    return adapter(stand_in, client)


@pytest.mark.parametrize("wanted", [EDIT, INPAINT, AVATAR], ids=["image", "mask", "audio"])
@pytest.mark.parametrize(
    ("scenario", "answer"),
    [
        ("upload-auth", ("auth", None)),
        ("upload-rate-limit", ("rate_limit", 3)),
        ("upload-gone", ("transient", None)),
        ("upload-unavailable", ("transient", None)),
        ("upload-cut", ("transient", None)),
        ("upload-html", ("transient", None)),
        ("upload-no-ticket", ("transient", None)),
        ("upload-unsafe", ("transient", None)),
        ("upload-bad-header", ("transient", None)),
        ("store-forbidden", ("transient", None)),
        ("store-unavailable", ("transient", None)),
        ("store-cut", ("transient", None)),
        ("store-too-large", ("validation", None)),
    ],
)
def test_a_file_that_does_not_arrive(
    stand_in: WaveSpeedStandIn,
    provider: WaveSpeedProvider,
    wanted: ProviderRequest,
    scenario: str,
    answer: tuple[str, int | None],
) -> None:
    stand_in.script([scenario])
    said = provider.submit(wanted)
    if isinstance(said, Throttled):
        assert (said.kind, said.retry_after) == answer
    else:
        assert isinstance(said, Refused)
        assert (said.kind, said.cost) == answer
    assert stand_in.paid == []
    assert not any(request.path == f"/api/v3/{wanted.model}" for request in stand_in.requests)
    # Another try goes through.
    assert isinstance(provider.submit(wanted), Pending)


@pytest.mark.parametrize(
    ("media_type", "data", "name"),
    [
        ("image/png", EDIT.sources[0].data, "image.png"),
        ("image/jpeg", b"\xff\xd8\xff", "image.jpg"),
        ("image/webp", b"RIFF....WEBP", "image.webp"),
    ],
)
def test_a_file_is_announced_as_what_it_is(
    stand_in: WaveSpeedStandIn,
    provider: WaveSpeedProvider,
    media_type: str,
    data: bytes,
    name: str,
) -> None:
    provider.submit(replace(EDIT, sources=(SourceFile(data, media_type, 300, 320),)))
    assert stand_in.requests[0].json() == {
        "filename": name, "size": len(data), "content_type": media_type,
    }  # fmt: skip
    assert stand_in.requests[1].media_type == media_type


@pytest.mark.parametrize(
    ("url", "headers"),
    [
        ("http://files.example/1", {}),
        ("https://169.254.169.254/1", {}),
        ("https://internal.example/1", {}),
        ("https://files.example:8443/1", {}),
        ("https://files.example/1", {"x-naïve": "1"}),
        ("https://files.example/1", {"x-odd\r\nx-other": "1"}),
        ("https://files.example/1", {"": "1"}),
        ("https://files.example/1", {"Host": "internal.example"}),
        ("https://files.example/1", {"content-length": "1"}),
        ("https://files.example/1", {"Transfer-Encoding": "chunked"}),
    ],
)
def test_bytes_go_nowhere_that_is_not_safe(url: str, headers: dict[str, str]) -> None:
    asked: list[httpx.Request] = []
    ticket = {
        "upload": {"method": "PUT", "url": url, "headers": headers},
        "download_url": "https://files.example/1",
    }

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(200, json={"code": 200, "data": ticket})

    with httpx.Client(transport=httpx.MockTransport(answer)) as client:
        provider = WaveSpeedProvider(
            Credentials(KEY), CARD, client, lambda: GuardedClient(resolve=_known)
        )
        assert isinstance(provider.submit(EDIT), Throttled)
    assert [str(request.url) for request in asked] == [
        "https://api.wavespeed.ai/api/v3/media/uploads"
    ]


def _known(host: str, port: int) -> list[str]:
    return {
        "files.example": ["93.184.215.14"],
        "internal.example": ["10.0.0.7"],
        "169.254.169.254": ["169.254.169.254"],
    }[host]
