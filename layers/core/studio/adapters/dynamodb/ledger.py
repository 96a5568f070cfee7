"""LedgerStore on DynamoDB: a job's entries = one Query; a month's sum = one GetItem."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from studio.adapters.dynamodb.base import decode, encode
from studio.adapters.dynamodb.ledger_records import entry_of
from studio.domain.ledger.model import LedgerEntry

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


@dataclass(frozen=True, slots=True)
class DynamoLedgerStore:
    """Entries and month sums of the Ledger table."""

    client: "DynamoDBClient"
    table: str

    def entries(self, tenant: str, job_id: str) -> Sequence[LedgerEntry]:
        """Return the entries of a job; at most 50 images, so they fit one answer."""
        answer = self.client.query(
            TableName=self.table,
            KeyConditionExpression="pk = :pk",
            ExpressionAttributeValues=encode({":pk": f"{tenant}#{job_id}"}),
            ConsistentRead=True,
        )
        return [entry_of(decode(row)) for row in answer["Items"]]

    def committed(self, tenant: str, month: str) -> int:
        """Micro-dollars spent or held in a month."""
        found = self.client.get_item(
            TableName=self.table,
            Key=encode({"pk": tenant, "sk": f"MONTH#{month}"}),
            ConsistentRead=True,
        )
        committed: int = decode(found["Item"])["committed"] if "Item" in found else 0
        return committed
