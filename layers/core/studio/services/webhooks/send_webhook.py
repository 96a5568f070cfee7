"""SendWebhook: make one signed try of a delivery, and queue or park it for the next try.

Deliveries are at least once: after a crash a try is repeated with the same webhook-id. A short
pause is the delay of a message. A delivery with a longer pause is parked: AWS stops a function
that goes on sending messages to its own queue, so pauses are not chains of messages.
"""

import math
from dataclasses import dataclass
from datetime import datetime

from studio.clock import Clock, rfc3339
from studio.domain.webhooks.model import (
    ANSWER_KEPT,
    DISABLED,
    MAX_DEAD_IN_A_ROW,
    SECONDS_TO_ANSWER,
    Attempt,
    Delivery,
    DeliveryStatus,
    Failure,
    Webhook,
    is_parked,
    next_try,
)
from studio.domain.webhooks.signature import signed_headers
from studio.errors import NotFoundError, TargetRefusedError, TargetUnreachableError
from studio.metrics import emit
from studio.ports.events import EventSink
from studio.ports.web import WebClient
from studio.ports.webhooks import DeliveryQueue, WebhookSecrets, WebhookStore

_GONE = 410


@dataclass(frozen=True, slots=True)
class SendWebhook:
    """The service behind the queue of deliveries."""

    webhooks: WebhookStore
    secrets: WebhookSecrets
    queue: DeliveryQueue
    web: WebClient
    events: EventSink
    now: Clock

    def run(self, tenant: str, webhook_id: str, delivery_id: str, attempt_count: int) -> str:
        """Make the try number ``attempt_count`` (0 for the first) and return the outcome."""
        try:
            delivery = self.webhooks.delivery(tenant, webhook_id, delivery_id)
            webhook = self.webhooks.get(tenant, webhook_id)
        except NotFoundError:
            return "gone"
        if delivery.status != "waiting" or delivery.attempt_count != attempt_count:
            return "made before"
        at = self.now()
        if at < delivery.due_at:
            if is_parked(delivery.due_at, at):
                self.webhooks.park(delivery)
            else:
                self._queue(delivery, attempt_count, delivery.due_at, at)
            return "early"
        if not webhook.takes(delivery):
            when = "was disabled meanwhile" if webhook.active else "is disabled"
            attempt = Attempt(at, 0, error=f"the webhook {when}")
            self.webhooks.record(delivery, "dead", attempt, at)
            _report(delivery, "dead")
            return "dead"
        return self._settle(webhook, delivery, self._try(webhook, delivery, at))

    def _try(self, webhook: Webhook, delivery: Delivery, at: datetime) -> Attempt:
        secret = self.secrets.get(webhook.tenant, webhook.webhook_id)
        headers = signed_headers(secret, delivery.event_id, delivery.body, at)
        try:
            answered = self.web.post(
                webhook.url,
                body=delivery.body.encode(),
                headers={"Content-Type": "application/json", **headers},
                seconds=SECONDS_TO_ANSWER,
                max_answer_bytes=ANSWER_KEPT,
            )
        except TargetRefusedError as error:
            return Attempt(at, 0, error=f"refused: {error}", failure="address")
        except TargetUnreachableError as error:
            took = _milliseconds(at, self.now())
            return Attempt(at, took, error=str(error), failure=error.reason)
        text = answered.body.decode("utf-8", "replace")
        failure: Failure | None = None if _accepted(answered.status) else "answer"
        return Attempt(at, answered.milliseconds, answered.status, text, failure=failure)

    def _settle(self, webhook: Webhook, delivery: Delivery, attempt: Attempt) -> DeliveryStatus:
        """Record the try; a failure that is tried again soon is queued first."""
        at = self.now()
        status, due_at = _verdict(delivery, attempt, at)
        parked = status == "waiting" and is_parked(due_at, at)
        if status == "waiting" and not parked:
            self._queue(delivery, delivery.attempt_count + 1, due_at, at)
        gone = attempt.status == _GONE
        if gone:
            self._switch_off(webhook, "the receiver answered 410 Gone", at)
        recorded = self.webhooks.record(delivery, status, attempt, due_at, parked=parked)
        if recorded and not gone:
            self._count(webhook, status, at)
        if recorded:
            _report(delivery, status)
        return status

    def _count(self, webhook: Webhook, status: DeliveryStatus, at: datetime) -> None:
        """Count dead deliveries in a row, and switch off a webhook that has too many.

        A function that dies before the last step leaves it to the next dead delivery.
        """
        if status == "delivered" and webhook.dead_in_a_row:
            self.webhooks.forget_dead(webhook)
        if status == "dead" and self.webhooks.count_dead(webhook) >= MAX_DEAD_IN_A_ROW:
            self._switch_off(webhook, f"{MAX_DEAD_IN_A_ROW} deliveries in a row failed", at)

    def _switch_off(self, webhook: Webhook, reason: str, at: datetime) -> None:
        """Tell that a webhook is disabled, then disable it; a repeat has the same event id."""
        self.events.emit(
            DISABLED,
            f"evt_{webhook.webhook_id}_{webhook.version}",
            {
                "account_id": webhook.tenant,
                "webhook_id": webhook.webhook_id,
                "url": webhook.url,
                "reason": reason,
                "created_at": rfc3339(at),
                "notify_email": webhook.notify_email,
            },
        )
        self.webhooks.switch_off(webhook, reason, at)

    def _queue(
        self, delivery: Delivery, attempt_count: int, due_at: datetime, at: datetime
    ) -> None:
        seconds = max(0, math.ceil((due_at - at).total_seconds()))
        self.queue.send(
            delivery.tenant,
            delivery.webhook_id,
            delivery.delivery_id,
            attempt_count=attempt_count,
            seconds=seconds,
        )


def _verdict(delivery: Delivery, attempt: Attempt, at: datetime) -> tuple[DeliveryStatus, datetime]:
    """Return the status of the delivery after a try, and when the next try is due."""
    if _accepted(attempt.status):
        return "delivered", at
    due_at = next_try(delivery.attempt_count + 1, at)
    if attempt.status == _GONE or attempt.failure == "address" or due_at is None:
        return "dead", at
    return "waiting", due_at


def _accepted(status: int | None) -> bool:
    return status is not None and 200 <= status < 300


def _milliseconds(start: datetime, end: datetime) -> int:
    return round((end - start).total_seconds() * 1000)


def _report(delivery: Delivery, status: DeliveryStatus) -> None:
    """Count a try by what became of its delivery."""
    facts = {
        "message": "delivery tried",
        "correlation_id": delivery.delivery_id,
        "tenant": delivery.tenant,
    }
    emit({"Deliveries": 1}, {"Outcome": status}, facts=facts)
