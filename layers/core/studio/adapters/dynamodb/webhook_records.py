"""Webhooks and deliveries as rows of the table Catalog."""

import json
from datetime import datetime

from studio.adapters.dynamodb.base import Attributes
from studio.clock import parse_rfc3339, rfc3339
from studio.domain.webhooks.model import KEPT, Attempt, Delivery, Webhook

ATTEMPTS_SHOWN = 20
PARKED = "delivery"


def webhook_key(tenant: str, webhook_id: str) -> dict[str, str]:
    """Return the key of a webhook."""
    return {"pk": f"{tenant}#WEBHOOKS", "sk": webhook_id}


def deliveries(tenant: str, webhook_id: str) -> str:
    """Return the partition of a webhook's deliveries."""
    return f"{tenant}#WEBHOOK#{webhook_id}"


def delivery_key(delivery: Delivery) -> dict[str, str]:
    """Return the key of a delivery."""
    return {
        "pk": deliveries(delivery.tenant, delivery.webhook_id),
        "sk": delivery.delivery_id,
    }


def open_members(due_at: datetime) -> Attributes:
    """Return the keys of the index Open, which only parked deliveries have."""
    return {"open": PARKED, "until": rfc3339(due_at)}


def unchanged(delivery: Delivery) -> Attributes:
    """Return the values of the condition that a waiting delivery was not tried meanwhile."""
    return {"tries": delivery.attempt_count, "waiting": "waiting"}


def mail_key(tenant: str, event_id: str) -> dict[str, str]:
    """Return the key of the mail about an event."""
    return {"pk": f"{tenant}#MAIL", "sk": event_id}


def webhook_record(webhook: Webhook) -> Attributes:
    """Return the row of a webhook, without its key."""
    return {
        "url": webhook.url,
        "events": list(webhook.events),
        "created_at": rfc3339(webhook.created_at),
        "active": webhook.active,
        "disabled_reason": webhook.disabled_reason,
        "disabled_at": rfc3339(webhook.disabled_at) if webhook.disabled_at else None,
        "enabled_at": rfc3339(webhook.enabled_at) if webhook.enabled_at else None,
        "dead_in_a_row": webhook.dead_in_a_row,
        "notify_email": webhook.notify_email,
        "version": webhook.version,
    }


def webhook_of(tenant: str, row: Attributes) -> Webhook:
    """Read a webhook back."""
    enabled_at, disabled_at = row.get("enabled_at"), row.get("disabled_at")
    return Webhook(
        tenant=tenant,
        webhook_id=row["sk"],
        url=row["url"],
        events=tuple(row["events"]),
        created_at=parse_rfc3339(row["created_at"]),
        active=row["active"],
        disabled_reason=row.get("disabled_reason"),
        version=row["version"],
        enabled_at=parse_rfc3339(enabled_at) if enabled_at else None,
        disabled_at=parse_rfc3339(disabled_at) if disabled_at else None,
        dead_in_a_row=row.get("dead_in_a_row", 0),
        notify_email=row.get("notify_email"),
    )


def delivery_record(delivery: Delivery) -> Attributes:
    """Return the row of a delivery that is not parked, without its key."""
    return {
        "event_id": delivery.event_id,
        "event_type": delivery.event_type,
        "body": delivery.body,
        "created_at": rfc3339(delivery.created_at),
        "due_at": rfc3339(delivery.due_at),
        "status": delivery.status,
        "tries": delivery.attempt_count,
        "attempts": [attempt_text(attempt) for attempt in delivery.attempts],
        "expires_at": int((delivery.created_at + KEPT).timestamp()),
    }


def delivery_of(row: Attributes) -> Delivery:
    """Read a delivery back."""
    tenant, _, webhook_id = row["pk"].partition("#WEBHOOK#")
    return Delivery(
        tenant=tenant,
        webhook_id=webhook_id,
        delivery_id=row["sk"],
        event_id=row["event_id"],
        event_type=row["event_type"],
        body=row["body"],
        created_at=parse_rfc3339(row["created_at"]),
        due_at=parse_rfc3339(row["due_at"]),
        status=row["status"],
        attempt_count=row["tries"],
        attempts=tuple(map(attempt_of, row["attempts"][-ATTEMPTS_SHOWN:])),
    )


def attempt_text(attempt: Attempt) -> str:
    """Return a try as the text that the row of its delivery keeps."""
    said = [attempt.status, attempt.answer, attempt.error, attempt.failure]
    return json.dumps([rfc3339(attempt.at), attempt.milliseconds, *said], ensure_ascii=False)


def attempt_of(text: str) -> Attempt:
    """Read a try back."""
    at, *members = json.loads(text)
    return Attempt(parse_rfc3339(at), *members)
