"""CreateDownload and ExpireDownload: what may be packed, and what becomes of a dead worker's."""

from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest

from studio.domain.assets.model import Asset
from studio.domain.downloads.model import LIFETIME, MAX_ASSETS, MAX_BYTES, Download, Files, Status
from studio.domain.downloads.naming import DEFAULT
from studio.domain.folders.model import Folder, Result, Source
from studio.domain.jobs.model import ItemStatus
from studio.domain.renditions.model import Rendition, RenditionSpec
from studio.errors import InvalidRequestError, NotFoundError, StateConflictError
from studio.services.downloads.create_download import CreateDownload, DownloadRequest
from studio.services.downloads.expire_download import ExpireDownload
from tests.support.builders import TENANT, a_job, an_asset, an_item
from tests.support.fakes.downloads import FakeDownloadStore
from tests.support.fakes.edges import START, FakeClock, FakeFunctionInvoker
from tests.support.fakes.folders import FakeFolderStore
from tests.support.fakes.jobs import FakeJobStore
from tests.support.fakes.renditions import FakeRenditionStore
from tests.support.fakes.stores import FakeAssetStore, Memory

FOLDER = "SKU-1042"
JOB = f"job_{7:026d}"


@dataclass
class Harness:
    memory: Memory = field(default_factory=Memory)
    downloads: FakeDownloadStore = field(default_factory=FakeDownloadStore)
    folders: FakeFolderStore = field(default_factory=FakeFolderStore)
    builder: FakeFunctionInvoker = field(default_factory=FakeFunctionInvoker)

    def picture(self, tenant: str = TENANT, size: int = 1234) -> Asset:
        number = len(self.memory.assets) + 1
        asset_id = f"ast_{number:026d}"
        made = replace(an_asset(an_item(a_job(tenant))), asset_id=asset_id)
        made = replace(made, image=replace(made.image, bytes=size))
        self.memory.assets[tenant, asset_id] = made
        return made

    def file(self, asset: Asset, name: str, size: int | None) -> None:
        """Keep a file that was made of a picture; None for one that could not be made."""
        stored = None if size is None else replace(asset.image, bytes=size)
        made = Rendition("rendition", RenditionSpec(name), stored)
        assert FakeRenditionStore(self.memory).add(asset.tenant, asset.asset_id, made)

    def job(self, *statuses: ItemStatus) -> list[str]:
        """Store a job with a picture for each image that succeeded; return all asset ids."""
        job = a_job(images=len(statuses), job_id=JOB)
        items = [
            an_item(job, number, status=status, asset_id=f"ast_{number:026d}")
            for number, status in enumerate(statuses, 1)
        ]
        self.memory.jobs[TENANT, JOB] = job
        self.memory.items[TENANT, JOB] = {item.number: item for item in items}
        for item in items:
            if item.status == "succeeded":
                self.memory.assets[TENANT, item.asset_id] = an_asset(item)
        return [item.asset_id for item in items]

    def result(self, source: str, *, made: bool = True, asset_id: str | None = None) -> str:
        """Put a result beside a source of the folder; return its asset id."""
        asset = self.memory.assets[TENANT, asset_id] if asset_id else self.picture()
        self.folders.ensure(Folder(TENANT, FOLDER, START))
        self.folders.add_source(Source(TENANT, FOLDER, source, "a.jpg", "key", None, START))
        found = self.folders.source(TENANT, FOLDER, source)
        assert found is not None
        key = asset.image.key if made else None
        self.folders.link(found, Result(TENANT, FOLDER, source, asset.asset_id, JOB, 1, START, key))
        return asset.asset_id

    def ask(
        self,
        *asset_ids: str,
        job_id: str | None = None,
        folder: str | None = None,
        naming: str | None = None,
        files: Files = "image",
    ) -> Download:
        service = CreateDownload(
            self.downloads,
            FakeJobStore(self.memory),
            FakeAssetStore(self.memory),
            FakeRenditionStore(self.memory),
            self.folders,
            self.builder,
            FakeClock(),
        )
        return service.run(
            TENANT, DownloadRequest(asset_ids or None, job_id, folder, naming, files), "ann"
        )


def refused(intake: Harness) -> bool:
    return not intake.downloads.downloads and not intake.builder.sent


