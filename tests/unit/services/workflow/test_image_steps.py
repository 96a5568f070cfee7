"""PostProcess, SaveImage and FailImage: from staged bytes to an asset or to a failure."""

import hashlib
from collections import deque
from dataclasses import replace
from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from studio.domain.assets.model import raw_key
from studio.domain.jobs.image_spec import SourceRef
from studio.domain.jobs.model import Counts
from studio.domain.provider_calls.model import Generated, OutcomeUnknown, Throttled
from studio.errors import NotFoundError
from studio.money import UNKNOWN, Cost
from studio.services.jobs.key_use import KeyUse
from studio.services.jobs.redrive_job import Selection
from studio.services.workflow.steps import ImageTask, image_facts, image_of
from tests.support.builders import PRICE, TENANT, a_key, a_picture, an_order, stored, unique
from tests.support.fakes.edges import FakeBlobStore
from tests.support.fakes.provider import FakeProvider
from tests.support.imaging.samples import file_of, quadrants
from tests.support.workflows.job_in_memory import Harness, bench
from tests.support.workflows.jobs import memory_studio


def _process(found: Harness, attempt: int = 1) -> Any:
    return found.studio.post_process.run(found.task(attempt=attempt))


def _save(found: Harness, rendered: Any, attempt: int = 1) -> Any:
    return found.studio.save_image.run(found.task(attempt=attempt), rendered)


def _rendered(*prompts: str, **options: Any) -> tuple[Harness, Any]:
    found = bench(*prompts, **options)
    found.call()
    return found, _process(found)


def _lose_bytes(found: Harness) -> None:
    blobs = found.studio.raw.blobs
    assert isinstance(blobs, FakeBlobStore)
    blobs.blobs.clear()


def test_bytes_become_the_image_that_was_ordered() -> None:
    found, rendered = _rendered("a")
    assert rendered["outcome"] == "rendered"
    assert found.item().stage == "PARSE"
    for name in ("image", "thumbnail"):
        facts = image_of(rendered[name])
        data, _ = found.studio.raw.blobs.read(facts.key)
        assert facts.key == f"staging/{TENANT}/{found.job_id}/0001/1/{name}.webp"
        assert (facts.bytes, facts.sha256) == (len(data), hashlib.sha256(data).hexdigest())
        with Image.open(BytesIO(data)) as picture:
            assert (picture.format, picture.size) == ("WEBP", (facts.width, facts.height))
    assert (image_of(rendered["image"]).width, image_of(rendered["image"]).height) == (64, 64)


def test_processing_twice_gives_the_same() -> None:
    found, rendered = _rendered("a")
    assert _process(found) == rendered


@pytest.mark.parametrize("data", [b"", b"<html>busy</html>", a_picture()[:40]])
def test_bytes_that_are_no_image_fail_the_image_and_are_paid(data: bytes) -> None:
    found, answer = _rendered("a", "b", vendor=FakeProvider(data=data))
    assert answer["outcome"] == "failed"
    item = found.item()
    assert item.status == "failed"
    assert item.error is not None
    assert item.error.code.startswith("image-")
    assert not item.attempt_open
    assert found.job.cost == PRICE.known_micros
    assert _save(found, answer)["outcome"] == "failed"
    assert found.item(2).status == "queued"


def test_an_attempt_that_is_over_is_not_processed() -> None:
    found, _ = _rendered("a")
    assert _process(found, attempt=2)["outcome"] == "failed"
    found.studio.fail_image.run(found.task())
    assert _process(found)["outcome"] == "failed"


