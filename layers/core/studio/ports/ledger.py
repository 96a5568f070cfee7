"""Port of the ledger."""

from collections.abc import Sequence
from typing import Protocol

from studio.domain.ledger.model import LedgerEntry, MonthTotals


class LedgerStore(Protocol):
    """The ledger's read side; entries are written by the transactions of ``JobStore``."""

    def entries(self, tenant: str, job_id: str) -> Sequence[LedgerEntry]:
        """Return the entries of a job in the order of their ids."""
        ...

    def month(self, tenant: str, month: str) -> MonthTotals:
        """Return what a month has spent and what it reserves."""
        ...

    def committed(self, tenant: str, month: str) -> int:
        """Return the micro-dollars that a month has spent or reserved."""
        ...
