"""LedgerStore on DynamoDB: a job's entries = one Query; a month's sum = one GetItem."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from studio.adapters.dynamodb.base import query, read
from studio.adapters.dynamodb.ledger_records import entry_of
from studio.domain.ledger.model import LedgerEntry, MonthTotals

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


@dataclass(frozen=True, slots=True)
class DynamoLedgerStore:
    """Entries and month sums of the Ledger table."""

    client: "DynamoDBClient"
    table: str

    def entries(self, tenant: str, job_id: str) -> Sequence[LedgerEntry]:
        """Return all entries of a job in the order of their ids."""
        return [entry_of(row) for row in query(self.client, self.table, f"{tenant}#{job_id}")]

    def month(self, tenant: str, month: str) -> MonthTotals:
        """Return what a month has spent and what it reserves."""
        row = read(self.client, self.table, {"pk": tenant, "sk": f"MONTH#{month}"}) or {}
        # Runs that began before the month counted reservations would take more than it has.
        reserved = max(0, int(row.get("reserved", 0)))
        return MonthTotals(int(row.get("committed", 0)), reserved)

    def committed(self, tenant: str, month: str) -> int:
        """Return the micro-dollars that a month has spent or reserved."""
        return self.month(tenant, month).committed
