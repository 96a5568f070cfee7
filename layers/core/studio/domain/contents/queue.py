"""The queue of a run: which slots it makes, in which order, and why it leaves others out."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from studio.domain.contents.model import Article, Content, Slot, SlotDevice, label_of, slot_order
from studio.domain.contents.names import slot_id
from studio.domain.jobs.image_spec import Device, SlotRef
from studio.domain.operations.values import is_blank
from studio.domain.settings.model import ImageGenerationSettings

Reason = Literal["no-prompt", "not-pending", "over-limit", "device-disabled"]

WHY: dict[Reason, str] = {
    "no-prompt": "it has no prompt",
    "not-pending": "it is not pending",
    "over-limit": "the settings allow fewer in-article images in one run",
    "device-disabled": "its device is off in the settings",
}
"""What each reason means, in words."""


@dataclass(frozen=True, slots=True)
class QueueItem:
    """One image that a run makes.

    Attributes:
        prompt: The prompt of the slot.
        size: Width and height in pixels, None to leave them to the studio.
        renditions: Name and size of the files to make of it.
        ref: The slot that it is for.
    """

    content: Content
    slot: Slot
    label: str
    prompt: str
    size: str | None
    renditions: tuple[tuple[str, str], ...]
    ref: SlotRef


@dataclass(frozen=True, slots=True)
class Excluded:
    """A slot that a run leaves out, and why."""

    content: Content
    slot: Slot
    reason: Reason

    @property
    def sentence(self) -> str:
        """Sentence for people that names the image left out and the reason."""
        return f"{label_of(self.slot)} of {self.content.title!r} is left out: {WHY[self.reason]}."


@dataclass(frozen=True, slots=True)
class Queue:
    """Images that a run makes, in its order, and those that it leaves out."""

    items: tuple[QueueItem, ...]
    excluded: tuple[Excluded, ...]


def queue_of(
    settings: ImageGenerationSettings,
    articles: Sequence[Article],
    wanted: Collection[str] | None = None,
    *,
    force: bool = False,
) -> Queue:
    """Return the queue of a run over contents, content by content.

    Of each content, the featured image comes first and the in-article images follow by position.
    The limit of the settings counts positions, so an image for each device counts once.

    Args:
        settings: Those of the account.
        articles: The contents with their slots.
        wanted: Ids of the slots to make, None for all.
        force: Whether slots are made again that are not pending.
    """
    items: list[QueueItem] = []
    excluded: list[Excluded] = []
    for article in articles:
        positions: set[int] = set()
        for slot in sorted(article.slots, key=slot_order):
            content = article.content
            if wanted is not None and slot_id(content.content_id, slot.number) not in wanted:
                continue
            reason = _obstacle(settings, slot, force=force)
            if reason is None and slot.position is not None:
                positions.add(slot.position)
                if len(positions) > settings.max_in_article_images:
                    reason = "over-limit"
            if reason is None:
                items += _items(settings, content, slot)
            else:
                excluded.append(Excluded(content, slot, reason))
    return Queue(tuple(items), tuple(excluded))


def _obstacle(settings: ImageGenerationSettings, slot: Slot, *, force: bool) -> Reason | None:
    if slot.status != "pending" and not force:
        return "not-pending"
    if slot.prompt is None or is_blank(slot.prompt):
        return "no-prompt"
    if slot.device != "all" and slot.device not in _enabled(settings):
        return "device-disabled"
    return None


def _enabled(settings: ImageGenerationSettings) -> tuple[SlotDevice, ...]:
    devices: tuple[tuple[SlotDevice, bool], ...] = (
        ("desktop", settings.desktop_enabled),
        ("mobile", settings.mobile_enabled),
    )
    return tuple(device for device, enabled in devices if enabled)


def _items(settings: ImageGenerationSettings, content: Content, slot: Slot) -> Iterator[QueueItem]:
    """Yield the images of a slot: one for all its devices, or one for each."""
    devices = _enabled(settings) if slot.device == "all" else (slot.device,)
    separate = settings.separate_generation or slot.device != "all"
    groups: list[tuple[Device, ...]] = [(device,) for device in devices] if separate else [devices]
    for group in groups or [()]:
        sizes = [(device, _size(settings, device)) for device in group]
        yield QueueItem(
            content=content,
            slot=slot,
            label=label_of(slot),
            prompt=slot.prompt or "",
            size=sizes[0][1] if sizes else None,
            renditions=() if separate else tuple(sizes),
            ref=SlotRef(
                content_id=content.content_id,
                number=slot.number,
                version=slot.version,
                devices=group or ("all",),
                wanted=devices or ("all",),
                renditions=bool(sizes) and not separate,
            ),
        )


def _size(settings: ImageGenerationSettings, device: Device) -> str:
    return settings.desktop_size if device == "desktop" else settings.mobile_size
