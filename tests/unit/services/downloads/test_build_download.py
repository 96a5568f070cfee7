"""BuildDownload: every file once, whole, named; whatever is gone, repeated or dies meanwhile."""

import csv
import hashlib
import io
import tracemalloc
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import IO, cast
from zipfile import ZIP_STORED, ZipFile

import pytest

from studio.domain.assets.model import Asset, StoredImage, asset_key
from studio.domain.downloads.model import MAX_TRIES, Download
from studio.domain.renditions.model import Rendition, RenditionSpec
from studio.errors import NotFoundError
from studio.services.downloads.build_download import BuildDownload
from studio.services.downloads.reading import PIECE_BYTES, PIECES_AHEAD
from tests.support.builders import TENANT, a_job, an_asset, an_item
from tests.support.fakes.downloads import FakeArchives, FakeDownloadStore
from tests.support.fakes.edges import START, FakeBlobStore, FakeClock
from tests.support.fakes.renditions import FakeRenditionStore
from tests.support.fakes.stores import FakeAssetStore, Memory

_END = 10_000
ID = "dwn_01KB9S4C5QXR0T8W2YH6M3N7PZ"


def ulid(number: int) -> str:
    return f"ast_{number:026d}"


@dataclass
class Harness:
    """A tenant's pictures and what packs them."""

    memory: Memory = field(default_factory=Memory)
    blobs: FakeBlobStore = field(default_factory=FakeBlobStore)
    downloads: FakeDownloadStore = field(default_factory=FakeDownloadStore)
    clock: FakeClock = field(default_factory=FakeClock)
    archives: FakeArchives = field(init=False)

    def __post_init__(self) -> None:
        self.archives = FakeArchives(self.blobs)

    def picture(self, data: bytes, **changes: object) -> Asset:
        """Store a picture."""
        number = len(self.memory.assets) + 1
        item = replace(an_item(a_job(), number), asset_id=ulid(number))
        key = asset_key(TENANT, item.asset_id, "image", "webp")
        image = StoredImage(key, "image/webp", len(data), 64, 48, hashlib.sha256(data).hexdigest())
        asset = replace(an_asset(item), image=image, **changes)  # type: ignore[arg-type]
        self.memory.assets[TENANT, asset.asset_id] = asset
        self.blobs.write(key, data, "image/webp")
        return asset

    def file(self, asset: Asset, name: str, data: bytes | None) -> None:
        """Store a file that was made of a picture; None for one that could not be made."""
        file = None
        if data is not None:
            key = asset_key(TENANT, asset.asset_id, f"renditions/{name}", "jpg")
            file = replace(asset.image, key=key, bytes=len(data))
            self.blobs.write(key, data, "image/jpeg")
        made = Rendition("rendition", RenditionSpec(name), file)
        assert FakeRenditionStore(self.memory).add(TENANT, asset.asset_id, made)

    def order(self, *assets: Asset, **changes: object) -> Download:
        """Order an archive of pictures."""
        ids = tuple(asset.asset_id for asset in assets)
        value = Download(TENANT, ID, ids, "{index:03}-{label}", START, "ann")
        value = replace(value, **changes)  # type: ignore[arg-type]
        self.downloads.put(value)
        return value

    @property
    def service(self) -> BuildDownload:
        return BuildDownload(
            self.downloads,
            FakeAssetStore(self.memory),
            FakeRenditionStore(self.memory),
            self.blobs,
            self.archives,
            self.clock,
        )

    @property
    def now(self) -> Download:
        return self.downloads.get(TENANT, ID)

    def archive(self) -> dict[str, bytes]:
        """Read the archive back, each file's checksum compared."""
        with ZipFile(io.BytesIO(self.blobs.blobs[self.now.key].data)) as found:
            assert found.testzip() is None
            return {name: found.read(name) for name in found.namelist()}