def test_assets_are_ordered_and_the_packing_is_started() -> None:
    intake = Harness()
    ids = [intake.picture().asset_id for _ in range(230)][::-1]
    made = intake.ask(*ids)
    assert made.asset_ids == tuple(ids)
    assert (made.status, made.attempt_count, made.created_at, made.created_by) == (
        "queued", 0, START, "ann",
    )  # fmt: skip
    assert intake.downloads.get(TENANT, made.download_id) == made
    assert intake.builder.sent == [{"tenant": TENANT, "download_id": made.download_id}]


def test_of_a_job_its_finished_images_are_taken_in_their_order() -> None:
    intake = Harness()
    ids = intake.job("succeeded", "failed", "succeeded", "running")
    made = intake.ask(job_id=JOB)
    assert made.asset_ids == (ids[0], ids[2])
    assert made.job_id == JOB


def test_of_a_job_an_image_that_is_gone_is_left_to_the_packing() -> None:
    intake = Harness()
    ids = intake.job("succeeded", "succeeded")
    del intake.memory.assets[TENANT, ids[0]]
    assert intake.ask(job_id=JOB).asset_ids == tuple(ids)


def test_a_job_without_an_image_has_nothing_to_pack() -> None:
    intake = Harness()
    intake.job("failed", "queued")
    with pytest.raises(StateConflictError):
        intake.ask(job_id=JOB)
    assert refused(intake)


@pytest.mark.parametrize("job_id", [f"job_{8:026d}", "job_1", "../x", ""])
def test_a_job_that_is_not_there_is_named(job_id: str) -> None:
    intake = Harness()
    with pytest.raises(NotFoundError) as caught:
        intake.ask(job_id=job_id)
    assert [field.pointer for field in caught.value.fields] == ["/job_id"]
    assert refused(intake)


def test_of_a_folder_its_results_are_taken() -> None:
    intake = Harness()
    made = [intake.result(f"src_{number:03}") for number in range(150)]
    intake.result("src_000", made=False)
    intake.result("src_999", made=False)
    intake.result("src_140", asset_id=made[0])
    found = intake.ask(folder=FOLDER)
    assert (set(found.asset_ids), len(found.asset_ids)) == (set(made), 150)
    assert (found.folder, found.job_id) == (FOLDER, None)


def test_a_folder_without_results_or_that_is_not_there_is_refused() -> None:
    intake = Harness()
    with pytest.raises(NotFoundError) as caught:
        intake.ask(folder=FOLDER)
    assert [field.pointer for field in caught.value.fields] == ["/folder"]
    intake.result("src_1", made=False)
    with pytest.raises(StateConflictError):
        intake.ask(folder=FOLDER)
    assert refused(intake)


def test_a_folder_of_too_many_results_is_refused() -> None:
    intake = Harness()
    for number in range(MAX_ASSETS):
        intake.result(f"src_{number:03}")
    assert len(intake.ask(folder=FOLDER).asset_ids) == MAX_ASSETS
    intake.result("src_one_more")
    with pytest.raises(InvalidRequestError) as caught:
        intake.ask(folder=FOLDER)
    assert [(one.pointer, one.code) for one in caught.value.fields] == [("/folder", "too-many")]


def test_every_asset_that_is_not_the_tenants_is_named() -> None:
    intake = Harness()
    own, foreign = intake.picture(), intake.picture("zenith")
    with pytest.raises(NotFoundError) as caught:
        intake.ask(own.asset_id, foreign.asset_id, f"ast_{99:026d}", "ast_1")
    pointers = [field.pointer for field in caught.value.fields]
    assert pointers == ["/asset_ids/1", "/asset_ids/2", "/asset_ids/3"]
    assert refused(intake)


def test_an_asset_that_is_named_twice_is_refused() -> None:
    intake = Harness()
    one, two = intake.picture().asset_id, intake.picture().asset_id
    with pytest.raises(InvalidRequestError) as caught:
        intake.ask(one, two, one, two)
    assert [field.pointer for field in caught.value.fields] == ["/asset_ids/2", "/asset_ids/3"]
    assert refused(intake)


def test_too_much_is_refused_and_the_limit_is_taken() -> None:
    intake = Harness()
    large, rest = intake.picture(size=MAX_BYTES - 1000), intake.picture(size=1000)
    assert intake.ask(large.asset_id, rest.asset_id)
    with pytest.raises(InvalidRequestError) as caught:
        intake.ask(large.asset_id, rest.asset_id, intake.picture(size=1).asset_id)
    (wrong,) = caught.value.fields
    assert (wrong.pointer, wrong.code) == ("/asset_ids", "too-large")


