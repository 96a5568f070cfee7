"""Port of contents and their image slots."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from studio.domain.contents.model import Article, Content, Slot, SlotStatus


@dataclass(frozen=True, slots=True)
class ContentFilter:
    """Properties that listed contents have in common.

    Attributes:
        external_ref: The caller's name for it, None for any.
        status: A state that at least one slot is in, None for any.
    """

    external_ref: str | None = None
    status: SlotStatus | None = None


@dataclass(frozen=True, slots=True)
class ContentPage:
    """One page of contents, newest first; ``next_after`` is the id to continue behind."""

    contents: Sequence[Content]
    next_after: str | None


class ContentStore(Protocol):
    """Contents with their slots. Jobs claim contents and end slots, see ``JobStore``."""

    def create(self, article: Article) -> None:
        """Write a new content with its slots."""
        ...

    def load(self, tenant: str, content_id: str) -> Article:
        """Return a content with its slots, in one read.

        Raises:
            NotFoundError: the tenant has no such content.
        """
        ...

    def page(
        self, tenant: str, wanted: ContentFilter, limit: int, after: str | None
    ) -> ContentPage:
        """Return contents of a tenant, newest first; the newest may be missing for a moment."""
        ...

    def change(self, before: Content, after: Content) -> None:
        """Write the title, meta title, reference and labels of a content.

        Raises:
            PreconditionFailedError: a caller has changed the content or a slot.
        """
        ...

    def delete(self, article: Article, at: datetime) -> None:
        """Delete a content with its slots.

        Raises:
            StateConflictError: a job makes images for it.
            PreconditionFailedError: a caller has changed the content or a slot.
        """
        ...

    def put_slot(self, before: Content, slot: Slot, replaces: Slot | None) -> None:
        """Write a slot and count it in its content; ``replaces`` is None for a new one.

        Raises:
            PreconditionFailedError: the content or the slot has changed.
        """
        ...

    def delete_slot(self, before: Content, slot: Slot, at: datetime) -> None:
        """Delete a slot and take it out of the counts of its content.

        Raises:
            PreconditionFailedError: the content or the slot has changed.
        """
        ...
