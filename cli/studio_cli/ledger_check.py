"""A check that the costs of a finished job agree: in its ledger, itself and its images."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from studio_cli.wire import Item, Job, Ledger, LedgerEntry

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Check:
    """Two amounts in dollars that must be equal, and what they are."""

    name: str
    left: Decimal
    right: Decimal

    @property
    def holds(self) -> bool:
        """True if both sides are equal, to the micro-dollar."""
        return self.left == self.right


def check_ledger(job: Job, items: Sequence[Item], ledger: Ledger) -> list[Check]:
    """Return the checks of a finished job's ledger entries.

    The reservation of each run equals its settled calls and releases. Nothing is held. The cost of
    the job equals the sum of its settled calls and the sum of its images' costs. The sums come from
    the entries and must equal the service's own sums.
    """
    entries = ledger["data"]
    runs: dict[int, list[LedgerEntry]] = defaultdict(list)
    for entry in entries:
        runs[entry["run"]].append(entry)
    checks = [
        Check(
            f"run {run}: reserved = used + released",
            _sum(of_run, "reserve"),
            _used_and_released(of_run),
        )
        for run, of_run in sorted(runs.items())
    ]
    settled = _sum(entries, "settle") + _sum(entries, "adjust")
    of_items = sum((Decimal(item["cost"]["amount"] or 0) for item in items if item["cost"]), ZERO)
    unknown = len(_calls(entries, "settle", known=False) - _calls(entries, "adjust", known=True))
    totals = ledger["totals"]
    return [
        *checks,
        Check("nothing is held", Decimal(totals["held"]), ZERO),
        Check("job cost = settled calls", Decimal(job["cost"]["amount"] or 0), settled),
        Check("job cost = sum of its images", Decimal(job["cost"]["amount"] or 0), of_items),
        Check("service's sum = our sum of settled calls", Decimal(totals["settled"]), settled),
        Check(
            "unknown costs are counted", Decimal(job["cost"]["unknown_entries"]), Decimal(unknown)
        ),
    ]


def _calls(
    entries: Sequence[LedgerEntry], kind: str, *, known: bool
) -> set[tuple[int | None, int | None]]:
    """Return image and attempt of the entries of a type whose amount is known, or is not."""
    return {
        (entry["item"], entry["attempt"])
        for entry in entries
        if entry["type"] == kind and (entry["amount"] is not None) == known
    }


def _sum(entries: Sequence[LedgerEntry], kind: str) -> Decimal:
    amounts = (Decimal(entry["amount"] or 0) for entry in entries if entry["type"] == kind)
    return sum(amounts, ZERO)


def _used_and_released(entries: Sequence[LedgerEntry]) -> Decimal:
    used = (Decimal(entry["reservation_used"]) for entry in entries if entry["type"] == "settle")
    return sum(used, ZERO) + _sum(entries, "release")