def manifest(files: Mapping[str, bytes]) -> list[dict[str, str]]:
    text = files["manifest.csv"].decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_pictures_are_packed_as_they_are_in_the_order_asked_for() -> None:
    bench = Harness()
    large = bytes(range(256)) * 12_000
    assert len(large) > PIECE_BYTES
    assets = [bench.picture(data) for data in (b"first", large, b"third")]
    bench.order(*assets[::-1])

    assert bench.service.run(TENANT, ID) == "ready"

    files = bench.archive()
    assert list(files) == [
        "001-image 3.webp",
        "002-image 2.webp",
        "003-image 1.webp",
        "manifest.csv",
    ]
    assert list(files.values())[:3] == [b"third", large, b"first"]
    rows = manifest(files)
    assert [row["file"] for row in rows] == list(files)[:3]
    for row in rows:
        assert hashlib.sha256(files[row["file"]]).hexdigest() == row["sha256"]
    now = bench.now
    assert (now.status, now.tries, now.packed, now.missing) == ("ready", 1, 3, ())
    assert now.bytes == len(bench.blobs.blobs[now.key].data)
    assert bench.blobs.blobs[now.key].media_type == "application/zip"
    assert now.finished_at == START


def test_files_are_stored_readable_and_dated() -> None:
    bench = Harness()
    bench.order(bench.picture(b"first", label="Füchse"))
    bench.service.run(TENANT, ID)
    with ZipFile(io.BytesIO(bench.blobs.blobs[bench.now.key].data)) as found:
        for info in found.infolist():
            assert info.compress_type == ZIP_STORED
            assert info.date_time == (2026, 11, 20, 12, 0, 0)
            assert info.external_attr >> 16 == 0o644
        assert found.namelist() == ["001-Füchse.webp", "manifest.csv"]


def test_a_picture_comes_with_its_files_in_the_order_of_their_names() -> None:
    bench = Harness()
    both, bare = bench.picture(b"both", label="Fox"), bench.picture(b"bare", label=None)
    for name, data in (("mobile", b"small"), ("desktop", b"large"), ("lost", None)):
        bench.file(both, name, data)
    bench.order(both, bare, files="all", naming="{index:03}-{label}/{rendition}")

    assert bench.service.run(TENANT, ID) == "ready"

    files = bench.archive()
    assert list(files) == [
        "001-Fox/image.webp",
        "001-Fox/desktop.jpg",
        "001-Fox/mobile.jpg",
        "002/image.webp",
        "manifest.csv",
    ]
    assert list(files.values())[:4] == [b"both", b"large", b"small", b"bare"]
    rows = [(row["file"], row["rendition"]) for row in manifest(files)]
    assert rows == list(zip(list(files)[:4], ["", "desktop", "mobile", ""], strict=True))
    assert (bench.now.packed, bench.now.missing) == (4, ())


def test_of_renditions_a_picture_without_any_is_not_missing_and_a_gone_file_is() -> None:
    bench = Harness()
    assets = [bench.picture(b"%d" % number) for number in range(4)]
    _, bare, torn, gone = assets
    for asset in (assets[0], torn):
        bench.file(asset, "a", b"first")
        bench.file(asset, "b", b"second")
    bench.file(gone, "a", b"first")
    bench.order(*assets, files="renditions", naming="{index}-{rendition}")
    del bench.memory.assets[TENANT, gone.asset_id]
    del bench.blobs.blobs[asset_key(TENANT, torn.asset_id, "renditions/b", "jpg")]

    assert bench.service.run(TENANT, ID) == "ready"

    files = bench.archive()
    assert list(files) == ["1-a.jpg", "1-b.jpg", "3-a.jpg", "manifest.csv"]
    assert bench.now.missing == (gone.asset_id, torn.asset_id)
    assert bare.asset_id not in files["manifest.csv"].decode()


@dataclass
class CountedRenditions(FakeRenditionStore):
    """Remembers of how many assets it was asked at once."""

    asked: list[int] = field(default_factory=list)

    def of_assets(
        self, tenant: str, asset_ids: Collection[str]
    ) -> Mapping[str, Sequence[Rendition]]:
        self.asked.append(len(asset_ids))
        return super().of_assets(tenant, asset_ids)


@pytest.mark.parametrize(("wanted", "asked"), [("all", [100, 100, 30]), ("image", [])])
def test_files_are_looked_up_in_groups_and_only_where_they_are_wanted(
    wanted: str, asked: list[int]
) -> None:
    bench = Harness()
    assets = [bench.picture(b"x") for _ in range(230)]
    for asset in assets:
        bench.file(asset, "a", b"y")
    bench.order(*assets, files=wanted)
    renditions = CountedRenditions(bench.memory)
    assert replace(bench.service, renditions=renditions).run(TENANT, ID) == "ready"
    assert renditions.asked == asked
    assert bench.now.packed == (460 if asked else 230)