def test_an_image_becomes_an_asset_with_its_recipe() -> None:
    found, rendered = _rendered("a red fox")
    assert _save(found, rendered) == {
        "outcome": "succeeded", "attempt": 1, "round": 0, "wait_seconds": 0,
    }  # fmt: skip
    item = found.item()
    asset = found.studio.raw.assets.get(TENANT, item.asset_id)
    assert asset.image.key == f"assets/{TENANT}/{item.asset_id}/image.webp"
    assert found.studio.raw.blobs.read(asset.image.key)
    assert found.studio.raw.blobs.read(asset.thumbnail.key)
    assert (asset.job_id, asset.item, asset.operation) == (found.job_id, 1, "generate")
    assert asset.cost == PRICE
    request = found.studio.provider.requests[0]
    assert asset.recipe == {
        "provider": "openai",
        "model": "gpt-image-2",
        "prompt": "a red fox",
        "original_prompt": None,
        "persona": None,
        "template": None,
        "revised_prompt": None,
        "negative_prompt": None,
        "seed": 7,
        "steps": None,
        "guidance": None,
        "quality": "standard",
        "width": 64,
        "height": 64,
        "output_format": "webp",
        "output_quality": 80,
        "provider_request_id": f"req-{request.request_id}",
    }
    assert (item.status, item.stage, item.cost) == ("succeeded", "DONE", PRICE)
    assert found.job.counts == Counts(1, succeeded=1)


def test_saving_twice_saves_once() -> None:
    found, rendered = _rendered("a")
    first = _save(found, rendered)
    before = found.job, found.items
    assert _save(found, rendered) == first
    assert (found.job, found.items) == before


def test_a_save_that_comes_too_late_changes_nothing() -> None:
    found, rendered = _rendered("a")
    found.studio.fail_image.run(found.task())
    before = found.job, found.items
    assert _save(found, rendered)["outcome"] == "failed"
    assert (found.job, found.items) == before
    with pytest.raises(NotFoundError):
        found.studio.raw.assets.get(TENANT, found.item().asset_id)


def test_a_state_without_an_image_is_a_fault() -> None:
    found, rendered = _rendered("a")
    with pytest.raises(TypeError):
        _save(found, {**rendered, "thumbnail": None})
    assert found.item().status == "running"


def test_the_second_call_of_an_image_adds_to_what_the_first_cost() -> None:
    vendor = FakeProvider(data=b"no picture")
    found, _ = _rendered("a", vendor=vendor)
    found.finish()
    vendor.data = a_picture()
    found.studio.redrive(TENANT, found.job_id, KeyUse("POST redrive", "key", "body"))
    assert found.run().status == "succeeded"
    asset = found.studio.raw.assets.get(TENANT, found.item().asset_id)
    twice = Cost(2 * PRICE.known_micros, PRICE.basis, PRICE.price_version)
    assert asset.cost == found.item().cost == twice
    assert found.job.cost == twice.micros


def test_an_image_from_staged_bytes_costs_what_was_booked_for_it() -> None:
    vendor = FakeProvider(data=b"no picture")
    found, _ = _rendered("a", vendor=vendor)
    found.finish()
    vendor.data = a_picture()
    found.studio.redrive(TENANT, found.job_id, KeyUse("POST redrive", "key-1", "body"))
    found.later(minutes=1)
    assert found.call()["outcome"] == "generated"
    found.studio.fail_image.run(found.task())
    found.studio.workflow.ended.update(found.studio.workflow.executions)
    found.finish()
    found.studio.redrive(TENANT, found.job_id, KeyUse("POST redrive", "key-2", "body"))
    assert found.run().status == "succeeded"
    asset = found.studio.raw.assets.get(TENANT, found.item().asset_id)
    assert asset.cost
    assert asset.cost.micros == found.job.cost == 2 * PRICE.known_micros


def test_an_image_after_an_unknown_call_has_an_unknown_cost() -> None:
    found = bench("a", replies=(OutcomeUnknown("no answer"),))
    found.run()
    unknown = Selection(statuses={"unknown"})
    found.studio.redrive(TENANT, found.job_id, KeyUse("POST redrive", "key", "body"), unknown)
    found.run()
    assert found.studio.raw.assets.get(TENANT, found.item().asset_id).cost == UNKNOWN
    assert found.job.unknown_costs == 1
    assert found.job.cost == PRICE.known_micros


def test_a_crashed_image_that_was_paid_waits_for_its_redrive() -> None:
    found, _ = _rendered("a")
    assert found.studio.fail_image.run(found.task())["outcome"] == "failed"
    item = found.item()
    assert (item.status, item.attempt_open, item.cost) == ("failed", True, PRICE)
    assert item.error is not None
    assert (item.error.code, item.error.retryable) == ("step-failed", True)


