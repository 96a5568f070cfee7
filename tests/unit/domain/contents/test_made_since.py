"""made_since: an image is not made again for a slot that another job has filled."""

from typing import Any

import pytest

from studio.domain.contents.made_since import made_since
from studio.domain.contents.model import Slot, SlotResult
from studio.domain.jobs.image_spec import Device, SlotRef
from studio.domain.jobs.model import Item, ItemStatus
from tests.support.builders import a_job, a_spec, an_item
from tests.support.contents import a_slot

OLD, OWN, NEW = (f"ast_01KGA2Y3Z4M5N6P7Q8R9S0T1V{digit}" for digit in "123")
BOTH: tuple[Device, ...] = ("desktop", "mobile")


def image(status: ItemStatus = "failed", **ref: Any) -> Item:
    spec = a_spec(slot=SlotRef("cnt_1", 1, 1, **ref))
    return an_item(a_job(), spec=spec, status=status, asset_id=OWN)


def slot(*results: SlotResult, **changes: Any) -> Slot:
    return a_slot(results=results, **{"status": "generated", **changes})


def result(asset_id: str | None, device: Device = "all", **changes: Any) -> SlotResult:
    return SlotResult(device, asset_id, **changes)


@pytest.mark.parametrize("status", ["failed", "unknown"])
def test_a_result_without_an_error_is_of_another_job(status: ItemStatus) -> None:
    assert made_since(slot(result(NEW)), image(status)) == NEW
    assert made_since(slot(result(OLD)), image(status)) == OLD


def test_the_result_before_a_cancelled_order_does_not_count() -> None:
    assert made_since(slot(result(OLD)), image("cancelled")) is None
    assert made_since(slot(result(NEW)), image("cancelled")) == NEW


def test_a_failure_keeps_the_earlier_image_and_is_to_be_made() -> None:
    failed = result(OLD, error_code="moderation", error_message="No.")
    assert made_since(slot(failed, status="failed"), image()) is None


@pytest.mark.parametrize("status", ["pending", "failed"])
def test_a_slot_without_results_is_to_be_made(status: Any) -> None:
    assert made_since(slot(status=status), image()) is None


def test_an_image_of_one_device_looks_at_its_own_result() -> None:
    pending = slot(result(NEW, "desktop"), status="pending")
    assert made_since(pending, image(devices=("desktop",), wanted=BOTH)) == NEW
    assert made_since(pending, image(devices=("mobile",), wanted=BOTH)) is None
    assert made_since(pending, image(devices=BOTH, wanted=BOTH, renditions=True)) is None


def test_a_slot_that_is_generated_for_other_devices_is_made() -> None:
    made = slot(result(NEW, "desktop"))
    assert made_since(made, image(devices=("mobile",), wanted=BOTH)) == NEW
    assert made_since(made, image(devices=BOTH, wanted=BOTH, renditions=True)) == NEW


def test_an_image_without_a_slot_is_never_made_for_one() -> None:
    assert made_since(slot(result(NEW)), an_item(a_job(), status="failed")) is None
