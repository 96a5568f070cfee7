"""Changes of slots: what a caller gives becomes a new slot, or a new state of one."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from studio.domain.contents.model import Article, Content, Slot, SlotDevice, SlotType, count_slots
from studio.domain.contents.rules import check_place, check_shape
from studio.domain.orders.pointers import locate_errors

# What an image is made from; a change of it puts the slot back to pending.
_ORDERED = ("type", "position", "device", "prompt")


def new_slot(
    others: Sequence[Slot],
    number: int,
    *,
    slot_type: SlotType,
    position: int | None,
    device: SlotDevice,
    prompt: str | None,
    alt_text: str | None,
    at: datetime,
) -> Slot:
    """Return a new slot that goes with the other slots of its content.

    Raises:
        InvalidRequestError: type and position do not go together.
        StateConflictError: its place is taken.
    """
    slot = Slot(
        number=number,
        type=slot_type,
        position=position,
        device=device,
        prompt=prompt,
        alt_text=alt_text,
        created_at=at,
        updated_at=at,
    )
    check_shape(slot)
    check_place(slot, others)
    return slot


def changed_slot(
    before: Slot, others: Sequence[Slot], changes: Mapping[str, Any], at: datetime
) -> Slot:
    """Return a slot with the members of ``changes``.

    A change of what the image is made from puts the slot back to pending, and so does the status
    ``pending``: its results are forgotten then, and a result that is still being made is not
    taken over.

    Raises:
        InvalidRequestError, StateConflictError: as ``new_slot``.
    """
    wanted = {name: value for name, value in changes.items() if name != "status"}
    after = replace(before, **wanted, revision=before.revision + 1, updated_at=at)
    check_shape(after)
    check_place(after, others)
    reset = "status" in changes and before.status != "pending"
    if reset or any(getattr(after, name) != getattr(before, name) for name in _ORDERED):
        version = before.version + 1
        return replace(after, status="pending", version=version, results=(), notice=None)
    return after


def new_article(content: Content, slots: Sequence[Mapping[str, Any]]) -> Article:
    """Return a new content with new slots.

    Args:
        content: The content without slots.
        slots: The arguments of ``new_slot`` for each slot, without number and time.

    Raises:
        InvalidRequestError, StateConflictError: as ``new_slot``; pointers are below ``/images``.
    """
    made: list[Slot] = []
    for index, members in enumerate(slots):
        with locate_errors({"": f"/images/{index}"}):
            made.append(new_slot(made, index + 1, **members, at=content.created_at))
    counted = replace(content, counts=count_slots(made), last_slot=len(made))
    return Article(counted, tuple(made))
