"""ManageWebhooks: create, change and test webhooks, rotate secrets, and repeat deliveries."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from studio.clock import Clock
from studio.domain.webhooks.model import MAX_WEBHOOKS, OVERDUE, Delivery, Webhook
from studio.domain.webhooks.signature import SigningSecret, is_secret, new_secret
from studio.errors import (
    FieldError,
    InvalidRequestError,
    StateConflictError,
    TargetRefusedError,
    TargetUnreachableError,
)
from studio.ids import new_id
from studio.ports.web import WebClient
from studio.ports.webhooks import DeliveryQueue, WebhookSecrets, WebhookStore
from studio.services.webhooks.notify import envelope


@dataclass(frozen=True, slots=True)
class ManageWebhooks:
    """The service behind /v1/webhooks."""

    webhooks: WebhookStore
    secrets: WebhookSecrets
    queue: DeliveryQueue
    web: WebClient
    now: Clock

    def create(
        self,
        tenant: str,
        url: str,
        events: Sequence[str],
        secret: str | None,
        email: str | None = None,
    ) -> tuple[Webhook, str]:
        """Create a webhook; return it with its secret, which is not shown again.

        Args:
            tenant: The account.
            url: Where its events are sent.
            events: Which events are sent.
            secret: Signs the events, None for a new one.
            email: Address of the user, who gets a mail if the studio disables the webhook.

        Raises:
            InvalidRequestError: the URL is not allowed, or the secret is malformed.
            StateConflictError: the tenant has the largest number of webhooks already.
        """
        self._check(url)
        if secret is not None and not is_secret(secret):
            detail = "A secret is whsec_ and base64 of 24 to 64 bytes"
            raise InvalidRequestError(FieldError("/secret", "not-a-secret", detail))
        if len(self.webhooks.all(tenant)) >= MAX_WEBHOOKS:
            raise StateConflictError(f"an account has at most {MAX_WEBHOOKS} webhooks")
        at = self.now()
        webhook = Webhook(tenant, new_id("whk", at), url, tuple(events), at, notify_email=email)
        new = secret or new_secret()
        # The secret comes first, because a delivery needs it.
        self.secrets.put(tenant, webhook.webhook_id, SigningSecret(new))
        self.webhooks.put(webhook)
        return webhook, new

    def change(
        self,
        webhook: Webhook,
        *,
        url: str | None,
        events: Sequence[str] | None,
        active: bool | None,
    ) -> Webhook:
        """Change a webhook; None keeps a value.

        Enabling it clears why it was disabled. That and another URL begin the count of dead
        deliveries at 0.

        Raises:
            InvalidRequestError: the URL is not allowed.
            PreconditionFailedError: it changed meanwhile.
        """
        if url is not None:
            self._check(url)
        fresh = active or url not in (None, webhook.url)
        changed = replace(
            webhook,
            url=url or webhook.url,
            events=tuple(events or webhook.events),
            active=webhook.active if active is None else active,
            disabled_reason=None if active else webhook.disabled_reason,
            disabled_at=None if active else webhook.disabled_at,
            dead_in_a_row=0 if fresh else webhook.dead_in_a_row,
            enabled_at=self.now() if active and not webhook.active else webhook.enabled_at,
            version=webhook.version + 1,
        )
        self.webhooks.put(changed)
        return changed

    def delete(self, webhook: Webhook) -> None:
        """Delete a webhook, then its secret.

        Raises:
            PreconditionFailedError: it changed meanwhile.
        """
        self.webhooks.delete(webhook)
        self.secrets.delete(webhook.tenant, webhook.webhook_id)

    def rotate_secret(self, tenant: str, webhook_id: str) -> str:
        """Give a webhook a new secret and return it; the old one also signs for a day.

        Raises:
            NotFoundError: the tenant has no such webhook.
        """
        self.webhooks.get(tenant, webhook_id)
        new = new_secret()
        current = self.secrets.get(tenant, webhook_id)
        self.secrets.put(tenant, webhook_id, current.replaced(new, self.now()))
        return new

    def test(self, tenant: str, webhook_id: str) -> Delivery:
        """Send a ``webhook.test`` event to one webhook, even if it does not subscribe to it.

        Raises:
            NotFoundError: the tenant has no such webhook.
            StateConflictError: it is disabled.
        """
        webhook = self.webhooks.get(tenant, webhook_id)
        if not webhook.active:
            raise StateConflictError("the webhook is disabled")
        at = self.now()
        event_id = new_id("evt", at)
        data = {"webhook_id": webhook_id}
        delivery = Delivery(
            tenant=tenant,
            webhook_id=webhook_id,
            delivery_id=new_id("dlv", at),
            event_id=event_id,
            event_type="webhook.test",
            body=envelope(event_id, "webhook.test", at, tenant, data),
            created_at=at,
            due_at=at,
        )
        self.webhooks.open_delivery(delivery)
        self._queue(delivery)
        return delivery

    def redeliver(self, tenant: str, webhook_id: str, delivery_id: str) -> Delivery:
        """Queue a delivery again that is delivered, dead or lost.

        Raises:
            NotFoundError: there is no such delivery.
            StateConflictError: it is still being tried.
        """
        delivery = self.webhooks.delivery(tenant, webhook_id, delivery_id)
        at = self.now()
        # A delivery that is long overdue was lost before or in the queue.
        lost = at >= delivery.due_at + OVERDUE
        waits = delivery.status == "waiting" and not lost
        if waits or not self.webhooks.reopen(delivery, at):
            raise StateConflictError("the delivery is still being tried")
        self._queue(delivery)
        return replace(delivery, status="waiting", attempt_count=0, due_at=at)

    def _queue(self, delivery: Delivery) -> None:
        self.queue.send(
            delivery.tenant, delivery.webhook_id, delivery.delivery_id, attempt_count=0, seconds=0
        )

    def _check(self, url: str) -> None:
        try:
            self.web.check(url)
        except TargetRefusedError as error:
            raise InvalidRequestError(FieldError("/url", error.reason, str(error))) from error
        except TargetUnreachableError as error:
            raise InvalidRequestError(FieldError("/url", "unreachable", str(error))) from error
