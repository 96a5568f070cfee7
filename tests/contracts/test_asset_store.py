"""AssetStore: records that ``JobStore.finish_item`` wrote."""

from dataclasses import replace

import pytest

from studio.errors import NotFoundError
from studio.money import UNKNOWN
from tests.support.builders import TENANT, a_job, an_asset, an_item
from tests.support.mock_aws.transitions import begin, create, ending, succeed
from tests.support.workflows.jobs import Ports


def test_an_asset_is_read_as_it_was_written(ports: Ports) -> None:
    job, items = create(ports)
    asset = replace(
        an_asset(begin(ports, items[0])),
        title="Über Füchse",
        cost=UNKNOWN,
        recipe={"provider": "openai", "seed": 0, "prompt": "a red fox"},
    )
    finished = ending(ports.jobs.get_item(TENANT, job.job_id, 1), "succeeded")
    assert ports.jobs.finish_item(replace(finished, asset=asset))
    assert ports.assets.get(TENANT, asset.asset_id) == asset


def test_a_recipe_leaves_out_what_was_not_said(ports: Ports) -> None:
    _, items = create(ports)
    succeed(ports, items[0])
    recipe = ports.assets.get(TENANT, items[0].asset_id).recipe
    assert recipe.get("seed") is None
    assert recipe["provider"] == "openai"


def test_an_asset_of_another_tenant_is_not_found(ports: Ports) -> None:
    _, items = create(ports)
    succeed(ports, items[0])
    for tenant, asset_id in (("zenith", items[0].asset_id), (TENANT, items[1].asset_id)):
        with pytest.raises(NotFoundError):
            ports.assets.get(tenant, asset_id)


def test_assets_are_listed_newest_first_in_pages(ports: Ports) -> None:
    job = a_job(images=3)
    items = [an_item(job, number) for number in (1, 2, 3)]
    create(ports, job, items)
    create(ports, a_job("zenith"))
    for item in items:
        succeed(ports, item)
    newest = [item.asset_id for item in items[::-1]]
    page = ports.assets.page(TENANT, 2, None)
    assert [asset.asset_id for asset in page.assets] == newest[:2]
    page = ports.assets.page(TENANT, 2, page.next_after)
    assert [asset.asset_id for asset in page.assets] == newest[2:]
    assert page.next_after is None
    assert list(ports.assets.page("zenith", 2, None).assets) == []
