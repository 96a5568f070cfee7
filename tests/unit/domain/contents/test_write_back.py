"""What the end of an image does to its slot."""

from dataclasses import replace
from datetime import timedelta

import pytest

from studio.domain.contents.model import SlotResult
from studio.domain.contents.write_back import takes, written_back
from studio.domain.jobs.image_spec import SlotRef
from studio.domain.jobs.model import ItemError
from tests.support.contents import a_slot
from tests.support.fakes.edges import START

LATER = START + timedelta(minutes=1)
REF = SlotRef("cnt_1", 1, 1)
BOTH = replace(REF, devices=("desktop", "mobile"), wanted=("desktop", "mobile"), renditions=True)
ERROR = ItemError("moderated", "No.")


@pytest.mark.parametrize("status", ["succeeded", "failed", "unknown"])
def test_an_image_that_was_tried_changes_its_slot(status: str) -> None:
    assert takes(status)  # type: ignore[arg-type]


@pytest.mark.parametrize("status", ["cancelled", "skipped"])
def test_an_image_that_was_not_tried_leaves_its_slot_pending(status: str) -> None:
    assert not takes(status)  # type: ignore[arg-type]


def test_one_image_for_two_devices_is_their_rendition() -> None:
    after = written_back(a_slot(), BOTH, "ast_1", None, LATER)
    assert after is not None
    assert (after.status, after.updated_at, after.revision) == ("generated", LATER, 2)
    assert after.results == (
        SlotResult("desktop", "ast_1", "desktop"),
        SlotResult("mobile", "ast_1", "mobile"),
    )


def test_a_failure_after_a_success_keeps_the_image_and_says_why() -> None:
    before = a_slot(status="generated", results=(SlotResult("all", "ast_1"),))
    after = written_back(before, REF, None, ERROR, LATER)
    assert after is not None
    assert after.status == "failed"
    assert after.results == (SlotResult("all", "ast_1", None, "moderated", "No."),)


def test_results_for_devices_that_are_off_now_are_forgotten() -> None:
    before = a_slot(status="generated", results=(SlotResult("all", "ast_1"),))
    one = replace(BOTH, devices=("mobile",), renditions=False)
    after = written_back(before, one, "ast_2", None, LATER)
    assert after is not None
    assert (after.status, after.results) == ("pending", (SlotResult("mobile", "ast_2"),))


def test_a_failure_of_one_device_fails_the_slot_until_it_is_put_right() -> None:
    desktop = replace(BOTH, devices=("desktop",), renditions=False)
    mobile = replace(BOTH, devices=("mobile",), renditions=False)
    failed = written_back(a_slot(), desktop, None, ERROR, LATER)
    assert failed is not None
    half = written_back(failed, mobile, "ast_2", None, LATER)
    assert half is not None
    assert half.status == "failed"
    right = written_back(half, desktop, "ast_1", None, LATER)
    assert right is not None
    assert (right.status, [one.asset_id for one in right.results]) == (
        "generated", ["ast_1", "ast_2"],
    )  # fmt: skip


def test_the_image_of_an_earlier_version_is_named_and_not_taken_over() -> None:
    before = a_slot(version=2)
    after = written_back(before, REF, "ast_1", None, LATER)
    assert after == replace(
        before,
        notice="The image of an earlier version of this slot is asset ast_1.",
        revision=2,
        updated_at=LATER,
    )
    assert written_back(before, REF, None, ERROR, LATER) is None
