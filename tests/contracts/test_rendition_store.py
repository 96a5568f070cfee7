"""RenditionStore: what was made with a picture, and what is added to it later."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest

from studio.adapters.dynamodb.jobs import DynamoJobStore
from studio.adapters.dynamodb.renditions import DynamoRenditionStore
from studio.domain.assets.model import StoredImage
from studio.domain.renditions.model import MAX_KEPT, Focus, Framing, Rendition, RenditionSpec, Rule
from studio.ports.renditions import RenditionStore
from tests.support.builders import TENANT, an_asset
from tests.support.fakes.jobs import FakeJobStore
from tests.support.fakes.renditions import FakeRenditionStore
from tests.support.mock_aws.atomic_client import OneAtATime
from tests.support.mock_aws.stack import ASSETS
from tests.support.mock_aws.transitions import begin, create, ending
from tests.support.workflows.jobs import Ports

ASSET = "ast_01JD0000000000000000000001"


@pytest.fixture
def renditions(ports: Ports) -> RenditionStore:
    if isinstance(ports.jobs, FakeJobStore):
        return FakeRenditionStore(ports.jobs.memory)
    assert isinstance(ports.jobs, DynamoJobStore)
    return DynamoRenditionStore(ports.jobs.client, ASSETS, ports.jobs.retry)


def a_rendition(name: str = "mobile") -> Rendition:
    framing = Framing("pad", "smart", (0.25, 0.75), "#00ff7f")
    return Rendition(
        kind="export",
        spec=RenditionSpec(name, 640, None, "jpg", 85, 200_000, framing, "ig_story"),
        file=StoredImage(f"assets/x/{name}.jpg", "image/jpeg", 1234, 640, 960, "ab" * 32),
        quality=81,
        window=(0.1, 0.0, 0.9, 1.0),
        enlarged=1.5,
        focus=Focus(0.25, 0.75, 0.5, "salience"),
        rules=(Rule("bytes", True, "1234 of 200000"), Rule("pixels", None, "unknown")),
    )


def test_a_file_is_read_as_it_was_added(renditions: RenditionStore) -> None:
    lost = Rendition("export", RenditionSpec("li_post"), None, problem="byte-limit")
    plain = Rendition("rendition", RenditionSpec("copy"), None)
    for one in (a_rendition(), lost, plain):
        assert renditions.add(TENANT, ASSET, one)
    assert list(renditions.of_asset(TENANT, ASSET)) == [plain, lost, a_rendition()]


def test_files_belong_to_one_asset_of_one_tenant(renditions: RenditionStore) -> None:
    renditions.add(TENANT, ASSET, a_rendition())
    assert list(renditions.of_asset("zenith", ASSET)) == []
    assert list(renditions.of_asset(TENANT, ASSET[:-1] + "2")) == []


def test_the_files_of_many_assets_are_read_together(renditions: RenditionStore) -> None:
    # One call of DynamoDB reads a hundred of them.
    ids = [f"ast_{number:026d}" for number in range(130)]
    for asset_id in ids[:60]:
        assert renditions.add(TENANT, asset_id, a_rendition())
    assert renditions.add(TENANT, ids[129], a_rendition())
    assert renditions.add(TENANT, ids[0], a_rendition("desktop"))
    assert renditions.add("zenith", ids[99], a_rendition())
    found = renditions.of_assets(TENANT, ids)
    assert set(found) == {*ids[:60], ids[129]}
    assert list(found[ids[0]]) == [a_rendition("desktop"), a_rendition()]
    assert list(found[ids[59]]) == [a_rendition()]
    assert renditions.of_assets(TENANT, []) == {}


def test_a_name_is_given_once(renditions: RenditionStore) -> None:
    assert renditions.add(TENANT, ASSET, a_rendition())
    assert not renditions.add(TENANT, ASSET, replace(a_rendition(), quality=1))
    assert list(renditions.of_asset(TENANT, ASSET)) == [a_rendition()]


def test_of_many_who_want_a_name_one_gets_it(renditions: RenditionStore) -> None:
    if isinstance(renditions, DynamoRenditionStore):
        client: Any = OneAtATime(renditions.client)
        renditions = replace(renditions, client=client)
    wanted = [replace(a_rendition(), quality=number) for number in range(8)]
    with ThreadPoolExecutor(8) as pool:
        given = list(pool.map(lambda one: renditions.add(TENANT, ASSET, one), wanted))
    assert given.count(True) == 1
    assert list(renditions.of_asset(TENANT, ASSET)) == [wanted[given.index(True)]]


def test_an_asset_has_so_many_files_and_no_more(renditions: RenditionStore) -> None:
    small = Rendition("rendition", RenditionSpec("x"), None)
    for number in range(MAX_KEPT):
        named = replace(small, spec=RenditionSpec(f"r{number}"))
        assert renditions.add(TENANT, ASSET, named)
    assert not renditions.add(TENANT, ASSET, a_rendition())
    assert len(renditions.of_asset(TENANT, ASSET)) == MAX_KEPT


def test_an_image_and_its_files_are_written_together(
    ports: Ports, renditions: RenditionStore
) -> None:
    _, items = create(ports)
    item = begin(ports, items[0])
    made = (a_rendition("mobile"), a_rendition("desktop"))
    end = replace(ending(item, "succeeded"), asset=an_asset(item), renditions=made)
    assert ports.jobs.finish_item(end)
    assert list(renditions.of_asset(TENANT, item.asset_id)) == [made[1], made[0]]
    assert renditions.add(TENANT, item.asset_id, a_rendition("later"))
    assert len(renditions.of_asset(TENANT, item.asset_id)) == 3


def test_an_image_that_ended_before_gets_no_files(ports: Ports, renditions: RenditionStore) -> None:
    _, items = create(ports)
    item = begin(ports, items[0])
    end = replace(ending(item, "succeeded"), asset=an_asset(item))
    assert ports.jobs.finish_item(end)
    assert not ports.jobs.finish_item(replace(end, renditions=(a_rendition(),)))
    assert list(renditions.of_asset(TENANT, item.asset_id)) == []
