"""Changes of a slot at the end of the image that was made for it."""

from dataclasses import replace
from datetime import datetime

from studio.domain.contents.model import Slot, SlotResult, SlotStatus
from studio.domain.jobs.image_spec import Device, SlotRef
from studio.domain.jobs.model import ItemError, ItemStatus


def takes(status: ItemStatus) -> bool:
    """Tell whether an image that ends so changes its slot; a cancelled one stays pending."""
    return status in {"succeeded", "failed", "unknown"}


def written_back(
    slot: Slot, ref: SlotRef, asset_id: str | None, error: ItemError | None, at: datetime
) -> Slot | None:
    """Return a slot after an image of it has ended, None if it stays as it is.

    A slot that was changed since its order keeps its state and names the image in its notice.

    Args:
        slot: As it is now.
        ref: What was ordered.
        asset_id: The finished image, None if there is none.
        error: Why there is none.
        at: When the image ended.
    """
    if slot.version != ref.version:
        if asset_id is None:
            return None
        notice = f"The image of an earlier version of this slot is asset {asset_id}."
        return replace(slot, notice=notice, revision=slot.revision + 1, updated_at=at)
    results = {one.device: one for one in slot.results if one.device in ref.wanted}
    for device in ref.devices:
        results[device] = _result(results.get(device), device, ref, asset_id, error)
    return replace(
        slot,
        status=_status(tuple(results.values()), ref),
        results=tuple(results[device] for device in ref.wanted if device in results),
        notice=None,
        revision=slot.revision + 1,
        updated_at=at,
    )


def _result(
    before: SlotResult | None,
    device: Device,
    ref: SlotRef,
    asset_id: str | None,
    error: ItemError | None,
) -> SlotResult:
    if asset_id is not None:
        return SlotResult(device, asset_id, device if ref.renditions else None)
    kept = before or SlotResult(device)
    return replace(
        kept,
        error_code=error.code if error else None,
        error_message=error.message if error else None,
    )


def _status(results: tuple[SlotResult, ...], ref: SlotRef) -> SlotStatus:
    if any(one.error_code is not None for one in results):
        return "failed"
    return "generated" if len(results) == len(ref.wanted) else "pending"
