"""Ledger entries as DynamoDB records: pk = {tenant}#{job_id}, sk = entry id (table Ledger)."""

from studio.adapters.dynamodb.base import Attributes
from studio.clock import parse_rfc3339, rfc3339
from studio.domain.ledger.model import LedgerEntry


def entry_record(entry: LedgerEntry) -> Attributes:
    """Code a ledger entry."""
    return {
        "pk": f"{entry.tenant}#{entry.job_id}",
        "sk": entry.entry_id,
        "type": entry.type,
        "at": rfc3339(entry.at),
        "run": entry.run,
        "amount": entry.amount,
        "basis": entry.basis,
        "reserved": entry.reserved,
        "price_version": entry.price_version,
        "item": entry.item,
        "attempt": entry.attempt,
        "provider": entry.provider,
        "model": entry.model,
        "provider_request_id": entry.provider_request_id,
        "operation": entry.operation,
        "duration_ms": entry.duration_ms,
    }


def entry_of(record: Attributes) -> LedgerEntry:
    """Read a ledger entry back."""
    tenant, _, job_id = record["pk"].partition("#")
    return LedgerEntry(
        tenant=tenant,
        job_id=job_id,
        entry_id=record["sk"],
        type=record["type"],
        at=parse_rfc3339(record["at"]),
        run=record["run"],
        amount=record.get("amount"),
        basis=record["basis"],
        reserved=record["reserved"],
        price_version=record.get("price_version"),
        item=record.get("item"),
        attempt=record.get("attempt"),
        provider=record.get("provider"),
        model=record.get("model"),
        provider_request_id=record.get("provider_request_id"),
        operation=record.get("operation"),
        duration_ms=record.get("duration_ms"),
    )