def test_a_crashed_call_without_bytes_may_have_been_paid() -> None:
    found = bench("a")
    found.call()
    _lose_bytes(found)
    found.studio.fail_image.run(found.task())
    assert (found.item().status, found.job.unknown_costs) == ("running", 0)
    found.later(minutes=5)
    found.studio.fail_image.run(found.task())
    assert (found.item().status, found.item().cost) == ("unknown", UNKNOWN)
    assert found.job.unknown_costs == 1


def test_a_crashed_call_that_costs_nothing_is_simply_failed() -> None:
    vendor = FakeProvider(repeatable=True, askable=True, cost=Cost(0, "priced", "builtin-1"))
    found = bench("a", provider="builtin", vendor=vendor)
    found.call()
    _lose_bytes(found)
    found.studio.fail_image.run(found.task())
    assert (found.item().status, found.item().cost) == ("failed", None)


def test_an_image_that_waited_too_long_in_the_queue_costs_nothing() -> None:
    found = bench("a", replies=(Throttled("rate_limit", "slow", 5),))
    found.call()
    found.studio.fail_image.run(found.task())
    assert (found.item().status, found.item().cost) == ("failed", None)


def test_an_image_that_ended_or_belongs_to_a_later_run_is_not_failed() -> None:
    found, rendered = _rendered("a")
    _save(found, rendered)
    found.studio.fail_image.run(found.task())
    assert found.item().status == "succeeded"
    other = bench("a")
    other.studio.fail_image.run(replace(other.task(), run=7))
    assert other.item().status == "queued"


def test_bytes_that_expired_leave_a_booked_call_booked_once() -> None:
    found, _ = _rendered("a")
    found.studio.fail_image.run(found.task())
    found.finish()
    _lose_bytes(found)
    found.studio.redrive(TENANT, found.job_id, KeyUse("POST redrive", "key", "body"))
    found.studio.call_provider.run(found.task())
    found.studio.fail_image.run(found.task())
    assert found.job.unknown_costs == 0
    assert found.job.cost == PRICE.known_micros


def test_a_task_is_read_from_the_states_event() -> None:
    event = {"tenant": "acme", "job_id": "job_1", "run": 2, "item": 3, "attempt": 1, "round": 4}
    assert ImageTask.from_event(event) == ImageTask("acme", "job_1", 3, run=2, attempt=1, round=4)
    del event["run"]
    with pytest.raises(KeyError):
        ImageTask.from_event(event)


def test_images_travel_through_the_state_as_plain_facts() -> None:
    picture = stored("staging/acme/job_1/0001/1/image.webp")
    assert image_of(image_facts(picture)) == picture
    assert raw_key("acme", "job_1", 1, 1).rpartition("/")[0] == picture.key.rpartition("/")[0]


def test_the_remarks_of_provider_and_mask_are_in_the_log() -> None:
    mask = SourceRef("ast_2", None, f"assets/{TENANT}/ast_2/image.png", "image/png", 99, 32, 32)
    main = replace(mask, asset_id="ast_1", key=f"assets/{TENANT}/ast_1/image.png")
    vendor = FakeProvider(replies=deque([Generated(a_picture(), PRICE, note="It is unsure")]))
    studio = memory_studio(vendor)
    sources = (main, replace(mask, role="mask"))
    order = an_order("a lamp", sources=sources, operation="edit.inpaint")
    found = Harness(studio, studio.create(TENANT, order, a_key(unique("key"))).job_id)
    blobs = found.studio.raw.blobs
    assert isinstance(blobs, FakeBlobStore)
    for source in (main, mask):
        blobs.write(str(source.key), file_of(quadrants(32, 32), "PNG"), "image/png")
    found.call()
    found.prepare()
    found.call(round=1)

    _save(found, _process(found))

    (text,) = [line.message for line in found.item().log if line.stage == "SAVE"]
    assert "It is unsure" in text
    assert "looks like a photograph" in text
