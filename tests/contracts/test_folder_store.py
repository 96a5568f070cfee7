"""FolderStore and UploadStore: counters that equal their rows, contents that have one picture."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from studio.adapters.dynamodb.assets import DynamoAssetStore
from studio.adapters.dynamodb.folders import DynamoFolderStore
from studio.adapters.dynamodb.uploads import DynamoUploadStore
from studio.domain.assets.model import Asset
from studio.domain.folders.model import Folder, Pair, Result, Source
from studio.domain.uploads.model import Upload
from studio.errors import NotFoundError
from studio.ports.assets import AssetStore
from studio.ports.folders import FolderStore
from studio.ports.uploads import UploadStore
from tests.support.builders import TENANT, stored
from tests.support.fakes.edges import START
from tests.support.fakes.folders import FakeFolderStore, FakeUploadStore
from tests.support.fakes.stores import FakeAssetStore, Memory
from tests.support.mock_aws.conflicting_dynamodb import BACKENDS, dynamodb_of
from tests.support.mock_aws.stack import ASSETS, clients, mock_stack


@dataclass
class Stores:
    folders: FolderStore
    uploads: UploadStore
    assets: AssetStore


@pytest.fixture(params=BACKENDS)
def stores(request: pytest.FixtureRequest) -> Iterator[Stores]:
    if request.param == "memory":
        memory, folders = Memory(), FakeFolderStore()
        yield Stores(folders, FakeUploadStore(memory, folders), FakeAssetStore(memory))
        return
    with mock_stack():
        client, retry = dynamodb_of(request.param)
        yield Stores(
            DynamoFolderStore(client, ASSETS, retry),
            DynamoUploadStore(client, ASSETS, retry),
            DynamoAssetStore(client, ASSETS),
        )


FOLDER = Folder(TENANT, "SKU-1", START)


def a_source(asset_id: str = "ast_1", **changes: object) -> Source:
    source = Source(TENANT, "SKU-1", asset_id, "front.jpg", f"assets/{asset_id}", None, START)
    return replace(source, **changes)  # type: ignore[arg-type]


def a_result(source_id: str = "ast_1", asset_id: str = "ast_9", key: str | None = "k") -> Result:
    return Result(TENANT, "SKU-1", source_id, asset_id, "job_1", 1, START, key)


def a_lone_result(key: str | None = "k") -> Result:
    """Return a result that was made from an address."""
    url = "https://example.org/a.jpg"
    return Result(TENANT, "SKU-1", None, "ast_9", "job_1", 1, START, key, url)


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


def counts(stores: Stores) -> tuple[int, int, int]:
    folder = stores.folders.get(TENANT, "SKU-1")
    return folder.sources, folder.done, folder.failed


def put(stores: Stores, *asset_ids: str) -> None:
    stores.folders.ensure(FOLDER)
    for asset_id in asset_ids:
        assert stores.folders.add_source(a_source(asset_id))


def link(stores: Stores, result: Result) -> bool:
    source = stores.folders.source(TENANT, "SKU-1", str(result.source_id))
    assert source is not None
    return stores.folders.link(source, result)


def test_a_folder_is_made_once(stores: Stores) -> None:
    first = stores.folders.ensure(replace(FOLDER, thumbnail_key="t", title="Shoes"))
    assert stores.folders.ensure(replace(FOLDER, title="other")) == first
    assert stores.folders.get(TENANT, "SKU-1") == first
    with pytest.raises(NotFoundError):
        stores.folders.get("rival", "SKU-1")


def test_a_folder_takes_the_first_thumbnail_that_comes(stores: Stores) -> None:
    stores.folders.ensure(FOLDER)
    assert stores.folders.ensure(replace(FOLDER, thumbnail_key="a")).thumbnail_key == "a"
    assert stores.folders.ensure(replace(FOLDER, thumbnail_key="b")).thumbnail_key == "a"
    assert stores.folders.get(TENANT, "SKU-1") == replace(FOLDER, thumbnail_key="a")


def test_folders_are_listed_by_name(stores: Stores) -> None:
    for name in ("b", "c", "a"):
        stores.folders.ensure(replace(FOLDER, name=name))
    stores.folders.ensure(replace(FOLDER, tenant="rival", name="aa"))
    first = stores.folders.page(TENANT, 2, None)
    assert [folder.name for folder in first.folders] == ["a", "b"]
    rest = stores.folders.page(TENANT, 2, first.next_after)
    assert ([folder.name for folder in rest.folders], rest.next_after) == (["c"], None)


def test_a_folder_is_changed_where_something_is_said(stores: Stores) -> None:
    stores.folders.ensure(FOLDER)
    changed = stores.folders.change(TENANT, "SKU-1", title="Shoes", state="approved")
    assert (changed.title, changed.state, changed.main_asset_id) == ("Shoes", "approved", None)
    assert stores.folders.change(TENANT, "SKU-1") == changed
    with pytest.raises(NotFoundError):
        stores.folders.change(TENANT, "SKU-2", title="none")


def test_a_rule_is_set_and_taken_back(stores: Stores) -> None:
    stores.folders.ensure(FOLDER)
    stores.folders.set_rule(TENANT, "SKU-1", "on-white")
    assert stores.folders.get(TENANT, "SKU-1").recipe_id == "on-white"
    stores.folders.set_rule(TENANT, "SKU-1", None)
    assert stores.folders.get(TENANT, "SKU-1") == FOLDER
    with pytest.raises(NotFoundError):
        stores.folders.set_rule(TENANT, "SKU-2", "on-white")


def test_a_source_is_counted_once(stores: Stores) -> None:
    put(stores, "ast_1")
    assert not stores.folders.add_source(a_source())
    assert stores.folders.source(TENANT, "SKU-1", "ast_1") == a_source()
    assert stores.folders.source(TENANT, "SKU-1", "ast_2") is None
    assert counts(stores) == (1, 0, 0)


def test_the_first_job_of_a_source_stays(stores: Stores) -> None:
    put(stores, "ast_1")
    for job_id in ("job_1", "job_2"):
        stores.folders.note_job(a_source(), job_id)
    found = stores.folders.source(TENANT, "SKU-1", "ast_1")
    assert found == a_source(job_id="job_1")


@pytest.mark.parametrize(
    ("keys", "state", "counted"),
    [
        (["k"], "done", (1, 1, 0)),
        ([None], "failed", (1, 0, 1)),
        (["k", "k"], "done", (1, 1, 0)),
        ([None, None], "failed", (1, 0, 1)),
        ([None, "k"], "done", (1, 1, 0)),
        (["k", None], "done", (1, 1, 0)),
    ],
)
def test_a_source_with_one_good_result_is_done(
    stores: Stores, keys: list[str | None], state: str, counted: tuple[int, int, int]
) -> None:
    put(stores, "ast_1")
    for number, key in enumerate(keys):
        for _ in range(2):
            assert link(stores, a_result(asset_id=f"ast_{number + 10}", key=key))
    source = stores.folders.source(TENANT, "SKU-1", "ast_1")
    assert source is not None
    assert (source.state, counts(stores)) == (state, counted)


def test_what_was_made_again_takes_the_place_of_what_failed_and_stays(stores: Stores) -> None:
    put(stores, "ast_1")
    for key in (None, "k", None):
        assert link(stores, a_result(key=key))
    (pair,) = stores.folders.pairs(TENANT, "SKU-1", 5, None).pairs
    assert pair.result == a_result()
    assert counts(stores) == (1, 1, 0)


def test_a_source_that_moved_meanwhile_is_not_counted_wrongly(stores: Stores) -> None:
    put(stores, "ast_1")
    before = a_source()
    assert stores.folders.link(before, a_result(key=None))
    assert not stores.folders.link(before, a_result(asset_id="ast_8"))
    assert counts(stores) == (1, 0, 1)


@pytest.mark.parametrize(
    ("keys", "counted"),
    [
        (["k"], (0, 1)),
        ([None], (1, 0)),
        (["k", "k"], (0, 1)),
        ([None, None], (1, 0)),
        ([None, "k"], (0, 1)),
        (["k", None], (0, 1)),
        ([None, "k", None], (0, 1)),
    ],
)
def test_a_result_without_a_source_is_counted_once(
    stores: Stores, keys: list[str | None], counted: tuple[int, int]
) -> None:
    put(stores, "ast_1")
    for key in keys:
        assert stores.folders.link(None, a_lone_result(key=key))
    folder = stores.folders.get(TENANT, "SKU-1")
    assert (folder.failed, folder.standalone) == counted
    assert (folder.sources, folder.done) == (1, 0)
    alone, waiting = stores.folders.pairs(TENANT, "SKU-1", 5, None).pairs
    assert alone == Pair(None, a_lone_result(key="k" if "k" in keys else None))
    assert waiting == Pair(a_source(), None)


def test_a_result_makes_no_folder(stores: Stores) -> None:
    assert not stores.folders.link(None, a_lone_result())
    with pytest.raises(NotFoundError):
        stores.folders.get(TENANT, "SKU-1")
    stores.folders.ensure(FOLDER)
    assert stores.folders.pairs(TENANT, "SKU-1", 5, None).pairs == []


@pytest.mark.parametrize("before", [None, "failed"])
def test_two_that_record_a_result_at_once_count_it_once_on_aws(before: str | None) -> None:
    """On AWS alone: the fake cannot be caught between its read and its write."""
    with mock_stack():
        folders = DynamoFolderStore(clients().dynamodb, ASSETS)
        folders.ensure(FOLDER)
        if before:
            assert folders.link(None, a_lone_result(key=None))
        rivals = [a_lone_result()]

        def intrude(**_: object) -> None:
            if rivals:
                assert folders.link(None, rivals.pop())

        events = clients().dynamodb.meta.events
        events.register("after-call.dynamodb.GetItem", intrude)
        try:
            assert not folders.link(None, a_lone_result())
        finally:
            events.unregister("after-call.dynamodb.GetItem", intrude)
        assert folders.link(None, a_lone_result())
        folder = folders.get(TENANT, "SKU-1")
        assert (folder.failed, folder.standalone) == (0, 1)


def test_pairs_are_listed_in_pages_with_results_that_have_no_source(stores: Stores) -> None:
    put(stores, "ast_1", "ast_2")
    link(stores, a_result("ast_1", "ast_7"))
    for name in ("ast_8", "ast_9"):
        assert stores.folders.link(None, replace(a_lone_result(), asset_id=name))
    seen: list[tuple[str | None, str | None]] = []
    after = None
    while True:
        page = stores.folders.pairs(TENANT, "SKU-1", 1, after)
        seen += [
            (
                pair.source.asset_id if pair.source else None,
                pair.result.asset_id if pair.result else None,
            )
            for pair in page.pairs
        ]
        after = page.next_after
        if after is None:
            break
    assert seen == [(None, "ast_8"), (None, "ast_9"), ("ast_1", "ast_7"), ("ast_2", None)]


def test_pairs_are_listed_with_those_that_wait(stores: Stores) -> None:
    put(stores, "ast_1", "ast_2", "ast_3")
    for source, made in [("ast_1", "ast_7"), ("ast_1", "ast_8"), ("ast_3", "ast_9")]:
        link(stores, a_result(source, made))
    seen: list[tuple[str, str | None]] = []
    after = None
    while True:
        page = stores.folders.pairs(TENANT, "SKU-1", 1, after)
        seen += [
            (pair.source.asset_id, pair.result.asset_id if pair.result else None)
            for pair in page.pairs
            if pair.source
        ]
        after = page.next_after
        if after is None:
            break
    whole = [("ast_1", "ast_7"), ("ast_1", "ast_8"), ("ast_2", None), ("ast_3", "ast_9")]
    assert seen == whole
    at_once = stores.folders.pairs(TENANT, "SKU-1", 9, None)
    sources = [pair.source.asset_id for pair in at_once.pairs if pair.source]
    assert sources == [source for source, _ in whole]
    assert stores.folders.pairs("rival", "SKU-1", 9, None).pairs == []


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


def test_what_is_not_there_is_not_made_by_a_note(stores: Stores) -> None:
    stores.uploads.note_job(an_upload(job_id="job_1"))
    with pytest.raises(NotFoundError):
        stores.uploads.get(TENANT, "upl_1")
    stores.folders.note_job(a_source(), "job_1")
    assert stores.folders.source(TENANT, "SKU-1", "ast_1") is None


def test_a_source_makes_no_folder(stores: Stores) -> None:
    assert not stores.folders.add_source(a_source())
    with pytest.raises(NotFoundError):
        stores.folders.get(TENANT, "SKU-1")


@pytest.mark.parametrize("there", [False, True])
def test_two_that_make_a_folder_at_once_make_one_on_aws(there: bool) -> None:
    """On AWS alone: the fake cannot be caught between its read and its write."""
    with mock_stack():
        folders = DynamoFolderStore(clients().dynamodb, ASSETS)
        if there:
            folders.ensure(FOLDER)
        rivals = [replace(FOLDER, title=None if there else "rival", thumbnail_key="rival")]

        def intrude(**_: object) -> None:
            if rivals:
                folders.ensure(rivals.pop())

        events = clients().dynamodb.meta.events
        events.register("after-call.dynamodb.GetItem", intrude)
        try:
            found = folders.ensure(replace(FOLDER, thumbnail_key="mine"))
        finally:
            events.unregister("after-call.dynamodb.GetItem", intrude)
        assert found.thumbnail_key == "rival"