@pytest.mark.parametrize(
    ("files", "size", "fits"),
    [
        ("image", MAX_BYTES, True),
        ("renditions", MAX_BYTES, True),
        ("renditions", MAX_BYTES + 1, False),
        ("all", MAX_BYTES - 1000, True),
        ("all", MAX_BYTES - 999, False),
    ],
)
def test_what_was_made_of_an_image_is_weighed_where_it_is_packed(
    files: Files, size: int, fits: bool
) -> None:
    intake = Harness()
    picture = intake.picture(size=1000)
    intake.file(picture, "a", size - 500)
    intake.file(picture, "b", 500)
    intake.file(picture, "lost", None)
    if fits:
        assert intake.ask(picture.asset_id, files=files).files == files
        return
    with pytest.raises(InvalidRequestError) as caught:
        intake.ask(picture.asset_id, files=files)
    assert [field.code for field in caught.value.fields] == ["too-large"]
    assert refused(intake)


def test_images_without_other_files_are_packed_beside_one_that_has_some() -> None:
    intake = Harness()
    bare, lost, some = intake.picture(), intake.picture(), intake.picture()
    intake.file(lost, "lost", None)
    for asset in (bare, lost):
        with pytest.raises(StateConflictError, match="there is no file to pack"):
            intake.ask(asset.asset_id, files="renditions")
    assert refused(intake)
    intake.file(some, "a", 500)
    ids = (bare.asset_id, lost.asset_id, some.asset_id)
    assert intake.ask(*ids, files="renditions").asset_ids == ids


@pytest.mark.parametrize(
    ("files", "naming", "wanted"),
    [
        ("image", None, "{index:03}-{label}"),
        ("renditions", None, "{index:03}-{label}/{rendition}"),
        ("all", None, "{index:03}-{label}/{rendition}"),
        ("all", "{index:03}-{label}", "{index:03}-{label}"),
    ],
)
def test_who_names_no_pattern_gets_that_of_the_files(
    files: Files, naming: str | None, wanted: str
) -> None:
    intake = Harness()
    picture = intake.picture()
    intake.file(picture, "a", 500)
    assert intake.ask(picture.asset_id, files=files, naming=naming).naming == wanted


def test_a_wrong_pattern_is_refused_before_anything_is_read() -> None:
    intake = Harness()
    with pytest.raises(InvalidRequestError) as caught:
        intake.ask("ast_unknown", naming="{colour}")
    assert caught.value.fields[0].pointer == "/naming"


def settled(value: Download, seconds: int) -> Download:
    downloads, clock = FakeDownloadStore(), FakeClock()
    downloads.put(value)
    clock.advance(seconds)
    found = ExpireDownload(downloads, clock).run(value)
    assert downloads.get(value.tenant, value.download_id) == found
    return found


QUEUED = Download(TENANT, "dwn_1", ("ast_1",), DEFAULT, START, "ann")
LATER = START + timedelta(minutes=30)
RETRIED = replace(QUEUED, status="running", attempt_count=2, started_at=LATER)


@pytest.mark.parametrize(
    ("value", "seconds", "status"),
    [
        (QUEUED, 1199, "queued"),
        (QUEUED, 1200, "failed"),
        (RETRIED, 1800 + 1199, "running"),
        (RETRIED, 1800 + 1200, "failed"),
        (replace(QUEUED, status="ready", finished_at=START), 90_000, "ready"),
    ],
)
def test_what_is_packed_no_more_has_failed(value: Download, seconds: int, status: Status) -> None:
    assert settled(value, seconds).status == status


def test_who_was_overtaken_by_the_worker_says_what_became_of_it() -> None:
    downloads, clock = FakeDownloadStore(), FakeClock(LATER)
    downloads.put(QUEUED)
    ready = replace(QUEUED, status="ready", attempt_count=1, finished_at=LATER)
    downloads.intruder = lambda _: downloads.put(ready)
    assert ExpireDownload(downloads, clock).run(QUEUED) == ready


def test_an_archive_is_there_for_a_day_from_its_end() -> None:
    assert QUEUED.expires_at is None
    assert RETRIED.expires_at is None
    assert replace(QUEUED, status="failed", finished_at=START).expires_at is None
    ready = replace(QUEUED, status="ready", finished_at=LATER)
    assert ready.expires_at == LATER + LIFETIME
    assert ready.filename == "images-20261120-120000.zip"
