"""Port of events."""

from collections.abc import Mapping
from typing import Protocol


class EventSink(Protocol):
    """Sink for events of finished work, at least once; repeats have the same ``event_id``."""

    def emit(self, event_type: str, event_id: str, detail: Mapping[str, object]) -> None:
        """Announce an event."""
        ...
