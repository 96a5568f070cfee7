"""Checking a finished job's money: the ledger, the job and its images must tell one story."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from studio_cli.wire import Item, Job, Ledger, LedgerEntry

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Check:
    """One identity: what must be equal, and the two amounts in dollars."""

    name: str
    left: Decimal
    right: Decimal

    @property
    def holds(self) -> bool:
        """Whether both sides are equal, to the micro-dollar."""
        return self.left == self.right


def check_ledger(job: Job, items: Sequence[Item], ledger: Ledger) -> list[Check]:
    """Compare a finished job's entries with its own cost and with that of its images.

    Of each run, what was reserved was either used by a settled call or given back; nothing is
    held any more; the job's cost is the sum of its settled calls and of its images' costs. The
    sums are made here from the entries, and compared with the service's own.
    """
    entries = ledger["data"]
    runs: dict[int, list[LedgerEntry]] = defaultdict(list)
    for entry in entries:
        runs[entry["run"]].append(entry)
    checks = [
        Check(f"run {run}: reserved = used + released", _sum(of_run, "reserve"), _gone(of_run))
        for run, of_run in sorted(runs.items())
    ]
    settled = _sum(entries, "settle") + _sum(entries, "adjust")
    of_items = sum((Decimal(item["cost"]["amount"] or 0) for item in items if item["cost"]), ZERO)
    unknown = sum(1 for entry in entries if entry["type"] == "settle" and entry["amount"] is None)
    totals = ledger["totals"]
    return [
        *checks,
        Check("nothing is held any more", Decimal(totals["held"]), ZERO),
        Check("job cost = settled calls", Decimal(job["cost"]["amount"] or 0), settled),
        Check("job cost = sum of its images", Decimal(job["cost"]["amount"] or 0), of_items),
        Check("service's sum = our sum of settled calls", Decimal(totals["settled"]), settled),
        Check(
            "unknown costs are counted", Decimal(job["cost"]["unknown_entries"]), Decimal(unknown)
        ),
    ]


def _sum(entries: Sequence[LedgerEntry], kind: str) -> Decimal:
    amounts = (Decimal(entry["amount"] or 0) for entry in entries if entry["type"] == kind)
    return sum(amounts, ZERO)


def _gone(entries: Sequence[LedgerEntry]) -> Decimal:
    used = (Decimal(entry["reservation_used"]) for entry in entries if entry["type"] == "settle")
    return sum(used, ZERO) + _sum(entries, "release")
