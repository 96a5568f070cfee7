"""Notify: sends an event to the webhooks that subscribe to it, and by mail."""

from functools import lru_cache
from typing import Any

from aws_lambda_powertools import Logger

from studio.adapters import clients
from studio.adapters.delivery_queue import SqsDeliveryQueue
from studio.adapters.dynamodb.webhooks import DynamoWebhookStore
from studio.adapters.mailer import SesMailer
from studio.clock import utc_now
from studio.config import Settings
from studio.domain.webhooks.recipients import Recipients
from studio.services.webhooks.end_mail import SendEndMail
from studio.services.webhooks.notify import Notify

logger = Logger()


@lru_cache
def build() -> Notify:
    """Wire the service; kept while the function is warm."""
    settings = Settings.read(
        "CATALOG_TABLE_NAME", "DELIVERY_QUEUE_URL", "NOTIFICATION_SENDER", "NOTIFICATION_DOMAINS"
    )
    sender = settings.notification_sender
    store = DynamoWebhookStore(clients.dynamodb(), settings.catalog_table)
    mail = SendEndMail(
        mail_log=store,
        mailer=SesMailer(clients.ses(), sender) if sender else None,
        recipients=Recipients.of(sender, settings.notification_domains),
        now=utc_now,
    )
    queue = SqsDeliveryQueue(clients.sqs(), settings.delivery_queue_url)
    return Notify(store, queue, mail, utc_now)


@logger.inject_lambda_context(correlation_id_path="detail.id")
def lambda_handler(event: dict[str, Any], context: object) -> dict[str, int]:
    """Queue an event for each webhook that subscribes to it, and send its mail."""
    queued = build().run(event["detail-type"], event["detail"])
    logger.info("event told", extra={"type": event["detail-type"], "webhooks": queued})
    return {"webhooks": queued}
