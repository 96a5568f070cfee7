"""Notify: an event becomes deliveries to webhooks, and a mail if the caller asked for one."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from studio.clock import Clock, parse_rfc3339, rfc3339
from studio.domain.webhooks.model import DISABLED, Delivery, Webhook
from studio.ids import derived_id
from studio.ports.webhooks import DeliveryQueue, WebhookStore
from studio.services.webhooks.end_mail import SendEndMail

# Members of the event that receivers do not get.
_INTERNAL = frozenset({"id", "account_id", "notify_email"})


@dataclass(frozen=True, slots=True)
class Notify:
    """The service behind the rule on events of jobs, batches, uploads and webhooks."""

    webhooks: WebhookStore
    queue: DeliveryQueue
    mail: SendEndMail
    now: Clock

    def run(self, event_type: str, detail: Mapping[str, object]) -> int:
        """Queue an event for every webhook that subscribes to it; return how many do.

        That a webhook is disabled is told to all others, because no one subscribes to it.
        A caller who asked for a mail gets one. A repeated event gives the same deliveries and
        no second mail.
        """
        tenant, event_id = str(detail["account_id"]), str(detail["id"])
        at = parse_rfc3339(str(detail.get("finished_at") or detail["created_at"]))
        every = self.webhooks.all(tenant)
        if event_type == DISABLED:
            ended = detail["webhook_id"]
            subscribed = [hook for hook in every if hook.active and hook.webhook_id != ended]
        else:
            subscribed = [hook for hook in every if hook.wants(event_type)]
        data = {name: value for name, value in detail.items() if name not in _INTERNAL}
        body = envelope(event_id, event_type, at, tenant, data)
        for webhook in subscribed:
            self.deliver(webhook, event_id, event_type, body, at)
        if detail.get("notify_email"):
            self.mail.run(str(detail["notify_email"]), event_type, detail)
        return len(subscribed)

    def deliver(
        self, webhook: Webhook, event_id: str, event_type: str, body: str, at: datetime
    ) -> str:
        """Queue one event for one webhook and return the delivery's id."""
        delivery_id = derived_id("dlv", at, f"{webhook.webhook_id} {event_id}")
        now = self.now()
        self.webhooks.open_delivery(
            Delivery(
                tenant=webhook.tenant,
                webhook_id=webhook.webhook_id,
                delivery_id=delivery_id,
                event_id=event_id,
                event_type=event_type,
                body=body,
                created_at=now,
                due_at=now,
            )
        )
        # A repeat queues it again, because the first run may have ended before this line. A try
        # that was made already is recognised by its count.
        self.queue.send(webhook.tenant, webhook.webhook_id, delivery_id, attempt_count=0, seconds=0)
        return delivery_id


def envelope(
    event_id: str, event_type: str, at: datetime, tenant: str, data: Mapping[str, object]
) -> str:
    """Return the body that receivers get, as JSON."""
    return json.dumps(
        {
            "id": event_id,
            "type": event_type,
            "created_at": rfc3339(at),
            "account_id": tenant,
            "data": dict(data),
        },
        separators=(",", ":"),
    )
