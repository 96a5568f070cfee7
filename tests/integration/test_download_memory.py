"""A large archive through the real adapters: bytes flow through S3's client and none are kept."""

import re
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from io import BytesIO
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders

from studio.adapters.s3.archives import PART_BYTES, S3Archives
from studio.adapters.s3.blobs import S3BlobStore
from studio.domain.downloads.model import Download
from studio.services.downloads.build_download import BuildDownload
from tests.support.builders import TENANT, a_job, an_asset, an_item
from tests.support.fakes.downloads import FakeDownloadStore
from tests.support.fakes.edges import START, FakeClock
from tests.support.fakes.renditions import FakeRenditionStore
from tests.support.fakes.stores import FakeAssetStore, Memory
from tests.support.mock_aws.stack import BUCKET, clients

FILES, EACH = 24, 13_000_000
CEILING = 40_000_000
_XML = "<Result><UploadId>u</UploadId><ETag>e</ETag></Result>"


class _Raw(BytesIO):
    """The body of an answer as botocore reads it."""

    def stream(self, **_: object) -> Iterator[bytes]:
        while data := self.read(65_536):
            yield data


@dataclass
class Wire:
    """Answers S3's requests without a network and counts what goes over it."""

    sent: int = 0
    read: int = 0
    parts: int = 0

    def answer(self, request: Any, **_: object) -> AWSResponse:
        query = parse_qs(urlsplit(request.url).query)
        if request.method == "GET":
            first, last = _text(request.headers["Range"]).removeprefix("bytes=").split("-")
            size = int(last) - int(first) + 1
            self.read += size
            return _response(request, 206, _Raw(bytes(size)))
        if request.method == "PUT":
            assert query["uploadId"] == ["u"]
            self.parts += 1
            size = int(_text(request.headers["X-Amz-Decoded-Content-Length"]))
            assert size <= PART_BYTES
            self.sent += size
            headers = {"ETag": '"e"', "x-amz-checksum-crc32": _trailing_checksum(request.body)}
            return _response(request, 200, _Raw(), **headers)
        assert request.method == "POST"
        return _response(request, 200, _Raw(_XML.encode()))


def _trailing_checksum(body: Any) -> str:
    """Take a body off the wire as a socket does, and return the checksum at its end."""
    end = b""
    while data := body.read(65_536):
        end = (end + data)[-100:]
    (found,) = re.findall(rb"x-amz-checksum-crc32:(\S+)", end)
    return str(found.decode())


def _text(value: str | bytes) -> str:
    return value.decode() if isinstance(value, bytes) else value


def _response(request: Any, status: int, raw: _Raw, **headers: str) -> AWSResponse:
    size = {"Content-Length": str(len(raw.getbuffer()))}
    found = HTTPHeaders()
    for name, value in {**size, **headers}.items():
        found[name] = value
    return AWSResponse(request.url, status, found, raw)


@contextmanager
def wired() -> Iterator[Wire]:
    wire = Wire()
    events: Any = clients().s3.meta.events
    events.register("before-send.s3", wire.answer)
    try:
        yield wire
    finally:
        events.unregister("before-send.s3", wire.answer)


@pytest.fixture
def order() -> tuple[Memory, Download]:
    memory = Memory()
    for number in range(1, FILES + 1):
        item = replace(an_item(a_job(), number), asset_id=f"ast_{number:026d}")
        asset = an_asset(item)
        asset = replace(asset, image=replace(asset.image, bytes=EACH))
        memory.assets[TENANT, asset.asset_id] = asset
    ids = tuple(sorted(asset_id for _, asset_id in memory.assets))
    return memory, Download(TENANT, "dwn_1", ids, "{index}", START, "ann")


def test_300_megabytes_pass_through_less_than_40(order: tuple[Memory, Download]) -> None:
    memory, value = order
    downloads = FakeDownloadStore()
    downloads.put(value)
    service = BuildDownload(
        downloads,
        FakeAssetStore(memory),
        FakeRenditionStore(memory),
        S3BlobStore(clients().s3, BUCKET),
        S3Archives(clients().s3, BUCKET),
        FakeClock(),
    )
    with wired() as wire:
        tracemalloc.start()
        try:
            assert service.run(TENANT, "dwn_1") == "ready"
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    made = downloads.get(TENANT, "dwn_1")
    assert made.packed == FILES
    assert wire.read == FILES * EACH > 300_000_000
    assert wire.sent == made.bytes > wire.read
    assert wire.parts == -(-made.bytes // PART_BYTES)
    assert peak < CEILING, peak
