"""EventSink on EventBridge."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mypy_boto3_events import EventBridgeClient

SOURCE = "image-studio"


@dataclass(frozen=True, slots=True)
class EventBridgeSink:
    """The stack's own bus."""

    client: "EventBridgeClient"
    bus: str

    def emit(self, event_type: str, event_id: str, detail: Mapping[str, object]) -> None:
        """Announce an event.

        Raises:
            RuntimeError: the bus refused the event; the state machine's Retry tries again.
        """
        answer = self.client.put_events(
            Entries=[
                {
                    "EventBusName": self.bus,
                    "Source": SOURCE,
                    "DetailType": event_type,
                    "Detail": json.dumps({"id": event_id, **detail}),
                }
            ]
        )
        if answer["FailedEntryCount"]:
            raise RuntimeError(f"the event bus refused {event_type}")
