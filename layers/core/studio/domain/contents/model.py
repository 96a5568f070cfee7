"""A content, such as an article, and its image slots."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from studio.domain.jobs.image_spec import Device

SlotType = Literal["featured", "in_article"]
SlotDevice = Literal["all", "desktop", "mobile"]
SlotStatus = Literal["pending", "generated", "failed"]

MIN_POSITION, MAX_POSITION = 1, 5
MAX_SLOTS = 16
MAX_CONTENTS_OF_A_JOB = 20


@dataclass(frozen=True, slots=True)
class SlotResult:
    """Result of a slot on one of its devices.

    Attributes:
        device: The device that it is for, ``all`` if it is for no device of its own.
        asset_id: The newest image, None before the first.
        rendition: The file of the image that is for the device, None for the image itself.
        error_code, error_message: Why the newest try failed; None after a success.
    """

    device: Device
    asset_id: str | None = None
    rendition: str | None = None
    error_code: str | None = None
    error_message: str | None = None


@dataclass(frozen=True, slots=True)
class Slot:
    """The place of one image in a content.

    Attributes:
        number: Its number in the content, from 1. A number is not used again.
        position: Its place among the in-article images; None for the featured one.
        device: The devices that it is for.
        version: 1, then one more with each change of what is to be made. A result of an earlier
            version is not written into the slot.
        revision: 1, then one more with each write.
        results: One entry for each device that has a result.
        notice: What became of a result that was not taken over.
    """

    number: int
    type: SlotType
    position: int | None
    created_at: datetime
    updated_at: datetime
    device: SlotDevice = "all"
    prompt: str | None = None
    alt_text: str | None = None
    status: SlotStatus = "pending"
    version: int = 1
    revision: int = 1
    results: tuple[SlotResult, ...] = ()
    notice: str | None = None


@dataclass(frozen=True, slots=True)
class SlotCounts:
    """Number of slots of a content in each state; always equal to its rows."""

    pending: int = 0
    generated: int = 0
    failed: int = 0

    @property
    def total(self) -> int:
        """Number of all slots."""
        return self.pending + self.generated + self.failed


@dataclass(frozen=True, slots=True)
class Content:
    """A content without its slots.

    Attributes:
        external_ref: The caller's own name for it.
        version: 1, then one more with each change of it or its slots by a caller.
        last_slot: The highest number that a slot was given.
        runs: How many runs of jobs it has been part of.
        job_id: The open job that makes images for it, None for none.
    """

    tenant: str
    content_id: str
    title: str
    created_at: datetime
    created_by: str
    updated_at: datetime
    meta_title: str | None = None
    external_ref: str | None = None
    labels: Mapping[str, str] = field(default_factory=dict)
    version: int = 1
    counts: SlotCounts = SlotCounts()
    last_slot: int = 0
    runs: int = 0
    job_id: str | None = None


@dataclass(frozen=True, slots=True)
class Article:
    """A content with its slots in the order of their numbers."""

    content: Content
    slots: tuple[Slot, ...] = ()


def count_slots(slots: Iterable[Slot]) -> SlotCounts:
    """Return how many slots are in each state."""
    found = Counter(slot.status for slot in slots)
    return SlotCounts(found["pending"], found["generated"], found["failed"])


def slot_order(slot: Slot) -> tuple[int, int, int]:
    """Return the key that sorts slots: the featured one first, then by position and device."""
    return (slot.position or 0, ("all", "desktop", "mobile").index(slot.device), slot.number)


def label_of(slot: Slot) -> str:
    """Return the label of a slot for people."""
    return "Featured Image" if slot.type == "featured" else f"In-Article Image {slot.position}"
