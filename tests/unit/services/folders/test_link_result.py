"""LinkResult: a folder holds every result of its jobs, with a source of the studio or without."""

from dataclasses import replace
from typing import Any

import pytest

from studio.domain.folders.model import Folder, Pair
from studio.domain.jobs.image_spec import SourceRef
from studio.domain.jobs.model import Item, ItemStatus, Origin
from studio.domain.renditions.model import OutputPlan
from studio.services.folders.link_result import LinkResult
from tests.support.builders import TENANT, a_job, a_key, a_picture, a_spec, an_item, an_order
from tests.support.fakes.edges import FakeClock
from tests.support.fakes.folders import FakeFolderStore
from tests.support.fakes.provider import FakeProvider
from tests.support.workflows.engine import Engine
from tests.support.workflows.jobs import memory_studio

URL = "https://example.org/photos/front.jpg?width=900"
OWN = SourceRef(asset_id="ast_1", key="assets/acme/ast_1/image.jpg")
ELSEWHERE = (SourceRef(url=URL),)


class Bench:
    """The service on a store in memory."""

    def __init__(self) -> None:
        self.folders = FakeFolderStore()
        self.link = LinkResult(self.folders, FakeClock())

    def run(self, item: Item) -> None:
        """Link an image that has ended."""
        self.link.run(item)

    @property
    def folder(self) -> Folder:
        """Return the folder of the tests."""
        return self.folders.get(TENANT, "SKU-1")

    @property
    def counts(self) -> tuple[int, int, int, int]:
        """Return sources, done, standalone and failed."""
        folder = self.folder
        return folder.sources, folder.done, folder.standalone, folder.failed

    @property
    def pairs(self) -> list[Pair]:
        """Return the pairs of the folder."""
        return list(self.folders.pairs(TENANT, "SKU-1", 50, None).pairs)


def an_ended(status: ItemStatus = "succeeded", number: int = 1, **spec: Any) -> Item:
    """Return an image of a job for the folder."""
    job = a_job(job_id="job_1")
    return an_item(job, number, status=status, spec=a_spec(**{"folder": "SKU-1", **spec}))


@pytest.mark.parametrize("sources", [(), ELSEWHERE, (SourceRef(key="staging/inline"),)])
def test_a_result_without_a_source_of_the_studio_is_in_the_folder(
    sources: tuple[SourceRef, ...],
) -> None:
    bench, item = Bench(), an_ended(sources=sources)
    for _ in range(2):
        bench.run(item)
    assert bench.counts == (0, 0, 1, 0)
    (pair,) = bench.pairs
    assert pair.source is None
    assert pair.result is not None
    assert (pair.result.asset_id, pair.result.key) == (
        item.asset_id,
        f"assets/{TENANT}/{item.asset_id}/image.webp",
    )
    assert pair.result.source_url == (URL if sources == ELSEWHERE else None)
    assert bench.folder.thumbnail_key == f"assets/{TENANT}/{item.asset_id}/thumbnail.webp"


def test_a_failed_image_without_a_source_is_counted_until_it_is_made() -> None:
    bench = Bench()
    bench.run(an_ended("failed"))
    assert bench.counts == (0, 0, 0, 1)
    assert bench.folder.thumbnail_key is None
    bench.run(an_ended("unknown"))
    assert bench.counts == (0, 0, 0, 1)
    bench.run(an_ended())
    assert bench.counts == (0, 0, 1, 0)
    bench.run(an_ended("failed"))
    assert bench.counts == (0, 0, 1, 0)


def test_results_with_and_without_a_source_are_in_one_folder() -> None:
    bench = Bench()
    bench.run(an_ended(sources=(OWN,)))
    bench.run(an_ended(number=2))
    bench.run(an_ended(number=3, sources=(*ELSEWHERE, OWN)))
    assert bench.counts == (1, 1, 2, 0)
    named = [pair.source.asset_id if pair.source else None for pair in bench.pairs]
    assert named == [None, None, "ast_1"]


@pytest.mark.parametrize("status", ["skipped", "cancelled", "queued"])
def test_an_image_that_was_not_made_is_in_no_folder(status: ItemStatus) -> None:
    bench = Bench()
    bench.run(an_ended(status))
    bench.run(an_ended(folder=None))
    assert bench.folders.folders == {}


def test_the_record_of_a_result_has_the_rights_that_its_order_keeps() -> None:
    studio = memory_studio(FakeProvider())
    studio.raw.blobs.write(str(OWN.key), a_picture(), "image/png")
    source = replace(OWN, creator="Ann", copyright="© 2026")
    for kept, folder in [(True, "SKU-1"), (False, "SKU-2")]:
        order = replace(
            an_order("a", sources=(source,)),
            origin=Origin(folder=folder),
            output=OutputPlan(keep_rights=kept),
        )
        studio.create(TENANT, order, a_key(folder))
    Engine(studio).run_executions()
    stated = {}
    for asset in studio.raw.assets.page(TENANT, 5, None).assets:
        stated[asset.folder] = (asset.creator, asset.copyright)
    assert stated == {"SKU-1": ("Ann", "© 2026"), "SKU-2": (None, None)}


def test_a_job_from_a_prompt_fills_its_folder_and_names_it_in_its_assets() -> None:
    studio = memory_studio(FakeProvider())
    order = replace(an_order("a", "b"), origin=Origin(folder="SKU-1"))
    job = studio.create(TENANT, order, a_key())
    Engine(studio).run_executions()
    pairs = studio.raw.folders.pairs(TENANT, "SKU-1", 50, None).pairs
    made = {pair.result.asset_id for pair in pairs if pair.result}
    assets = studio.raw.assets.get_many(TENANT, made)
    assert len(made) == 2
    assert {(asset.folder, asset.job_id) for asset in assets.values()} == {("SKU-1", job.job_id)}
    assert studio.raw.folders.get(TENANT, "SKU-1").standalone == 2
