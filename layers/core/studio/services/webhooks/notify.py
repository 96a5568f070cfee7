"""Notify: makes an event into deliveries to webhooks, and into a mail if the order asks for it."""

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from studio.clock import Clock, parse_rfc3339, rfc3339
from studio.domain.webhooks.model import Delivery, Webhook
from studio.domain.webhooks.recipients import Recipients
from studio.errors import MailRefusedError
from studio.ids import derived_id
from studio.ports.webhooks import DeliveryQueue, Mailer, MailLog, WebhookStore

logger = logging.getLogger(__name__)

# Members that only the bus needs.
_INTERNAL = frozenset({"id", "account_id", "notify_email"})


@dataclass(frozen=True, slots=True)
class Notify:
    """The service behind the rule on ``job.*`` and ``batch.*`` events.

    Attributes:
        mailer: None where the stack sends no mail.
        recipients: The allowed addresses, checked again directly before a mail is sent.
    """

    webhooks: WebhookStore
    queue: DeliveryQueue
    mail_log: MailLog
    mailer: Mailer | None
    recipients: Recipients
    now: Clock

    def run(self, event_type: str, detail: Mapping[str, object]) -> int:
        """Queue an event for each webhook that subscribes to it, and mail it.

        A repeated event makes no second mail and no other deliveries.

        Returns:
            The number of webhooks.
        """
        tenant, event_id = str(detail["account_id"]), str(detail["id"])
        at = parse_rfc3339(str(detail["finished_at"]))
        wanted = [hook for hook in self.webhooks.all(tenant) if hook.wants(event_type)]
        data = {name: value for name, value in detail.items() if name not in _INTERNAL}
        body = envelope(event_id, event_type, at, tenant, data)
        for webhook in wanted:
            self.deliver(webhook, event_id, event_type, body, at)
        if detail.get("notify_email"):
            self._mail(tenant, event_id, event_type, detail)
        return len(wanted)

    def deliver(
        self, webhook: Webhook, event_id: str, event_type: str, body: str, at: datetime
    ) -> str:
        """Queue one event for one webhook; return the delivery's id."""
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
        # Queued again by a repeat: it may have died between the record and the queue, and a
        # try that was made already is known by its count.
        self.queue.send(webhook.tenant, webhook.webhook_id, delivery_id, tries=0, seconds=0)
        return delivery_id

    def _mail(
        self, tenant: str, event_id: str, event_type: str, detail: Mapping[str, object]
    ) -> None:
        if self.mailer is None:
            logger.info("no mail about %s: the stack has no sender", event_id)
            return
        if not self.recipients.takes(str(detail["notify_email"])):
            logger.warning("no mail about %s: the stack does not write to this domain", event_id)
            return
        if not self.mail_log.claim(tenant, event_id, self.now()):
            return
        subject, text = letter(event_type, detail)
        try:
            self.mailer.send(str(detail["notify_email"]), subject, text)
        except MailRefusedError:
            logger.warning("the mail about %s was refused", event_id)
        except Exception:
            self.mail_log.release(tenant, event_id)
            raise


def envelope(
    event_id: str, event_type: str, at: datetime, tenant: str, data: Mapping[str, object]
) -> str:
    """Write the body that receivers get."""
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


def letter(event_type: str, detail: Mapping[str, object]) -> tuple[str, str]:
    """Write the mail about an ended job or batch: subject and text."""
    kind, _, outcome = event_type.partition(".")
    said = outcome.replace("_", " ")
    name = detail.get("name") or detail[f"{kind}_id"]
    counted = ("succeeded", "partially_succeeded", "failed", "skipped", "cancelled", "unknown")
    lines = [
        f"The {kind} {name} has ended: {said}.",
        "",
        *(f"{word.replace('_', ' ')}: {detail[word]}" for word in counted if detail.get(word)),
        f"of: {detail['total']}",
        "",
        f"Cost: {detail['cost']} USD",
    ]
    if detail.get("unknown_costs"):
        lines.append(f"What {detail['unknown_costs']} more calls cost is not known.")
    lines += ["", f"Id: {detail[f'{kind}_id']}"]
    return f"{kind.capitalize()} {said}: {name}"[:200], "\n".join(lines)
