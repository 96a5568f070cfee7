"""BuildDownload: memory does not grow with the archive, and archives may exceed 4 GiB."""

import io
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import IO, cast
from zipfile import ZipFile

import pytest

from studio.services.downloads.reading import PIECE_BYTES, PIECES_AHEAD
from tests.support.builders import TENANT
from tests.support.downloads import ID, DownloadBench
from tests.support.fakes.edges import FakeBlobStore

_END = 10_000


class EndlessBlobs(FakeBlobStore):
    """Every picture is as long as one asks for, and none is kept."""

    def part(self, key: str, at: int, size: int) -> bytes:
        return bytes(size)


@dataclass
class Drain:
    """Takes an archive and keeps the end of it."""

    size: int = 0
    end: bytes = b""

    def write(self, data: bytes, /) -> int:
        self.size += len(data)
        self.end = (self.end + data[-_END:])[-_END:]
        return len(data)

    def flush(self) -> None:
        pass


@dataclass
class Drains:
    """Archives that are not kept."""

    last: Drain = field(default_factory=Drain)

    @contextmanager
    def writing(self, key: str, media_type: str) -> Iterator[Drain]:
        yield self.last


class Ending(io.RawIOBase):
    """A long file of which only the end is known; before it are zeros."""

    def __init__(self, drain: Drain) -> None:
        self._drain = drain
        self._at = 0

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = 0) -> int:
        self._at = offset + {0: 0, 1: self._at, 2: self._drain.size}[whence]
        return self._at

    def tell(self) -> int:
        return self._at

    def read(self, size: int = -1) -> bytes:
        start = self._at - (self._drain.size - len(self._drain.end))
        assert start >= 0
        data = self._drain.end[start:] if size < 0 else self._drain.end[start : start + size]
        self._at += len(data)
        return data


def packed_peak(files: int, each: int, drains: Drains | None = None) -> tuple[int, int]:
    """Pack so many files of so many bytes; return the archive's size and the peak of memory."""
    bench = DownloadBench()
    assets = [bench.picture(b"") for _ in range(files)]
    for asset in assets:
        known = bench.memory.assets
        known[TENANT, asset.asset_id] = replace(asset, image=replace(asset.image, bytes=each))
    bench.order(*assets)
    service = replace(bench.service, blobs=EndlessBlobs(), archives=drains or Drains())
    tracemalloc.start()
    try:
        assert service.run(TENANT, ID) == "ready"
        return bench.now.bytes, tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_memory_does_not_grow_with_the_archive() -> None:
    few, less = packed_peak(files=2, each=25_000_000)
    many, peak = packed_peak(files=12, each=25_000_000)
    assert (few // 50_000_000, many // 300_000_000) == (1, 1)
    assert peak < less + PIECE_BYTES
    assert peak < (PIECES_AHEAD + 4) * PIECE_BYTES


@pytest.mark.slow
def test_an_archive_of_more_than_four_gibibytes_is_written() -> None:
    drains = Drains()
    size, _ = packed_peak(files=3, each=1_500_000_000, drains=drains)
    assert size > 2**32
    with ZipFile(cast("IO[bytes]", Ending(drains.last))) as archive:
        found = [(info.filename, info.file_size) for info in archive.infolist()]
        last = archive.getinfo("manifest.csv")
    assert found[2] == ("003-image 3.webp", 1_500_000_000)
    assert (len(found), last.header_offset > 2**32) == (4, True)
