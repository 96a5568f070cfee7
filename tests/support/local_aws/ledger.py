"""Ledger of a job on the deployed stack."""

from decimal import Decimal
from typing import Any

from tests.support.local_aws.caller import Caller


def check_ledger(caller: Caller, job: dict[str, Any]) -> None:
    """Check that a job costs the sum of its settled entries, and that nothing stays held."""
    ledger = caller.ledger(job["id"])
    settled = [entry for entry in ledger["data"] if entry["type"] == "settle"]
    known = sum(Decimal(entry["amount"]) for entry in settled if entry["amount"] is not None)
    assert Decimal(job["cost"]["amount"]) == known == Decimal(ledger["totals"]["settled"])
    assert Decimal(ledger["totals"]["held"]) == 0
    assert Decimal(job["cost"]["reserved"]) == 0
