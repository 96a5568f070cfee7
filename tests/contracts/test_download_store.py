"""DownloadStore: a download moves only from where it was seen."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from studio.adapters.dynamodb.downloads import DynamoDownloadStore
from studio.domain.downloads.model import Download
from studio.errors import NotFoundError
from studio.ports.downloads import DownloadStore
from tests.support.fakes.downloads import FakeDownloadStore
from tests.support.fakes.edges import START
from tests.support.mock_aws.conflicting_dynamodb import BACKENDS, dynamodb_of
from tests.support.mock_aws.stack import CATALOG, clients, mock_stack

NEW = Download("acme", "dwn_1", ("ast_2", "ast_1"), "{index}-{label}", START, "ann")
RUNNING = replace(NEW, status="running", attempt_count=1, started_at=START, packed=25)
READY = replace(
    RUNNING,
    job_id="job_1",
    folder="SKU-1",
    status="ready",
    finished_at=START + timedelta(seconds=9),
    packed=1,
    missing=("ast_1",),
    bytes=5_000_000_000,
)


@pytest.fixture(params=BACKENDS)
def store(request: pytest.FixtureRequest) -> Iterator[DownloadStore]:
    if request.param == "memory":
        yield FakeDownloadStore()
        return
    with mock_stack():
        client, retry = dynamodb_of(request.param)
        yield DynamoDownloadStore(client, CATALOG, retry)


@pytest.mark.parametrize("value", [NEW, RUNNING, READY], ids=lambda value: str(value.status))
def test_a_download_is_read_as_it_was_written(store: DownloadStore, value: Download) -> None:
    store.put(value)
    assert store.get("acme", "dwn_1") == value


def test_a_download_of_another_tenant_is_not_found(store: DownloadStore) -> None:
    store.put(NEW)
    for tenant, download_id in (("zenith", "dwn_1"), ("acme", "dwn_2")):
        with pytest.raises(NotFoundError):
            store.get(tenant, download_id)


def test_an_open_download_moves_to_its_end(store: DownloadStore) -> None:
    store.put(NEW)
    assert store.move(NEW, RUNNING)
    assert store.move(RUNNING, replace(RUNNING, packed=50))
    assert store.move(RUNNING, READY)
    assert store.get("acme", "dwn_1") == READY


@pytest.mark.parametrize("status", ["ready", "failed"])
def test_an_ended_download_stays_as_it_is(store: DownloadStore, status: str) -> None:
    ended = READY if status == "ready" else replace(RUNNING, status="failed")
    store.put(ended)
    assert not store.move(ended, replace(ended, status="running", attempt_count=2))
    assert not store.move(ended, replace(ended, packed=99))
    assert store.get("acme", "dwn_1") == ended


def test_only_the_newest_try_moves_a_download(store: DownloadStore) -> None:
    store.put(RUNNING)
    second = replace(RUNNING, attempt_count=2)
    assert store.move(RUNNING, second)
    assert not store.move(RUNNING, READY)
    assert not store.move(RUNNING, replace(RUNNING, attempt_count=2))
    assert store.get("acme", "dwn_1") == second


def test_a_record_is_forgotten_a_week_after_its_order() -> None:
    with mock_stack():
        DynamoDownloadStore(clients().dynamodb, CATALOG).put(NEW)
        (row,) = clients().dynamodb.scan(TableName=CATALOG)["Items"]
    assert row["expires_at"] == {"N": str(int((START + timedelta(days=7)).timestamp()))}
    assert row["pk"] == {"S": "acme#DOWNLOADS"}