def test_what_is_gone_is_named_and_fails_nothing_else() -> None:
    bench = Harness()
    assets = [bench.picture(f"picture {number}".encode() * 9) for number in range(1, 5)]
    bench.order(*assets)
    del bench.memory.assets[TENANT, assets[0].asset_id]
    del bench.blobs.blobs[assets[1].image.key]
    bench.blobs.write(assets[3].image.key, b"shorter", "image/webp")

    assert bench.service.run(TENANT, ID) == "ready"

    files = bench.archive()
    assert list(files) == ["003-image 3.webp", "manifest.csv"]
    gone = tuple(assets[number].asset_id for number in (0, 1, 3))
    assert (bench.now.missing, bench.now.packed) == (gone, 1)
    rows = manifest(files)
    assert [(row["asset_id"], row["missing"]) for row in rows[1:]] == [
        (asset_id, "missing") for asset_id in gone
    ]


def test_many_pictures_come_in_groups_and_tell_how_far_they_are() -> None:
    bench = Harness()
    assets = [bench.picture(b"%d" % number, label=None) for number in range(230)]
    bench.order(*assets)
    bench.service.run(TENANT, ID)
    assert len(bench.archive()) == 231
    told = [value.packed for value in bench.downloads.history]
    assert told == [0, *range(25, 226, 25), 230]


@pytest.mark.parametrize("status", ["ready", "failed"])
def test_a_repeat_after_the_end_changes_nothing(status: str) -> None:
    bench = Harness()
    bench.order(bench.picture(b"first"), status=status, tries=1)
    assert bench.service.run(TENANT, ID) == status
    assert bench.downloads.history == []


def test_a_download_that_is_not_there_is_told() -> None:
    with pytest.raises(NotFoundError):
        Harness().service.run(TENANT, ID)


def test_a_try_that_dies_leaves_no_archive_and_the_next_one_succeeds() -> None:
    bench = Harness()
    bench.archives.limit = 100
    bench.order(bench.picture(b"x" * 200))
    with pytest.raises(ConnectionError):
        bench.service.run(TENANT, ID)
    assert [key for key in bench.blobs.blobs if key.startswith("downloads/")] == []
    assert (bench.now.status, bench.now.tries) == ("running", 1)

    bench.archives.limit = None
    assert bench.service.run(TENANT, ID) == "ready"
    assert bench.now.key.endswith("/2.zip")
    assert bench.archive()["001-image 1.webp"] == b"x" * 200


def test_after_its_last_try_a_download_has_failed_and_is_not_begun_again() -> None:
    bench = Harness()
    bench.archives.limit = 100
    bench.order(bench.picture(b"x" * 200))
    for _ in range(MAX_TRIES):
        assert bench.now.status != "failed"
        with pytest.raises(ConnectionError):
            bench.service.run(TENANT, ID)
    assert (bench.now.status, bench.now.finished_at) == ("failed", START)
    assert bench.service.run(TENANT, ID) == "failed"


def test_who_died_without_a_word_three_times_is_not_followed_by_a_fourth() -> None:
    bench = Harness()
    bench.order(bench.picture(b"x"), status="running", tries=MAX_TRIES)
    assert bench.service.run(TENANT, ID) == "running"
    assert bench.downloads.history == []


@pytest.mark.parametrize(
    ("packed", "begun", "aborted"),
    [(0, ["1"], []), (25, ["1", "2"], ["1"]), (30, ["1", "2"], [])],
)
def test_of_two_workers_at_once_one_ends_the_download(
    packed: int, begun: list[str], aborted: list[str]
) -> None:
    bench = Harness()
    bench.order(*[bench.picture(b"picture") for _ in range(30)])
    met: list[str] = []

    def intrude(after: Download) -> None:
        if after.packed == packed and not met:
            met.append("somebody")
            met.append(bench.service.run(TENANT, ID))

    bench.downloads.intruder = intrude
    assert bench.service.run(TENANT, ID) == "ready"

    assert met == ["somebody", "ready"]
    # Who had not begun yet begins nothing; who had is overtaken, at the latest by the end.
    place = f"downloads/{TENANT}/{ID}"
    assert bench.archives.begun == [f"{place}/{number}.zip" for number in begun]
    assert bench.archives.aborted == [f"{place}/{number}.zip" for number in aborted]
    assert bench.now.tries == len(begun)
    assert [value.status for value in bench.downloads.history].count("ready") == 1
    assert len(bench.archive()) == 31


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
    """Archives that nobody keeps."""

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
    bench = Harness()
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
