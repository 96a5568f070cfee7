"""A webhook, its deliveries, and the state changes of a delivery."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

MAX_WEBHOOKS = 20
MAX_DEAD_IN_A_ROW = 20
"""So many dead deliveries without one that was delivered switch a webhook off."""

DISABLED = "webhook.disabled"
"""The event about a webhook that the studio switched off."""

KEPT = timedelta(days=30)
SECONDS_TO_ANSWER = 10
OVERDUE = timedelta(minutes=30)
LONGEST_IN_QUEUE = timedelta(minutes=15)
"""A longer pause is a parked delivery, which the sweeper queues when it is due."""
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
"""The pause before each try of a delivery, the first one included; no try follows the last."""

DeliveryStatus = Literal["waiting", "delivered", "dead"]
Failure = Literal["address", "dns", "refused", "timeout", "certificate", "connection", "answer"]
"""Why a try failed.

``address``: the studio does not call the address. ``answer``: the status is not 2xx, or there is
none. The others: there was no connection, see ``studio.errors.Unreachable``.
"""


@dataclass(frozen=True, slots=True)
class Webhook:
    """An address that a tenant's events are sent to.

    Attributes:
        events: Types of events to send; one that ends in ``.*`` means all of its kind.
        active: Whether anything is sent to it.
        disabled_reason: Why the studio disabled it, None if it did not.
        disabled_at: When the studio disabled it.
        enabled_at: When it was last enabled again, None if never. What was queued before is not
            sent any more.
        dead_in_a_row: Dead deliveries since the last one that was delivered.
        notify_email: Address of the user who made it, for the mail when the studio disables it.
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
    enabled_at: datetime | None = None
    disabled_at: datetime | None = None
    dead_in_a_row: int = 0
    notify_email: str | None = None

    def takes(self, delivery: "Delivery") -> bool:
        """Tell whether a delivery may be tried: it was queued after the webhook was last off."""
        since = self.enabled_at
        return self.active and (since is None or delivery.queued_at >= since)

    def wants(self, event_type: str) -> bool:
        """Tell whether events of a type are sent to it."""
        kind = event_type.partition(".")[0]
        return self.active and bool({event_type, f"{kind}.*"} & set(self.events))


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try: status and beginning of the answer, or the reason why there is none.

    Attributes:
        failure: Why it failed, in one word; None if it did not, or was not made.
    """

    at: datetime
    milliseconds: int
    status: int | None = None
    answer: str | None = None
    error: str | None = None
    failure: Failure | None = None


@dataclass(frozen=True, slots=True)
class Delivery:
    """One event to send to one webhook.

    Attributes:
        delivery_id: Derived from webhook and event, so a repeated event is the same delivery.
        body: The JSON text to send, the same at every try.
        attempt_count: How often it was tried since it was last queued.
        due_at: When the next try may be made.
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
    attempt_count: int = 0
    attempts: tuple[Attempt, ...] = ()

    @property
    def queued_at(self) -> datetime:
        """When it was last queued: by the event, by a user, or after the try before."""
        return self.attempts[-1].at if self.attempt_count and self.attempts else self.due_at


def next_try(attempt_count: int, at: datetime) -> datetime | None:
    """Return when a failed delivery is tried again, None after the last try."""
    return at + DELAYS[attempt_count] if attempt_count < len(DELAYS) else None


def is_parked(due_at: datetime, at: datetime) -> bool:
    """Tell whether a try is too far away for one message of the queue."""
    return due_at - at > LONGEST_IN_QUEUE
