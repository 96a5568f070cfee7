"""RegisterUpload: files good and bad, events twice and shuffled, one image and one job."""

from collections.abc import Sequence
from dataclasses import replace
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio.domain.recipes.model import Recipe
from studio.domain.uploads.model import Upload
from studio.services.uploads.announce_upload import Announcement, AnnounceUpload
from studio_imaging.encode import encode
from studio_imaging.rights import Rights, read_rights
from studio_imaging.xmp import packet
from tests.support.builders import TENANT
from tests.support.fakes.edges import START
from tests.support.fakes.folders import FakeFolderStore, FakeUploadStore, etag_of
from tests.support.fakes.stores import FakeAssetStore
from tests.support.imaging.camera_files import looks_upright, photo, upright
from tests.support.uploads import PLACE, UploadBench


def test_an_image_that_says_it_was_generated_is_known_as_such() -> None:
    found = UploadBench()
    said = packet("trainedAlgorithmicMedia")
    assert found.drop(encode(upright(), "jpg", xmp=said).data) == "registered"
    (asset,) = found.memory.assets.values()
    assert asset.source_type == "trainedAlgorithmicMedia"


def test_an_uploaded_file_is_kept_without_its_rights_and_its_record_has_them() -> None:
    found = UploadBench()
    xmp = packet(None, creator="Ann", notice="© 2026")
    found.drop(encode(upright(), "jpg", xmp=xmp).data)
    (asset,) = found.memory.assets.values()
    assert (asset.creator, asset.copyright) == ("Ann", "© 2026")
    assert read_rights(found.blobs.read(asset.image.key)[0]) == Rights()


def test_a_dropped_photo_becomes_an_upright_image_in_its_folder() -> None:
    found = UploadBench()
    assert found.drop(photo(orientation=6)) == "registered"
    (upload,) = found.rows
    asset = found.memory.assets[TENANT, str(upload.asset_id)]
    assert (asset.operation, asset.job_id, asset.cost) == ("upload", None, None)
    assert (asset.title, asset.image.media_type) == ("front.jpg", "image/jpeg")
    assert looks_upright(found.blobs.read(asset.image.key)[0])
    (source,) = found.folders.sources.values()
    assert (source.name, source.key, source.state) == ("front.jpg", asset.image.key, "pending")
    assert found.memory.jobs == {}


def test_the_rule_of_a_folder_starts_one_job_with_the_image_as_source() -> None:
    found = UploadBench()
    found.rule()
    found.drop(photo())
    (job,) = found.memory.jobs.values()
    (upload,) = found.rows
    assert (job.origin.folder, job.origin.recipe_id, job.created_by) == (
        "SKU-1",
        "on-white",
        "rule:SKU-1",
    )
    item = found.memory.items[TENANT, job.job_id][1]
    assert item.spec.sources[0].asset_id == upload.asset_id
    assert upload.job_id == job.job_id
    assert len(found.workflow.executions) == 1


def test_a_rule_gives_the_new_image_to_a_recipe_without_sources() -> None:
    found = UploadBench()
    body = {"operation": "edit.remove_background", "provider": {"id": "builtin"}}
    found.recipes.put(Recipe(TENANT, "cut-out", 0, None, body, START, START, "ann"), None)
    found.rule(recipe="cut-out")
    found.drop(photo())
    (upload,) = found.rows
    (item,) = found.memory.items[TENANT, str(upload.job_id)].values()
    assert [source.asset_id for source in item.spec.sources] == [upload.asset_id]
    assert upload.rule_error is None


def test_a_rule_that_lacks_a_mask_says_so_and_holds_nothing() -> None:
    found = UploadBench()
    body = {"operation": "edit.inpaint", "prompt": "a cup", "provider": {"id": "builtin"}}
    found.recipes.put(Recipe(TENANT, "inpaint", 0, None, body, START, START, "ann"), None)
    found.rule(recipe="inpaint")
    found.drop(photo())
    (upload,) = found.rows
    assert (upload.job_id, found.memory.jobs, found.memory.months) == (None, {}, {})
    assert "/mask" in str(upload.rule_error)


def test_a_rule_starts_from_the_new_image_whatever_the_items_of_its_recipe_name() -> None:
    found = UploadBench()
    items = [
        {"prompt": "on white", "sources": [{"url": "https://example.org/old.jpg"}]},
        {"prompt": "on black"},
    ]
    body = {"operation": "edit.general", "items": items, "provider": {"id": "builtin"}}
    found.recipes.put(Recipe(TENANT, "saved", 0, None, body, START, START, "ann"), None)
    found.rule(recipe="saved")
    found.drop(photo())
    (upload,) = found.rows
    made = found.memory.items[TENANT, str(upload.job_id)]
    named = [[source.asset_id for source in item.spec.sources] for item in made.values()]
    assert named == [[upload.asset_id], [upload.asset_id]]
    assert [item.spec.prompt for item in made.values()] == ["on white", "on black"]


