"""WebhookStore and MailLog on DynamoDB (table Catalog).

Access patterns:
    a webhook, all of a tenant   pk = {tenant}#WEBHOOKS       sk = {webhook_id}
    a delivery, newest first     pk = {tenant}#WEBHOOK#{id}   sk = {delivery_id}   TTL expires_at
    parked deliveries            index Open: open = delivery, until = when the next try is due
    a mail that was sent         pk = {tenant}#MAIL           sk = {event_id}      TTL expires_at
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from studio.adapters.dynamodb import webhook_records as records
from studio.adapters.dynamodb.base import Attributes, decode, encode, query, read, write
from studio.adapters.dynamodb.writes import RETRY, WriteRetry, write_if
from studio.clock import rfc3339
from studio.domain.webhooks.model import KEPT, Attempt, Delivery, DeliveryStatus, Webhook
from studio.errors import NotFoundError, PreconditionFailedError
from studio.ports.webhooks import DeliveryPage

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


@dataclass(frozen=True, slots=True)
class DynamoWebhookStore:
    """Webhooks, their deliveries and sent mails of the Catalog table."""

    client: "DynamoDBClient"
    table: str
    retry: WriteRetry = RETRY

    def get(self, tenant: str, webhook_id: str) -> Webhook:
        """Return a webhook."""
        return records.webhook_of(tenant, self._read(records.webhook_key(tenant, webhook_id)))

    def all(self, tenant: str) -> Sequence[Webhook]:
        """Return all webhooks of a tenant, oldest first."""
        rows = query(self.client, self.table, f"{tenant}#WEBHOOKS")
        return [records.webhook_of(tenant, row) for row in rows]

    def put(self, webhook: Webhook) -> None:
        """Write a webhook at its version."""
        condition = "attribute_not_exists(pk)"
        values = None
        if webhook.version > 1:
            condition = "#version = :last"
            values = {"last": webhook.version - 1}
        request = write(
            self.table,
            records.webhook_key(webhook.tenant, webhook.webhook_id),
            put=records.webhook_record(webhook),
            condition=condition,
            values=values,
        )
        if write_if(self.client.put_item, request, self.retry) is None:
            raise PreconditionFailedError("the webhook changed meanwhile")

    def delete(self, webhook: Webhook) -> None:
        """Delete a webhook."""
        request = {
            "TableName": self.table,
            "Key": encode(records.webhook_key(webhook.tenant, webhook.webhook_id)),
            "ConditionExpression": "version = :version",
            "ExpressionAttributeValues": encode({":version": webhook.version}),
        }
        if write_if(self.client.delete_item, request, self.retry) is None:
            raise PreconditionFailedError("the webhook changed meanwhile")

    def switch_off(self, webhook: Webhook, reason: str, at: datetime) -> None:
        """Switch a webhook off, unless it is off or has another URL by now."""
        self._try(
            write(
                self.table,
                records.webhook_key(webhook.tenant, webhook.webhook_id),
                condition="#url = :url AND #active = :on",
                values={"url": webhook.url, "on": True},
                sets={"active": False, "disabled_reason": reason, "disabled_at": rfc3339(at)},
                adds={"version": 1},
            )
        )

    def count_dead(self, webhook: Webhook) -> int:
        """Count a dead delivery and return how many there are in a row."""
        request = write(
            self.table,
            records.webhook_key(webhook.tenant, webhook.webhook_id),
            condition="#url = :url",
            values={"url": webhook.url},
            adds={"dead_in_a_row": 1},
        )
        request["ReturnValues"] = "UPDATED_NEW"
        answer = write_if(self.client.update_item, request, self.retry)
        return 0 if answer is None else int(decode(answer["Attributes"])["dead_in_a_row"])

    def forget_dead(self, webhook: Webhook) -> None:
        """Begin the count of dead deliveries at 0."""
        self._try(
            write(
                self.table,
                records.webhook_key(webhook.tenant, webhook.webhook_id),
                condition="attribute_exists(pk)",
                sets={"dead_in_a_row": 0},
            )
        )

    def open_delivery(self, delivery: Delivery) -> bool:
        """Write a new delivery."""
        request = write(
            self.table,
            records.delivery_key(delivery),
            put=records.delivery_record(delivery),
            condition="attribute_not_exists(pk)",
        )
        return self._put(request)

    def delivery(self, tenant: str, webhook_id: str, delivery_id: str) -> Delivery:
        """Return a delivery."""
        key = {"pk": records.deliveries(tenant, webhook_id), "sk": delivery_id}
        return records.delivery_of(self._read(key))

    def deliveries(
        self, tenant: str, webhook_id: str, limit: int, after: str | None
    ) -> DeliveryPage:
        """Return deliveries of a webhook, newest first."""
        rows = query(
            self.client,
            self.table,
            records.deliveries(tenant, webhook_id),
            limit=limit + 1,
            after=after,
            newest_first=True,
        )
        found = [records.delivery_of(row) for row in rows]
        page = found[:limit]
        return DeliveryPage(page, page[-1].delivery_id if len(found) > limit else None)

    def record(
        self,
        delivery: Delivery,
        status: DeliveryStatus,
        attempt: Attempt,
        due_at: datetime,
        *,
        parked: bool = False,
    ) -> bool:
        """Record a try of a delivery; the record keeps only the tries that are shown."""
        kept = [records.attempt_text(one) for one in (*delivery.attempts, attempt)][
            -records.ATTEMPTS_SHOWN :
        ]
        return self._try(
            write(
                self.table,
                records.delivery_key(delivery),
                condition="#tries = :tries AND #status = :waiting",
                values=records.unchanged(delivery),
                sets={
                    "status": status,
                    "due_at": rfc3339(due_at),
                    "attempts": kept,
                    **(records.open_members(due_at) if parked else {}),
                },
                adds={"tries": 1},
                removes=() if parked else ("open", "until"),
            )
        )

    def park(self, delivery: Delivery) -> bool:
        """Park a waiting delivery until it is due."""
        return self._try(
            write(
                self.table,
                records.delivery_key(delivery),
                condition="#tries = :tries AND #status = :waiting",
                values=records.unchanged(delivery),
                sets=records.open_members(delivery.due_at),
            )
        )

    def due_deliveries(
        self, at: datetime, limit: int, after: Delivery | None
    ) -> Sequence[Delivery]:
        """Return parked deliveries of all tenants that are due, longest due first."""
        start: dict[str, Any] = {}
        if after is not None:
            row = {**records.delivery_key(after), **records.open_members(after.due_at)}
            start["ExclusiveStartKey"] = encode(row)
        answer = self.client.query(
            TableName=self.table,
            IndexName="Open",
            KeyConditionExpression="#open = :open AND #until <= :at",
            ExpressionAttributeNames={"#open": "open", "#until": "until"},
            ExpressionAttributeValues=encode({":open": records.PARKED, ":at": rfc3339(at)}),
            Limit=limit,
            **start,
        )
        return [records.delivery_of(decode(row)) for row in answer["Items"]]

    def unpark(self, delivery: Delivery) -> bool:
        """Take a delivery that is queued again out of the parked ones."""
        return self._try(
            write(
                self.table,
                records.delivery_key(delivery),
                condition="#tries = :tries AND #until = :until",
                values={"tries": delivery.attempt_count, "until": rfc3339(delivery.due_at)},
                removes=("open", "until"),
            )
        )

    def reopen(self, delivery: Delivery, due_at: datetime) -> bool:
        """Queue a delivery again with no tries counted."""
        return self._try(
            write(
                self.table,
                records.delivery_key(delivery),
                condition="#tries = :tries AND #status = :status",
                values={"tries": delivery.attempt_count, "status": delivery.status},
                sets={"status": "waiting", "tries": 0, "due_at": rfc3339(due_at)},
                removes=("open", "until"),
            )
        )

    def claim(self, tenant: str, event_id: str, at: datetime) -> bool:
        """Record that the mail of an event is being sent."""
        request = write(
            self.table,
            records.mail_key(tenant, event_id),
            put={"expires_at": int((at + KEPT).timestamp())},
            condition="attribute_not_exists(pk)",
        )
        return self._put(request)

    def release(self, tenant: str, event_id: str) -> None:
        """Delete the record of a mail."""
        key = encode(records.mail_key(tenant, event_id))
        self.retry.run(lambda: self.client.delete_item(TableName=self.table, Key=key))

    def _read(self, key: dict[str, str]) -> Attributes:
        row = read(self.client, self.table, key)
        if row is None:
            raise NotFoundError(f"there is no {key['sk']}")
        return row

    def _put(self, request: dict[str, Any]) -> bool:
        return write_if(self.client.put_item, request, self.retry) is not None

    def _try(self, request: dict[str, Any]) -> bool:
        return write_if(self.client.update_item, request, self.retry) is not None
