"""Ledger entries and their sums.

For one run of a job: ``reserve = sum(settle.reserved) + release``. Over all runs:
``job.cost = sum(settle.amount) + sum(adjust.amount)`` of the entries whose amount is known.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, NamedTuple

from studio.money import Basis

EntryType = Literal["reserve", "settle", "release", "adjust"]


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """One movement of money; it never changes.

    Attributes:
        entry_id: Unique within the job. It derives from what the entry settles, so no call can be
            settled twice.
        amount: Micro-dollars; None if the provider's charge is unknown.
        reserved: Micro-dollars of the reservation that a settle entry used up. For an unknown
            charge they stay reserved against the monthly limit until an adjust entry names it.
        operation: The operation of the job or of the image.
        duration_ms: Milliseconds from the start of the call until its result was there; None for
            an entry that books no call.
        run: The run in which it was written; for an adjust entry, the run that learned the cost.
    """

    tenant: str
    job_id: str
    entry_id: str
    type: EntryType
    at: datetime
    run: int
    amount: int | None
    basis: Basis
    reserved: int = 0
    price_version: str | None = None
    item: int | None = None
    attempt: int | None = None
    provider: str | None = None
    model: str | None = None
    provider_request_id: str | None = None
    operation: str | None = None
    duration_ms: int | None = None


def reserve_id(run: int) -> str:
    """Return the id of the entry that reserves a run's money."""
    return f"reserve#{run:03d}"


def settle_id(number: int, attempt: int) -> str:
    """Return the id of the entry that settles one paid call; it is the same in every run."""
    return f"settle#{number:04d}#{attempt:03d}"


def adjust_id(number: int, attempt: int, source: str) -> str:
    """Return the id of the entry that corrects a settled call; a source corrects a call once."""
    return f"adjust#{number:04d}#{attempt:03d}#{source}"


def release_id(run: int) -> str:
    """Return the id of the entry that releases what a run did not use."""
    return f"release#{run:03d}"


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums over the entries of one job, in micro-dollars.

    ``settled`` includes adjustments. ``unknown_entries`` counts the settled calls whose cost is
    unknown and was not learned later.
    """

    reserved: int
    settled: int
    released: int
    used_reservation: int
    unknown_entries: int

    @property
    def held(self) -> int:
        """Micro-dollars still reserved."""
        return self.reserved - self.used_reservation - self.released


def totals(entries: Iterable[LedgerEntry]) -> Totals:
    """Return the sums over the entries of one job."""
    sums = {"reserve": 0, "settle": 0, "release": 0, "adjust": 0}
    used = 0
    unknown: set[tuple[int | None, int | None]] = set()
    learned: set[tuple[int | None, int | None]] = set()
    for entry in entries:
        sums[entry.type] += entry.amount or 0
        if entry.type == "settle":
            used += entry.reserved
        if entry.amount is None:
            unknown.add((entry.item, entry.attempt))
        elif entry.type == "adjust":
            learned.add((entry.item, entry.attempt))
    return Totals(
        reserved=sums["reserve"],
        settled=sums["settle"] + sums["adjust"],
        released=sums["release"],
        used_reservation=used,
        unknown_entries=len(unknown - learned),
    )


class MonthTotals(NamedTuple):
    """Sums that a tenant has committed in a month, in micro-dollars.

    Attributes:
        committed: What ended runs cost and what the others reserve.
        reserved: What runs that have not ended reserve.
    """

    committed: int
    reserved: int

    @property
    def spent(self) -> int:
        """Cost of ended runs; a call of unknown cost counts with its estimate."""
        return self.committed - self.reserved


_PHASES: dict[EntryType, int] = {"reserve": 0, "settle": 1, "adjust": 1, "release": 2}


def in_order(entries: Iterable[LedgerEntry]) -> list[LedgerEntry]:
    """Return the entries of one job in the order in which they happened.

    Runs follow each other. A run reserves first and releases last, whatever the clocks of its
    workers say.
    """
    return sorted(entries, key=lambda one: (one.run, _PHASES[one.type], one.at, one.entry_id))


def budget_month(at: datetime) -> str:
    """Return the month whose limit holds money that is reserved at a time."""
    return f"{at:%Y-%m}"
