"""DeliveryQueue on SQS."""

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient


@dataclass(frozen=True, slots=True)
class SqsDeliveryQueue:
    """DeliveryQueue on SQS, whose longest delay is 900 seconds.

    The tenant is the group of a message, so that SQS serves tenants with few messages in between
    those of a tenant with many.
    """

    client: "SQSClient"
    url: str

    def send(
        self, tenant: str, webhook_id: str, delivery_id: str, *, attempt_count: int, seconds: int
    ) -> None:
        """Queue a try."""
        message = {
            "tenant": tenant,
            "webhook_id": webhook_id,
            "delivery_id": delivery_id,
            "tries": attempt_count,
        }
        self.client.send_message(
            QueueUrl=self.url,
            MessageBody=json.dumps(message),
            DelaySeconds=seconds,
            MessageGroupId=tenant,
        )
