"""A webhook, its deliveries, and the moves of a delivery."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

MAX_WEBHOOKS = 20
KEPT = timedelta(days=30)
SECONDS_TO_ANSWER = 10
OVERDUE = timedelta(minutes=30)
ANSWER_KEPT = 500

DELAYS: tuple[timedelta, ...] = (
    timedelta(0),
    timedelta(seconds=5),
    timedelta(seconds=30),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=8),
    timedelta(hours=24),
)
"""How long after the last try the next one comes; there is none after the last of these."""

DeliveryStatus = Literal["waiting", "delivered", "dead"]


@dataclass(frozen=True, slots=True)
class Webhook:
    """Where a tenant wants its events sent.

    Attributes:
        events: Types it wants; one that ends in ``.*`` stands for all of its kind.
        active: Whether anything is sent to it.
        disabled_reason: Why the studio switched it off, None if it did not.
        version: 1, then one more with each change.
    """

    tenant: str
    webhook_id: str
    url: str
    events: tuple[str, ...]
    created_at: datetime
    active: bool = True
    disabled_reason: str | None = None
    version: int = 1

    def wants(self, event_type: str) -> bool:
        """Tell whether events of a type are sent to it."""
        kind = event_type.partition(".")[0]
        return self.active and bool({event_type, f"{kind}.*"} & set(self.events))


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try: the status and the beginning of the answer, or why there was none."""

    at: datetime
    milliseconds: int
    status: int | None = None
    answer: str | None = None
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Delivery:
    """One event on its way to one webhook.

    Attributes:
        delivery_id: Given by webhook and event, so that a repeated event is the same delivery.
        body: The JSON text that is sent, the same at every try.
        tries: How often it was tried since it was last queued.
        due_at: When the next try may come.
        attempts: The newest tries, oldest first.
    """

    tenant: str
    webhook_id: str
    delivery_id: str
    event_id: str
    event_type: str
    body: str
    created_at: datetime
    due_at: datetime
    status: DeliveryStatus = "waiting"
    tries: int = 0
    attempts: tuple[Attempt, ...] = ()


def next_try(tries: int, at: datetime) -> datetime | None:
    """When a delivery that failed is tried again, None where it has been tried often enough."""
    return at + DELAYS[tries] if tries < len(DELAYS) else None
