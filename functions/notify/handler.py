"""Notify: what ended is told to webhooks, and by mail to who asked for it."""

import os
from functools import lru_cache
from typing import Any

from aws_lambda_powertools import Logger

from studio.adapters import clients
from studio.adapters.dynamodb.webhooks import DynamoWebhookStore
from studio.adapters.notifications import SesMailer, SqsDeliveryQueue
from studio.clock import utc_now
from studio.config import settings
from studio.domain.webhooks.recipients import Recipients
from studio.services.webhooks.end_mail import SendEndMail
from studio.services.webhooks.notify import Notify

logger = Logger()


@lru_cache
def build() -> Notify:
    """Wire the service; kept while the function is warm."""
    catalog, queue = settings("CATALOG_TABLE_NAME", "DELIVERY_QUEUE_URL")
    sender = os.environ.get("NOTIFICATION_SENDER")
    store = DynamoWebhookStore(clients.dynamodb(), catalog)
    mail = SendEndMail(
        mail_log=store,
        mailer=SesMailer(clients.ses(), sender) if sender else None,
        recipients=Recipients.of(sender, os.environ.get("NOTIFICATION_DOMAINS")),
        now=utc_now,
    )
    return Notify(store, SqsDeliveryQueue(clients.sqs(), queue), mail, utc_now)


@logger.inject_lambda_context(correlation_id_path="detail.id")
def lambda_handler(event: dict[str, Any], context: object) -> dict[str, int]:
    """Queue an event for everybody who wants it."""
    queued = build().run(event["detail-type"], event["detail"])
    logger.info("event told", extra={"type": event["detail-type"], "webhooks": queued})
    return {"webhooks": queued}
