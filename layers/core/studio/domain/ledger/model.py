"""Ledger entries and their sums.

For one run of a job: ``reserve = sum(settle.reserved) + release``. Over all runs:
``job.cost = sum(settle.amount)`` of the entries whose amount is known.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

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
            charge they stay reserved against the monthly limit.
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


def reserve_id(run: int) -> str:
    """Return the id of the entry that reserves a run's money."""
    return f"reserve#{run:03d}"


def settle_id(number: int, attempt: int) -> str:
    """Return the id of the entry that settles one paid call; it is the same in every run."""
    return f"settle#{number:04d}#{attempt:03d}"


def release_id(run: int) -> str:
    """Return the id of the entry that releases what a run did not use."""
    return f"release#{run:03d}"


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums over the entries of one job, in micro-dollars."""

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
    used = unknown = 0
    for entry in entries:
        sums[entry.type] += entry.amount or 0
        unknown += entry.amount is None
        used += entry.reserved if entry.type == "settle" else 0
    return Totals(
        reserved=sums["reserve"],
        settled=sums["settle"] + sums["adjust"],
        released=sums["release"],
        used_reservation=used,
        unknown_entries=unknown,
    )


def budget_month(at: datetime) -> str:
    """Return the month whose limit holds money that is reserved at a time."""
    return f"{at:%Y-%m}"
