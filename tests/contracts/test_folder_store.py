"""FolderStore: counters that equal their rows."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from studio.adapters.dynamodb.folders import DynamoFolderStore
from studio.domain.folders.model import Pair, Result
from studio.errors import NotFoundError
from tests.support.builders import TENANT
from tests.support.fakes.edges import START
from tests.support.mock_aws.conflicting_dynamodb import BACKENDS
from tests.support.mock_aws.folder_stores import FOLDER, Stores, a_source, counts, empty_stores
from tests.support.mock_aws.stack import ASSETS, clients, mock_stack


@pytest.fixture(params=BACKENDS)
def stores(request: pytest.FixtureRequest) -> Iterator[Stores]:
    with empty_stores(request.param) as found:
        yield found


def a_result(source_id: str = "ast_1", asset_id: str = "ast_9", key: str | None = "k") -> Result:
    return Result(TENANT, "SKU-1", source_id, asset_id, "job_1", 1, START, key)


def a_lone_result(key: str | None = "k") -> Result:
    """Return a result that was made from an address."""
    url = "https://example.org/a.jpg"
    return Result(TENANT, "SKU-1", None, "ast_9", "job_1", 1, START, key, url)


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


def test_a_source_is_not_made_by_a_note(stores: Stores) -> None:
    stores.folders.note_job(a_source(), "job_1")
    assert stores.folders.source(TENANT, "SKU-1", "ast_1") is None
