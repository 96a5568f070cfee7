"""UploadStore: each upload ends once, and each content has one image."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from studio.domain.assets.model import Asset
from studio.domain.uploads.model import Upload
from studio.errors import NotFoundError
from tests.support.builders import TENANT, stored
from tests.support.fakes.edges import START
from tests.support.mock_aws.conflicting_dynamodb import BACKENDS
from tests.support.mock_aws.folder_stores import FOLDER, Stores, a_source, counts, empty_stores


@pytest.fixture(params=BACKENDS)
def stores(request: pytest.FixtureRequest) -> Iterator[Stores]:
    with empty_stores(request.param) as found:
        yield found


def an_upload(**changes: object) -> Upload:
    upload = Upload(
        tenant=TENANT,
        upload_id="upl_1",
        key="uploads/acme/SKU-1/front.jpg",
        folder="SKU-1",
        filename="front.jpg",
        media_type="image/jpeg",
        bytes=5,
        created_at=START,
        expires_at=START + timedelta(minutes=5),
    )
    return replace(upload, **changes)  # type: ignore[arg-type]


def a_picture(asset_id: str = "ast_1") -> Asset:
    return Asset(
        TENANT, asset_id, None, None, "upload", START, stored("a"), stored("b"), None, {"a": "b"}
    )


def test_an_upload_is_read_as_it_was_written(stores: Stores) -> None:
    for upload in (
        an_upload(),
        an_upload(upload_id="upl_2", folder=None, media_type=None, expires_at=None),
    ):
        stores.uploads.open(upload)
        assert stores.uploads.get(TENANT, upload.upload_id) == upload
    with pytest.raises(NotFoundError):
        stores.uploads.get("rival", "upl_1")


def test_a_content_has_one_image_for_ever(stores: Stores) -> None:
    assert stores.uploads.known(TENANT, "hash") is None
    assert stores.uploads.claim(TENANT, "hash", "ast_1") == "ast_1"
    assert stores.uploads.claim(TENANT, "hash", "ast_2") == "ast_1"
    assert stores.uploads.known(TENANT, "hash") == "ast_1"
    assert stores.uploads.claim("rival", "hash", "ast_3") == "ast_3"


def test_an_upload_becomes_an_image_in_its_folder_at_once(stores: Stores) -> None:
    stores.folders.ensure(FOLDER)
    stores.uploads.open(an_upload())
    ended = an_upload(status="registered", asset_id="ast_1")
    assert stores.uploads.register(ended, a_picture(), a_source())
    assert stores.uploads.get(TENANT, "upl_1") == ended
    assert stores.assets.get(TENANT, "ast_1") == a_picture()
    assert stores.folders.source(TENANT, "SKU-1", "ast_1") == a_source()
    assert stores.assets.of_uploads(TENANT, ["upl_1", "upl_2"]) == {"upl_1": "ast_1"}
    assert stores.assets.of_uploads("rival", ["upl_1"]) == {}
    assert not stores.uploads.register(ended, None, None)
    assert not stores.uploads.quarantine(ended)
    assert counts(stores) == (1, 0, 0)


@pytest.mark.parametrize("other", ["picture", "place"])
def test_an_upload_that_others_overtook_writes_nothing(stores: Stores, other: str) -> None:
    stores.folders.ensure(FOLDER)
    first = an_upload(status="registered", asset_id="ast_1")
    if other == "picture":
        assert stores.uploads.register(first, a_picture(), None)
    else:
        assert stores.uploads.register(first, None, a_source())
    second = an_upload(upload_id="upl_2", status="registered", asset_id="ast_1")
    assert not stores.uploads.register(second, a_picture(), a_source())
    with pytest.raises(NotFoundError):
        stores.uploads.get(TENANT, "upl_2")
    assert counts(stores) == ((0 if other == "picture" else 1), 0, 0)


def test_a_refused_upload_says_why_and_is_refused_once(stores: Stores) -> None:
    stores.uploads.open(an_upload())
    stores.folders.ensure(FOLDER)
    refused = an_upload(status="quarantined", reason_code="image-truncated", reason="cut")
    assert stores.uploads.quarantine(refused)
    assert stores.uploads.get(TENANT, "upl_1") == refused
    assert not stores.uploads.quarantine(replace(refused, reason="other"))
    assert list(stores.uploads.page(TENANT, 5, None, refused=True).uploads) == [refused]
    folder = stores.folders.get(TENANT, "SKU-1")
    assert (folder.refused, folder.failed, folder.sources) == (1, 0, 0)
    assert stores.assets.of_uploads(TENANT, ["upl_1"]) == {}


def test_a_refused_upload_needs_its_folder_if_it_has_one(stores: Stores) -> None:
    refused = an_upload(status="quarantined", reason_code="image-truncated", reason="cut")
    assert not stores.uploads.quarantine(refused)
    assert stores.uploads.page(TENANT, 5, None, refused=True).uploads == []
    assert stores.uploads.quarantine(replace(refused, folder=None))
    with pytest.raises(NotFoundError):
        stores.folders.get(TENANT, "SKU-1")


def test_uploads_are_listed_newest_first_in_pages(stores: Stores) -> None:
    stores.folders.ensure(FOLDER)
    for number in range(1, 6):
        upload = an_upload(upload_id=f"upl_{number}")
        stores.uploads.open(upload)
        if number % 2:
            assert stores.uploads.quarantine(replace(upload, status="quarantined"))
    for refused, whole in [(False, "54321"), (True, "531")]:
        seen, after = "", None
        while True:
            page = stores.uploads.page(TENANT, 2, after, refused=refused)
            seen += "".join(upload.upload_id[-1] for upload in page.uploads)
            after = page.next_after
            if after is None:
                break
        assert seen == whole
    assert stores.uploads.page("rival", 2, None, refused=False).uploads == []


def test_the_rules_job_is_noted(stores: Stores) -> None:
    stores.uploads.open(an_upload(rule_error="recipe-unknown"))
    stores.uploads.note_job(an_upload(job_id="job_1"))
    found = stores.uploads.get(TENANT, "upl_1")
    assert (found.job_id, found.rule_error) == ("job_1", None)


def test_an_upload_is_not_made_by_a_note(stores: Stores) -> None:
    stores.uploads.note_job(an_upload(job_id="job_1"))
    with pytest.raises(NotFoundError):
        stores.uploads.get(TENANT, "upl_1")
