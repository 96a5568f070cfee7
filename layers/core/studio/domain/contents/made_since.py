"""Images of an ended job whose slots another job has made since."""

from studio.domain.contents.model import Slot
from studio.domain.jobs.model import Item


def made_since(slot: Slot, item: Item) -> str | None:
    """Return the asset that a slot has in the place of an image, None if it lacks one.

    Args:
        slot: As it is now.
        item: An image that was ordered for the slot and has no result of its own.
    """
    ref = item.spec.slot
    if ref is None:
        return None
    made = {one.device: one.asset_id for one in slot.results if one.error_code is None}
    own = {device: made[device] for device in ref.devices if device in made}
    if slot.status != "generated" and len(own) < len(ref.devices):
        return None
    newest = max((asset_id for asset_id in (own or made).values() if asset_id), default=None)
    if newest is None or (item.status == "cancelled" and newest < item.asset_id):
        # A cancelled image leaves in the slot what was there before its order.
        return None
    return newest
