"""RegisterUpload: a refused file is moved, counted and announced with its reason."""

from dataclasses import replace

import pytest

from studio.clock import rfc3339
from studio.domain.uploads.model import Upload
from studio.metrics import NAMESPACE
from studio.services.uploads.announce_upload import Announcement, AnnounceUpload
from tests.support.builders import TENANT
from tests.support.fakes.edges import BusyBus
from tests.support.fakes.folders import FakeUploadBucket, FakeUploadStore
from tests.support.fakes.stores import FakeAssetStore
from tests.support.imaging.camera_files import photo
from tests.support.mock_aws.metric_lines import values_of
from tests.support.uploads import PLACE, UploadBench


def test_a_refused_file_is_moved_but_never_the_one_that_took_its_place() -> None:
    found = UploadBench()
    bad, key = b"<svg/>", f"uploads/{TENANT}/SKU-1/front.jpg"
    etag = found.upload_bucket.put(key, bad)

    class Overtaken(FakeUploadStore):
        def quarantine(self, upload: Upload) -> bool:
            found.upload_bucket.put(key, photo())
            return super().quarantine(upload)

    overtaken = Overtaken(found.memory, found.folders, found.uploads.claims)
    assert replace(found.service, uploads=overtaken).run(key, etag) == "quarantined"
    assert found.upload_bucket.objects[key][0] == photo()
    assert found.service.run(key, None) == "registered"
    assert {row.status for row in found.rows} == {"quarantined", "registered"}


def test_a_worker_that_dies_between_the_reason_and_the_move_loses_nothing() -> None:
    found = UploadBench()
    key = f"uploads/{TENANT}/SKU-1/front.jpg"
    etag = found.upload_bucket.put(key, b"<svg/>")

    class Dying(FakeUploadBucket):
        def move_to_quarantine(self, key: str, etag: str, target: str) -> None:
            raise ConnectionError("gone")

    dying = replace(found.service, upload_bucket=Dying(found.upload_bucket.objects))
    with pytest.raises(ConnectionError):
        dying.run(key, etag)
    assert [row.status for row in found.rows] == ["quarantined"]
    assert found.service.run(key, etag) == "quarantined"
    assert [row.status for row in found.rows] == ["quarantined"]
    assert [name.split("/")[0] for name in found.upload_bucket.objects] == ["quarantine"]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image-type-unsupported"),
        (photo()[:-200], "image-truncated"),
        (photo() + b"<script>alert(1)</script>", "image-polyglot"),
        (b"", "image-type-unsupported"),
        (b"\xff\xd8\xff\xe0nonsense", "image-truncated"),
        (b"x" * (25 * 1024 * 1024 + 1), "image-too-large"),
    ],
)
def test_what_is_no_good_image_is_put_aside_with_its_reason(data: bytes, code: str) -> None:
    found = UploadBench()
    found.rule()
    assert found.drop(data) == "quarantined"
    (upload,) = found.rows
    assert upload.reason_code == code
    assert upload.reason
    (key,) = found.upload_bucket.objects
    assert key == f"quarantine/{TENANT}/{upload.upload_id}/front.jpg"
    assert not (found.memory.assets or found.memory.jobs or found.uploads.claims)
    assert found.drop(photo()) == "registered"


def test_a_refused_file_is_counted_listed_and_announced() -> None:
    found = UploadBench()
    found.drop(b"<svg/>", "drawing.svg")
    found.clock.advance(60)
    found.drop(photo())
    folder = found.folders.get(TENANT, "SKU-1")
    assert (folder.sources, folder.failed, folder.refused) == (1, 0, 1)
    (upload,) = found.uploads.page(TENANT, 5, None, refused=True).uploads
    assert len(found.uploads.page(TENANT, 5, None, refused=False).uploads) == 2
    (event,) = found.bus.events
    assert (event.type, event.id) == ("upload.quarantined", f"evt_{upload.upload_id}")
    assert event.detail == {
        "account_id": TENANT,
        "upload_id": upload.upload_id,
        "folder": "SKU-1",
        "filename": "drawing.svg",
        "bytes": 6,
        "reason_code": "image-type-unsupported",
        "reason": upload.reason,
        "created_at": rfc3339(upload.created_at),
    }


def test_a_refusal_is_announced_again_after_a_crash_and_counted_once() -> None:
    found = UploadBench()
    busy = BusyBus(found.bus)
    service = replace(found.service, events=lambda: busy)
    key = f"{PLACE}/drawing.svg"
    etag = found.upload_bucket.put(key, b"<svg/>")
    with pytest.raises(RuntimeError, match="busy"):
        service.run(key, etag)
    assert list(found.upload_bucket.objects) == [key]
    assert service.run(key, etag) == "quarantined"
    assert len(found.bus.events) == found.folders.get(TENANT, "SKU-1").refused == 1
    assert key not in found.upload_bucket.objects


def test_an_announced_file_that_is_refused_again_is_announced_again() -> None:
    found = UploadBench()
    announce = AnnounceUpload(
        found.uploads, found.folders, FakeAssetStore(found.memory), found.upload_bucket, found.clock
    )
    upload, _ = announce.run(TENANT, Announcement("a.png", "image/png", 6, folder="SKU-1"))
    for _ in range(2):
        etag = found.upload_bucket.put(upload.key, b"<svg/>")
        assert found.service.run(upload.key, etag) == "quarantined"
    assert {event.id for event in found.bus.events} == {f"evt_{upload.upload_id}"}
    assert found.folders.get(TENANT, "SKU-1").refused == 1


@pytest.mark.parametrize(
    "name", ["front.jpg", ".hidden/front.jpg", "商品/front.jpg", "SKU 1/front.jpg", "x" * 65 + "/a"]
)
def test_a_file_whose_key_names_no_folder_is_refused(name: str) -> None:
    found = UploadBench()
    etag = found.upload_bucket.put(f"uploads/{TENANT}/{name}", photo())
    assert found.service.run(f"uploads/{TENANT}/{name}", etag) == "quarantined"
    (upload,) = found.rows
    assert (upload.folder, upload.reason_code) == (None, "folder-name-invalid")
    assert [event.detail["folder"] for event in found.bus.events] == [None]
    assert found.folders.folders == {}
    (key,) = found.upload_bucket.objects
    assert key.startswith(f"quarantine/{TENANT}/")


def test_a_refused_file_is_counted_once_by_its_reason(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("POWERTOOLS_SERVICE_NAME", "studio")
    found = UploadBench()
    key = f"uploads/{TENANT}/SKU-1/front.jpg"
    etag = found.upload_bucket.put(key, b"<svg/>")
    for _ in range(2):
        found.service.run(key, etag)
    printed = capsys.readouterr().out
    refused = {"service": "studio", "Code": "image-type-unsupported"}
    assert values_of(printed, NAMESPACE, "UploadRefusals", refused) == [1]
