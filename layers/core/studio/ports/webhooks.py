"""Ports of notifications: webhooks, their secrets and deliveries, and mails."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from studio.domain.webhooks.model import Attempt, Delivery, DeliveryStatus, Webhook
from studio.domain.webhooks.signature import SigningSecret


@dataclass(frozen=True, slots=True)
class DeliveryPage:
    """One page of deliveries, newest first; ``next_after`` is the id to continue behind."""

    deliveries: Sequence[Delivery]
    next_after: str | None


class WebhookStore(Protocol):
    """Webhooks and the log of their deliveries."""

    def get(self, tenant: str, webhook_id: str) -> Webhook:
        """Return a webhook.

        Raises:
            NotFoundError: the tenant has no such webhook.
        """
        ...

    def all(self, tenant: str) -> Sequence[Webhook]:
        """Return all webhooks of a tenant, oldest first."""
        ...

    def put(self, webhook: Webhook) -> None:
        """Write a webhook at its version: a new one, or the next of the version before.

        Raises:
            PreconditionFailedError: the webhook has changed.
        """
        ...

    def delete(self, webhook: Webhook) -> None:
        """Delete a webhook.

        Raises:
            PreconditionFailedError: the webhook has changed.
        """
        ...

    def switch_off(self, webhook: Webhook, reason: str, at: datetime) -> None:
        """Switch a webhook off, unless it is off, has another URL by now or is gone."""
        ...

    def count_dead(self, webhook: Webhook) -> int:
        """Count a dead delivery and return how many there are in a row.

        Returns:
            0 if the webhook has another URL by now or is gone.
        """
        ...

    def forget_dead(self, webhook: Webhook) -> None:
        """Begin the count of dead deliveries at 0, unless the webhook is gone."""
        ...

    def open_delivery(self, delivery: Delivery) -> bool:
        """Write a new delivery; return False if it exists, which then stays."""
        ...

    def delivery(self, tenant: str, webhook_id: str, delivery_id: str) -> Delivery:
        """Return a delivery.

        Raises:
            NotFoundError: the webhook has no such delivery.
        """
        ...

    def deliveries(
        self, tenant: str, webhook_id: str, limit: int, after: str | None
    ) -> DeliveryPage:
        """Return deliveries of a webhook, newest first."""
        ...

    def record(
        self,
        delivery: Delivery,
        status: DeliveryStatus,
        attempt: Attempt,
        due_at: datetime,
        *,
        parked: bool = False,
    ) -> bool:
        """Record a try of a delivery; return False if another try was recorded before.

        A delivery that is parked is found by ``due_deliveries`` from ``due_at`` on.
        """
        ...

    def park(self, delivery: Delivery) -> bool:
        """Park a waiting delivery until it is due; return False if it has changed."""
        ...

    def due_deliveries(
        self, at: datetime, limit: int, after: Delivery | None
    ) -> Sequence[Delivery]:
        """Return parked deliveries of all tenants that are due, longest due first."""
        ...

    def unpark(self, delivery: Delivery) -> bool:
        """Take a delivery that is queued again out of the parked ones.

        Returns:
            False if the delivery has changed.
        """
        ...

    def reopen(self, delivery: Delivery, due_at: datetime) -> bool:
        """Queue a delivery again with no tries counted; its log stays.

        Returns:
            False if the delivery has changed.
        """
        ...


class WebhookSecrets(Protocol):
    """The signing secrets of webhooks."""

    def get(self, tenant: str, webhook_id: str) -> SigningSecret:
        """Return the secret of a webhook.

        Raises:
            NotFoundError: the webhook has no secret.
        """
        ...

    def put(self, tenant: str, webhook_id: str, secret: SigningSecret) -> None:
        """Write the secret of a webhook."""
        ...

    def delete(self, tenant: str, webhook_id: str) -> None:
        """Delete the secret of a webhook, if it exists."""
        ...


class DeliveryQueue(Protocol):
    """Deliveries that wait for their next try."""

    def send(
        self, tenant: str, webhook_id: str, delivery_id: str, *, attempt_count: int, seconds: int
    ) -> None:
        """Queue a try that is delivered after ``seconds``, at most 900."""
        ...


class Mailer(Protocol):
    """Sends mail."""

    def send(self, to: str, subject: str, text: str) -> None:
        """Send a mail.

        Raises:
            MailRefusedError: the mail service refuses the mail for good.
        """
        ...


class MailLog(Protocol):
    """Log of the mails that were sent."""

    def claim(self, tenant: str, event_id: str, at: datetime) -> bool:
        """Record that the mail of an event is being sent; return False if a record exists."""
        ...

    def release(self, tenant: str, event_id: str) -> None:
        """Delete the record, because the mail was not sent."""
        ...
