"""The correction of a month by a cost that became known after its run had ended."""

from typing import TYPE_CHECKING, Any

from studio.adapters.dynamodb.base import read
from studio.adapters.dynamodb.job_transactions import add_to_month
from studio.adapters.dynamodb.ledger_records import entry_of
from studio.config import Tables
from studio.domain.ledger.model import LedgerEntry, budget_month, reserve_id, settle_id

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


def correct_month(client: "DynamoDBClient", tables: Tables, learned: LedgerEntry) -> dict[str, Any]:
    """Return the action that puts the month of an adjusted call right.

    The month is that in which the run of the call reserved its money. It still holds the estimate
    of the call. Entries never change, so they may be read before the transaction.
    """
    settled = _entry(client, tables, learned, settle_id(learned.item or 0, learned.attempt or 0))
    reserved = _entry(client, tables, learned, reserve_id(settled.run))
    correction = (learned.amount or 0) - settled.reserved
    return add_to_month(tables, learned.tenant, budget_month(reserved.at), correction)


def _entry(client: "DynamoDBClient", tables: Tables, of: LedgerEntry, entry_id: str) -> LedgerEntry:
    row = read(client, tables.ledger, {"pk": f"{of.tenant}#{of.job_id}", "sk": entry_id})
    if row is None:
        raise LookupError(f"the ledger of {of.job_id} has no {entry_id}")
    return entry_of(row)
