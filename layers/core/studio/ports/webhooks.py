"""What the services of notification need from the outside."""

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
            PreconditionFailedError: it changed meanwhile.
        """
        ...

    def delete(self, webhook: Webhook) -> None:
        """Take a webhook away.

        Raises:
            PreconditionFailedError: it changed meanwhile.
        """
        ...

    def switch_off(self, webhook: Webhook, reason: str) -> None:
        """Send nothing more to a webhook at this URL; one that moved meanwhile or is gone stays."""
        ...

    def open_delivery(self, delivery: Delivery) -> bool:
        """Write a new delivery; False if it is there already, which then stays."""
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
        self, delivery: Delivery, status: DeliveryStatus, attempt: Attempt, due_at: datetime
    ) -> bool:
        """Write down a try of a delivery; False if another one was written meanwhile."""
        ...

    def reopen(self, delivery: Delivery, due_at: datetime) -> bool:
        """Queue a delivery anew, as if it had never been tried; its log stays.

        False if it moved meanwhile.
        """
        ...


class WebhookSecrets(Protocol):
    """The signing secrets of webhooks."""

    def get(self, tenant: str, webhook_id: str) -> SigningSecret:
        """Return the secret of a webhook.

        Raises:
            NotFoundError: there is none.
        """
        ...

    def put(self, tenant: str, webhook_id: str, secret: SigningSecret) -> None:
        """Write the secret of a webhook."""
        ...

    def delete(self, tenant: str, webhook_id: str) -> None:
        """Forget the secret of a webhook; one that is gone stays gone."""
        ...


class DeliveryQueue(Protocol):
    """Deliveries that wait for their next try."""

    def send(
        self, tenant: str, webhook_id: str, delivery_id: str, *, tries: int, seconds: int
    ) -> None:
        """Queue a try, to come after so many seconds, at most 900."""
        ...


class Mailer(Protocol):
    """Sends mail."""

    def send(self, to: str, subject: str, text: str) -> None:
        """Send a mail.

        Raises:
            MailRefusedError: it will not be sent, now or later.
        """
        ...


class MailLog(Protocol):
    """Which mails were sent."""

    def claim(self, tenant: str, event_id: str, at: datetime) -> bool:
        """Record that the mail of an event is being sent; return False if a record exists."""
        ...

    def release(self, tenant: str, event_id: str) -> None:
        """Delete the record, because the mail was not sent."""
        ...
