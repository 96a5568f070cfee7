"""SendWebhook: one try of each delivery whose time has come."""

import json
from functools import lru_cache
from typing import Any

from aws_lambda_powertools import Logger

from studio.adapters import clients
from studio.adapters.delivery_queue import SqsDeliveryQueue
from studio.adapters.dynamodb.webhooks import DynamoWebhookStore
from studio.adapters.events import EventBridgeSink
from studio.adapters.web.guarded_http import GuardedClient
from studio.adapters.webhook_secrets import CACHED_SECONDS, SsmWebhookSecrets
from studio.clock import utc_now
from studio.config import Settings
from studio.services.webhooks.send_webhook import SendWebhook

logger = Logger()


@lru_cache
def build() -> SendWebhook:
    """Wire the service; kept while the function is warm."""
    settings = Settings.read(
        "CATALOG_TABLE_NAME",
        "DELIVERY_QUEUE_URL",
        "WEBHOOK_SECRETS_PATH",
        "TRUSTED_HOSTS",
        "EVENT_BUS_NAME",
    )
    return SendWebhook(
        webhooks=DynamoWebhookStore(clients.dynamodb(), settings.catalog_table),
        secrets=SsmWebhookSecrets(clients.ssm(), settings.webhook_secrets_path, CACHED_SECONDS),
        queue=SqsDeliveryQueue(clients.sqs(), settings.delivery_queue_url),
        web=GuardedClient(trusted_hosts=settings.trusted_hosts),
        events=EventBridgeSink(clients.events(), settings.event_bus),
        now=utc_now,
    )


@logger.inject_lambda_context
def lambda_handler(event: dict[str, Any], context: object) -> dict[str, list[dict[str, str]]]:
    """Try deliveries; SQS delivers the failed messages again."""
    failed = []
    for record in event["Records"]:
        message = json.loads(record["body"])
        try:
            outcome = build().run(
                message["tenant"],
                message["webhook_id"],
                message["delivery_id"],
                message["tries"],
            )
        except Exception:
            logger.exception("delivery failed", extra={"delivery_id": message["delivery_id"]})
            failed.append({"itemIdentifier": record["messageId"]})
        else:
            logger.info(
                "delivery tried",
                extra={"delivery_id": message["delivery_id"], "outcome": outcome},
            )
    return {"batchItemFailures": failed}
