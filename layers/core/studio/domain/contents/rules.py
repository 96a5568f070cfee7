"""Rules for the slots of a content: one featured image, and a position once for each device.

So a content has at most 11 slots: the featured one, and two at each of five positions.
"""

from collections.abc import Iterable

from studio.domain.contents.model import Slot, label_of
from studio.errors import FieldError, InvalidRequestError, StateConflictError


def check_shape(slot: Slot) -> None:
    """Check that type and position go together.

    Raises:
        InvalidRequestError: names the position.
    """
    if slot.type == "featured" and slot.position is not None:
        detail = "The featured image has no position"
        raise InvalidRequestError(FieldError("/position", "not-allowed", detail))
    if slot.type == "in_article" and slot.position is None:
        detail = "An in-article image needs a position from 1 to 5"
        raise InvalidRequestError(FieldError("/position", "required", detail))


def check_place(slot: Slot, others: Iterable[Slot]) -> None:
    """Check that the other slots of the content leave the place of a slot free.

    Raises:
        StateConflictError: there is another featured image, or the position is taken.
    """
    for other in others:
        if slot.type == other.type == "featured":
            raise StateConflictError("the content has a featured image already")
        same_place = slot.type == other.type and slot.position == other.position
        if same_place and (slot.device == other.device or "all" in (slot.device, other.device)):
            raise StateConflictError(
                f"{label_of(other)} for device {other.device} is there already; "
                "a position has one image for all devices, or one for each"
            )
