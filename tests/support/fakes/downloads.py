"""DownloadStore and Archives in memory."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from studio.domain.downloads.model import OPEN, Download
from studio.errors import NotFoundError
from tests.support.fakes.edges import FakeBlobStore

Key = tuple[str, str]


@dataclass
class FakeDownloadStore:
    """DownloadStore; ``intruder`` is told of each move right before it."""

    downloads: dict[Key, Download] = field(default_factory=dict)
    history: list[Download] = field(default_factory=list)
    intruder: Callable[[Download], object] = lambda _: None

    def put(self, value: Download) -> None:
        self.downloads[value.tenant, value.download_id] = value

    def get(self, tenant: str, download_id: str) -> Download:
        if (tenant, download_id) not in self.downloads:
            raise NotFoundError(download_id)
        return self.downloads[tenant, download_id]

    def move(self, before: Download, after: Download) -> bool:
        self.intruder(after)
        now = self.get(before.tenant, before.download_id)
        if now.status not in OPEN or now.attempt_count != before.attempt_count:
            return False
        self.put(after)
        self.history.append(after)
        return True


@dataclass
class FakeSink:
    """Sink that keeps everything; from ``limit`` bytes on it fails."""

    limit: int | None = None
    data: bytearray = field(default_factory=bytearray)

    @property
    def size(self) -> int:
        return len(self.data)

    def write(self, data: bytes, /) -> int:
        if self.limit is not None and len(self.data) + len(data) > self.limit:
            raise ConnectionError("the part was not taken")
        self.data += data
        return len(data)

    def flush(self) -> None:
        pass


@dataclass
class FakeArchives:
    """Archives beside the blobs.

    Attributes:
        limit: From how many bytes on writing fails.
        begun, aborted: Keys that were begun, and of those the ones that were not kept.
    """

    blobs: FakeBlobStore
    limit: int | None = None
    begun: list[str] = field(default_factory=list)
    aborted: list[str] = field(default_factory=list)

    @contextmanager
    def writing(self, key: str, media_type: str) -> Iterator[FakeSink]:
        sink = FakeSink(self.limit)
        self.begun.append(key)
        try:
            yield sink
        except BaseException:
            self.aborted.append(key)
            raise
        self.blobs.write(key, bytes(sink.data), media_type)
