"""How ledger entries add up."""

from dataclasses import replace
from datetime import timedelta

from studio.domain.ledger.model import (
    adjust_id,
    budget_month,
    in_order,
    release_id,
    reserve_id,
    settle_id,
    totals,
)
from studio.money import UNKNOWN, Cost
from tests.support.builders import a_job, a_reservation, a_settlement, an_item
from tests.support.fakes.edges import START


def test_nothing_adds_up_to_nothing() -> None:
    sums = totals([])
    assert (sums.reserved, sums.settled, sums.released, sums.held) == (0, 0, 0, 0)


def test_a_job_holds_what_was_neither_used_nor_given_back() -> None:
    job = a_job(images=3, run_reserved=120_000)
    first, second = an_item(job, 1, attempt=1), an_item(job, 2, attempt=1)
    entries = [
        a_reservation(job).entry,
        a_settlement(first, Cost(30_000, "reported")),
        a_settlement(second, UNKNOWN),
    ]
    sums = totals(entries)
    assert (sums.reserved, sums.settled, sums.used_reservation) == (120_000, 30_000, 80_000)
    assert sums.unknown_entries == 1
    assert sums.held == 40_000
    release = a_reservation(job, type="release", amount=40_000, entry_id=release_id(1)).entry
    assert totals([*entries, release]).held == 0
    assert totals([*entries, release]).released == 40_000


def test_an_adjustment_counts_as_spent() -> None:
    job = a_job()
    adjusted = a_reservation(job, type="adjust", amount=-500).entry
    assert totals([adjusted]).settled == -500


def test_a_learned_cost_is_not_unknown_any_more() -> None:
    job = a_job()
    lost, other = (a_settlement(an_item(job, n, attempt=1), UNKNOWN) for n in (1, 2))
    learned = a_settlement(an_item(job, 1, attempt=1), type="adjust", reserved=0)
    sums = totals([lost, other, learned])
    assert (sums.settled, sums.unknown_entries) == (30_000, 1)


def test_entry_ids_are_made_of_what_they_book_and_sort() -> None:
    assert reserve_id(2) == "reserve#002"
    assert release_id(2) == "release#002"
    assert settle_id(3, 11) == "settle#0003#011"
    assert adjust_id(3, 11, "result") == "adjust#0003#011#result"
    assert settle_id(9, 2) < settle_id(10, 1)


def test_a_month_is_that_of_the_reservation() -> None:
    assert budget_month(START) == "2026-11"


def test_entries_are_listed_as_things_happened() -> None:
    job = a_job(images=2)
    late = START + timedelta(seconds=9)
    release = a_reservation(job, type="release", entry_id=release_id(1)).entry
    reserve, again = a_reservation(job).entry, a_reservation(replace(job, run=2), at=late).entry
    first = a_settlement(an_item(job, 2, attempt=1))
    second = a_settlement(an_item(job, 1, attempt=1), at=START + timedelta(seconds=1))
    learned = a_settlement(an_item(job, 1, attempt=1, run=2), type="adjust", at=late)
    happened = [reserve, first, second, release, again, learned]
    assert in_order(reversed(happened)) == happened
    assert in_order(sorted(happened, key=lambda entry: entry.entry_id)) == happened