def test_an_image_that_is_known_still_meets_the_rule_of_another_folder() -> None:
    found = UploadBench()
    found.drop(photo(), folder="inbox")
    found.rule()
    announce = AnnounceUpload(
        found.uploads, found.folders, FakeAssetStore(found.memory), found.upload_bucket, found.clock
    )
    digest = sha256(photo()).hexdigest()
    wanted = Announcement("front.jpg", "image/jpeg", 9, digest, folder="inbox")

    assert announce.known(TENANT, wanted) is not None
    assert announce.known(TENANT, replace(wanted, folder="SKU-2")) is not None
    assert announce.known(TENANT, replace(wanted, folder="SKU-1")) is None
    upload, _ = announce.run(TENANT, replace(wanted, folder="SKU-1"))
    assert (
        found.service.run(upload.key, found.upload_bucket.put(upload.key, photo())) == "registered"
    )
    assert len(found.memory.jobs) == len(found.memory.assets) == 1


def test_the_same_file_again_is_the_same_image_and_no_second_job() -> None:
    found = UploadBench()
    found.rule()
    found.drop(photo())
    found.clock.advance(86_400 * 90)
    found.drop(photo(), "copy.jpg")
    assert len(found.memory.assets) == len(found.memory.jobs) == len(found.folders.sources) == 1
    first, second = sorted(found.rows, key=lambda row: row.created_at)
    assert (first.duplicate, second.duplicate) == (False, True)
    assert first.job_id == second.job_id


def test_the_same_image_in_another_folder_follows_that_ones_rule() -> None:
    found = UploadBench()
    found.rule("SKU-1")
    found.rule("SKU-2")
    found.drop(photo())
    found.drop(photo(), folder="SKU-2")
    assert len(found.memory.assets) == 1
    assert {job.origin.folder for job in found.memory.jobs.values()} == {"SKU-1", "SKU-2"}


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("商品写真.jpg", "商品写真.jpg"),
        ("u\u0308ber 🦊.jpg", "über 🦊.jpg"),
        ("%E5%95%86.jpg", "商.jpg"),
        ("side/front.jpg", "front.jpg"),
        ("front\x1b\u202e.jpg", "front .jpg"),
        ("a" * 400 + ".jpg", "a" * 251 + ".jpg"),
    ],
)
def test_a_file_in_the_bucket_keeps_its_name(name: str, shown: str) -> None:
    found = UploadBench()
    assert found.drop(photo(), name) == "registered"
    (upload,), (asset,) = found.rows, found.memory.assets.values()
    (source,) = found.folders.sources.values()
    assert upload.filename == asset.title == source.name == shown
    assert asset.image.key.isascii()
    assert found.drop(b"<svg/>", name) == "quarantined"
    assert [key.isascii() for key in found.upload_bucket.objects if "quarantine/" in key] == [True]


@pytest.mark.parametrize("name", ["商品写真.jpg", "a/b\\商品写真.jpg", "商品写真.jpg\x00"])
def test_an_announced_file_keeps_its_name_and_has_a_safe_key(name: str) -> None:
    found = UploadBench()
    announce = AnnounceUpload(
        found.uploads, found.folders, FakeAssetStore(found.memory), found.upload_bucket, found.clock
    )
    data = photo()
    wanted = Announcement(name, "image/jpeg", len(data), sha256(data).hexdigest(), "SKU-1")
    upload, form = announce.run(TENANT, wanted)
    assert form.fields["key"] == f"{PLACE}/{upload.upload_id}/file.jpg"
    assert found.service.run(upload.key, found.upload_bucket.put(upload.key, data)) == "registered"
    (asset,) = found.memory.assets.values()
    assert (asset.title, asset.recipe["filename"]) == ("商品写真.jpg", "商品写真.jpg")
    assert announce.known(TENANT, replace(wanted, folder="SKU-2")) == asset
    names = {source.name for source in found.folders.sources.values()}
    assert names == {"商品写真.jpg"}


@pytest.mark.parametrize(
    "key",
    [
        "uploads/acme/SKU-1/",
        "uploads/acme/",
        "uploads/acme",
        "uploads/ac me/SKU-1/front.jpg",
        "assets/acme/SKU-1/front.jpg",
        "uploads//SKU-1/front.jpg",
    ],
)
def test_an_object_of_no_upload_is_left_alone(key: str) -> None:
    found = UploadBench()
    etag = found.upload_bucket.put(key, photo())
    assert found.service.run(key, etag) == "ignored"
    assert list(found.upload_bucket.objects) == [key]
    assert found.rows == []


