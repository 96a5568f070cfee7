"""Reservations and entries of the fake job store: months, entries and the keys of callers."""

from studio.domain.ledger.model import LedgerEntry
from studio.errors import BudgetExceededError
from studio.ports.jobs import Idempotency, Reservation
from tests.support.fakes.stores import Memory


def check_budget(memory: Memory, reservation: Reservation) -> None:
    amount = reservation.entry.amount or 0
    committed = memory.months[reservation.entry.tenant, reservation.month]
    if amount and reservation.limit is not None and committed + amount > reservation.limit:
        raise BudgetExceededError(limit=reservation.limit, committed=committed, requested=amount)


def claim(memory: Memory, reservation: Reservation, idempotency: Idempotency) -> None:
    memory.keys[(idempotency.tenant, idempotency.scope, idempotency.key)] = idempotency
    month = (reservation.entry.tenant, reservation.month)
    memory.months[month] += reservation.entry.amount or 0
    memory.reservations[month] += reservation.entry.amount or 0


def is_booked(memory: Memory, entry: LedgerEntry) -> bool:
    return entry.entry_id in memory.entries.get((entry.tenant, entry.job_id), {})


def book(memory: Memory, entry: LedgerEntry) -> None:
    entries = memory.entries.setdefault((entry.tenant, entry.job_id), {})
    assert entry.entry_id not in entries, "an entry is written once"
    entries[entry.entry_id] = entry


def correct_month(memory: Memory, learned: LedgerEntry) -> None:
    """Take what an unknown call holds from the month of its run, and add what it cost."""
    entries = memory.entries[learned.tenant, learned.job_id]
    (settled,) = [
        entry
        for entry in entries.values()
        if entry.type == "settle" and entry.item == learned.item
        and entry.attempt == learned.attempt
    ]  # fmt: skip
    (held,) = [
        entry for entry in entries.values() if entry.type == "reserve" and entry.run == settled.run
    ]
    month = (learned.tenant, f"{held.at:%Y-%m}")
    memory.months[month] += (learned.amount or 0) - settled.reserved
