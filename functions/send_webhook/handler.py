"""SendWebhook: one try of each delivery whose time has come."""

import json
import os
from functools import lru_cache
from typing import Any

from aws_lambda_powertools import Logger

from studio.adapters import clients
from studio.adapters.delivery_queue import SqsDeliveryQueue
from studio.adapters.dynamodb.webhooks import DynamoWebhookStore
from studio.adapters.web.guarded_http import GuardedClient, trusted_hosts
from studio.adapters.webhook_secrets import SsmWebhookSecrets
from studio.clock import utc_now
from studio.config import settings
from studio.services.webhooks.send_webhook import SendWebhook

logger = Logger()


@lru_cache
def build() -> SendWebhook:
    """Wire the service; kept while the function is warm."""
    catalog, queue, secrets = settings(
        "CATALOG_TABLE_NAME", "DELIVERY_QUEUE_URL", "WEBHOOK_SECRETS_PATH"
    )
    return SendWebhook(
        webhooks=DynamoWebhookStore(clients.dynamodb(), catalog),
        secrets=SsmWebhookSecrets(clients.ssm(), secrets),
        queue=SqsDeliveryQueue(clients.sqs(), queue),
        web=GuardedClient(trusted_hosts=trusted_hosts(os.environ.get("TRUSTED_HOSTS"))),
        now=utc_now,
    )


@logger.inject_lambda_context
def lambda_handler(event: dict[str, Any], context: object) -> dict[str, list[dict[str, str]]]:
    """Try deliveries; a message that cannot be worked on comes again by itself."""
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
