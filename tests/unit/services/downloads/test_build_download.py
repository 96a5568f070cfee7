"""BuildDownload: every file once, whole, named; whatever is gone, repeated or dies meanwhile."""

import csv
import hashlib
import io
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from zipfile import ZIP_STORED, ZipFile

import pytest

from studio.domain.assets.model import asset_key
from studio.domain.downloads.model import MAX_ATTEMPTS, Download
from studio.domain.renditions.model import Rendition
from studio.errors import NotFoundError
from studio.services.downloads.reading import PIECE_BYTES
from tests.support.builders import TENANT
from tests.support.downloads import ID, DownloadBench
from tests.support.fakes.edges import START
from tests.support.fakes.renditions import FakeRenditionStore


def manifest(files: Mapping[str, bytes]) -> list[dict[str, str]]:
    text = files["manifest.csv"].decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_images_are_packed_as_they_are_in_the_order_asked_for() -> None:
    bench = DownloadBench()
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
    assert (now.status, now.attempt_count, now.packed, now.missing) == ("ready", 1, 3, ())
    assert now.bytes == len(bench.blobs.blobs[now.key].data)
    assert bench.blobs.blobs[now.key].media_type == "application/zip"
    assert now.finished_at == START


def test_files_are_stored_readable_and_dated() -> None:
    bench = DownloadBench()
    bench.order(bench.picture(b"first", label="Füchse"))
    bench.service.run(TENANT, ID)
    with ZipFile(io.BytesIO(bench.blobs.blobs[bench.now.key].data)) as found:
        for info in found.infolist():
            assert info.compress_type == ZIP_STORED
            assert info.date_time == (2026, 11, 20, 12, 0, 0)
            assert info.external_attr >> 16 == 0o644
        assert found.namelist() == ["001-Füchse.webp", "manifest.csv"]


def test_an_image_comes_with_its_files_in_the_order_of_their_names() -> None:
    bench = DownloadBench()
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


def test_of_renditions_an_image_without_any_is_not_missing_and_a_gone_file_is() -> None:
    bench = DownloadBench()
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
    bench = DownloadBench()
    assets = [bench.picture(b"x") for _ in range(230)]
    for asset in assets:
        bench.file(asset, "a", b"y")
    bench.order(*assets, files=wanted)
    renditions = CountedRenditions(bench.memory)
    assert replace(bench.service, renditions=renditions).run(TENANT, ID) == "ready"
    assert renditions.asked == asked
    assert bench.now.packed == (460 if asked else 230)


def test_what_is_gone_is_named_and_fails_nothing_else() -> None:
    bench = DownloadBench()
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


def test_many_images_come_in_groups_and_tell_how_far_they_are() -> None:
    bench = DownloadBench()
    assets = [bench.picture(b"%d" % number, label=None) for number in range(230)]
    bench.order(*assets)
    bench.service.run(TENANT, ID)
    assert len(bench.archive()) == 231
    told = [value.packed for value in bench.downloads.history]
    assert told == [0, *range(25, 226, 25), 230]


@pytest.mark.parametrize("status", ["ready", "failed"])
def test_a_repeat_after_the_end_changes_nothing(status: str) -> None:
    bench = DownloadBench()
    bench.order(bench.picture(b"first"), status=status, attempt_count=1)
    assert bench.service.run(TENANT, ID) == status
    assert bench.downloads.history == []


def test_a_download_that_is_not_there_is_told() -> None:
    with pytest.raises(NotFoundError):
        DownloadBench().service.run(TENANT, ID)


def test_a_try_that_dies_leaves_no_archive_and_the_next_one_succeeds() -> None:
    bench = DownloadBench()
    bench.archives.limit = 100
    bench.order(bench.picture(b"x" * 200))
    with pytest.raises(ConnectionError):
        bench.service.run(TENANT, ID)
    assert [key for key in bench.blobs.blobs if key.startswith("downloads/")] == []
    assert (bench.now.status, bench.now.attempt_count) == ("running", 1)

    bench.archives.limit = None
    assert bench.service.run(TENANT, ID) == "ready"
    assert bench.now.key.endswith("/2.zip")
    assert bench.archive()["001-image 1.webp"] == b"x" * 200


def test_after_its_last_try_a_download_has_failed_and_is_not_begun_again() -> None:
    bench = DownloadBench()
    bench.archives.limit = 100
    bench.order(bench.picture(b"x" * 200))
    for _ in range(MAX_ATTEMPTS):
        assert bench.now.status != "failed"
        with pytest.raises(ConnectionError):
            bench.service.run(TENANT, ID)
    assert (bench.now.status, bench.now.finished_at) == ("failed", START)
    assert bench.service.run(TENANT, ID) == "failed"


def test_who_died_without_a_word_three_times_is_not_followed_by_a_fourth() -> None:
    bench = DownloadBench()
    bench.order(bench.picture(b"x"), status="running", attempt_count=MAX_ATTEMPTS)
    assert bench.service.run(TENANT, ID) == "running"
    assert bench.downloads.history == []


@pytest.mark.parametrize(
    ("packed", "begun", "aborted"),
    [(0, ["1"], []), (25, ["1", "2"], ["1"]), (30, ["1", "2"], [])],
)
def test_of_two_workers_at_once_one_ends_the_download(
    packed: int, begun: list[str], aborted: list[str]
) -> None:
    bench = DownloadBench()
    bench.order(*[bench.picture(b"picture") for _ in range(30)])
    met: list[str] = []

    def intrude(after: Download) -> None:
        if after.packed == packed and not met:
            met.append("other worker")
            met.append(bench.service.run(TENANT, ID))

    bench.downloads.intruder = intrude
    assert bench.service.run(TENANT, ID) == "ready"

    assert met == ["other worker", "ready"]
    # A worker that has not begun begins nothing; one that has is overtaken by the end.
    place = f"downloads/{TENANT}/{ID}"
    assert bench.archives.begun == [f"{place}/{number}.zip" for number in begun]
    assert bench.archives.aborted == [f"{place}/{number}.zip" for number in aborted]
    assert bench.now.attempt_count == len(begun)
    assert [value.status for value in bench.downloads.history].count("ready") == 1
    assert len(bench.archive()) == 31