def test_an_event_about_what_was_overwritten_changes_nothing() -> None:
    found = UploadBench()
    old, new = photo(seed=1), photo(seed=2)
    found.upload_bucket.put(f"{PLACE}/front.jpg", new)
    assert found.service.run(f"{PLACE}/front.jpg", etag_of(old)) == "superseded"
    assert found.service.run(f"{PLACE}/gone.jpg", etag_of(old)) == "superseded"
    assert found.rows == []


def test_a_rule_that_cannot_start_a_job_leaves_the_image_and_says_why() -> None:
    found = UploadBench()
    found.rule(recipe="gone")
    assert found.drop(photo()) == "registered"
    (upload,) = found.rows
    assert upload.job_id is None
    assert str(upload.rule_error).startswith("validation-failed")
    poor = UploadBench(monthly_limit=1)
    poor.rule()
    poor.drop(photo())
    assert str(poor.rows[0].rule_error).startswith("budget-exceeded")
    assert poor.memory.jobs == {}


def test_an_upload_whose_rule_failed_tries_again_when_its_event_comes_again() -> None:
    found = UploadBench()
    found.rule(recipe="later")
    key, data = f"{PLACE}/front.jpg", photo()
    etag = found.upload_bucket.put(key, data)
    found.service.run(key, etag)
    found.rule(recipe="on-white")
    found.service.run(key, etag)
    (upload,) = found.rows
    assert (upload.rule_error, upload.job_id) == (None, next(iter(found.memory.jobs))[1])


class StoppedError(Exception):
    """The worker died here."""


@pytest.mark.parametrize("step", ["claim", "register", "note_job", "folder_job"])
def test_a_worker_that_dies_is_followed_by_one_that_goes_on(step: str) -> None:
    found = UploadBench()
    found.rule()

    class Dying(FakeUploadStore):
        def claim(self, tenant: str, sha256: str, asset_id: str) -> str:
            claimed = super().claim(tenant, sha256, asset_id)
            if step == "claim":
                raise StoppedError
            return claimed

        def register(self, *args: Any) -> bool:
            done = super().register(*args)
            if step == "register":
                raise StoppedError
            return done

        def note_job(self, upload: Upload) -> None:
            if step == "note_job":
                raise StoppedError
            super().note_job(upload)

    class DyingFolders(FakeFolderStore):
        def note_job(self, *args: Any) -> None:
            raise StoppedError

    dying = Dying(found.memory, found.folders, found.uploads.claims)
    service = replace(found.service, uploads=dying)
    if step == "folder_job":
        folders = DyingFolders(found.folders.folders, found.folders.sources, found.folders.results)
        service = replace(found.service, folders=folders)
    etag = found.upload_bucket.put(f"{PLACE}/front.jpg", photo())
    with pytest.raises(StoppedError):
        service.run(f"{PLACE}/front.jpg", etag)
    found.service.run(f"{PLACE}/front.jpg", etag)
    assert len(found.memory.assets) == len(found.memory.jobs) == len(found.rows) == 1
    assert found.rows[0].job_id == next(iter(found.memory.jobs))[1]


FILES: list[tuple[str, str, bytes]] = [
    ("SKU-1", "front.jpg", photo(6, seed=1)),
    ("SKU-1", "copy of front.jpg", photo(6, seed=1)),
    ("SKU-2", "front.jpg", photo(6, seed=1)),
    ("SKU-1", "back.jpg", photo(3, seed=2)),
    ("SKU-3", "broken.jpg", photo()[:-150]),
    ("SKU-3", "drawing.svg", b"<svg/>"),
]


def played(order: Sequence[int]) -> dict[str, Any]:
    """Drop all files, then let their events come in an order, as often as they come."""
    found = UploadBench()
    for folder in ("SKU-1", "SKU-2"):
        found.rule(folder)
    keys = [f"uploads/{TENANT}/{folder}/{name}" for folder, name, _ in FILES]
    tags = [
        found.upload_bucket.put(key, data) for key, (_, _, data) in zip(keys, FILES, strict=True)
    ]
    for number in order:
        found.service.run(keys[number], tags[number])
    return found.state()


IN_ORDER = played(range(len(FILES)))


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_events_in_any_order_and_number_come_to_the_same(data: st.DataObject) -> None:
    repeats = data.draw(st.lists(st.integers(0, len(FILES) - 1), max_size=8))
    order = data.draw(st.permutations([*range(len(FILES)), *repeats]))
    assert played(order) == IN_ORDER


def test_the_files_of_the_property_come_to_what_they_should() -> None:
    assert len(IN_ORDER["assets"]) == 2
    assert [folder for folder, *_ in IN_ORDER["jobs"]] == ["SKU-1", "SKU-1", "SKU-2"]
    assert IN_ORDER["counts"] == [("SKU-1", 2, 0), ("SKU-2", 1, 0), ("SKU-3", 0, 2)]
    assert len(IN_ORDER["events"]) == 2
