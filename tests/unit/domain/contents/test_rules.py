"""Rules between the slots of a content."""

from dataclasses import replace

import pytest

from studio.domain.contents.model import Slot, slot_order
from studio.domain.contents.rules import check_place, check_shape
from studio.errors import InvalidRequestError, StateConflictError
from tests.support.contents import a_slot

FEATURED, FIRST = a_slot(1), a_slot(2)


def test_type_and_position_go_together() -> None:
    check_shape(FEATURED)
    check_shape(FIRST)
    for wrong in (replace(FEATURED, position=1), replace(FIRST, position=None)):
        with pytest.raises(InvalidRequestError) as refused:
            check_shape(wrong)
        assert [field.pointer for field in refused.value.fields] == ["/position"]


def test_a_content_has_one_featured_image_whatever_its_device() -> None:
    for device in ("all", "mobile"):
        with pytest.raises(StateConflictError, match="featured"):
            check_place(replace(FEATURED, number=9, device=device), [FIRST, FEATURED])


@pytest.mark.parametrize(
    ("there", "new", "free"),
    [
        ("all", "all", False),
        ("all", "desktop", False),
        ("mobile", "all", False),
        ("mobile", "mobile", False),
        ("desktop", "mobile", True),
    ],
)
def test_a_position_is_taken_once_for_each_device(there: str, new: str, free: bool) -> None:
    others: list[Slot] = [replace(FIRST, device=there)]  # type: ignore[arg-type]
    slot: Slot = replace(FIRST, number=9, device=new)  # type: ignore[arg-type]
    check_place(replace(slot, position=2), others)
    if free:
        check_place(slot, others)
        return
    with pytest.raises(StateConflictError, match="In-Article Image 1"):
        check_place(slot, others)


def test_slots_are_in_order_by_position_and_device() -> None:
    slots = [
        replace(FIRST, position=2), replace(FIRST, device="mobile"),
        replace(FIRST, device="desktop"), FEATURED,
    ]  # fmt: skip
    assert sorted(slots, key=slot_order) == slots[::-1]
