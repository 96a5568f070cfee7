"""LedgerStore, and how the moves of JobStore book money."""

from dataclasses import replace

import pytest

from studio.domain.jobs.model import Item
from studio.domain.ledger.model import MonthTotals, adjust_id, totals
from studio.money import UNKNOWN, Cost
from studio.ports.jobs import ItemEnding
from tests.support.builders import MONTH, PRICE, TENANT, a_job, a_line, a_reservation, a_settlement
from tests.support.fakes.edges import START
from tests.support.mock_aws.transitions import (
    DEADLINE,
    LATER,
    again,
    begin,
    create,
    end,
    ending,
    everything,
    fail,
    job_ending,
    redrive,
    succeed,
)
from tests.support.workflows.jobs import Ports


def test_a_job_without_entries_has_none(ports: Ports) -> None:
    assert list(ports.ledger.entries(TENANT, "job_none")) == []
    assert ports.ledger.committed(TENANT, "2020-01") == 0


def test_a_paid_call_is_booked_with_its_item(ports: Ports) -> None:
    job, items = create(ports)
    made = succeed(ports, items[0])
    now = ports.jobs.get(TENANT, job.job_id)
    assert ports.ledger.entries(TENANT, job.job_id) == [
        a_reservation(job).entry,
        a_settlement(made),
    ]
    assert (made.cost, made.settled_attempt) == (PRICE, 1)
    assert (now.cost, now.reserved, now.run_spent) == (30_000, 40_000, 30_000)
    assert now.unknown_costs == 0


def test_an_unknown_charge_goes_on_holding_its_reservation(ports: Ports) -> None:
    job, items = create(ports)
    begun = begin(ports, items[0])
    assert ports.jobs.finish_item(ending(begun, "unknown", UNKNOWN))
    now = ports.jobs.get(TENANT, job.job_id)
    assert again(ports, begun).cost == UNKNOWN
    assert (now.cost, now.unknown_costs) == (0, 1)
    assert (now.reserved, now.run_spent) == (40_000, 40_000)
    assert ports.ledger.entries(TENANT, job.job_id)[1].amount is None


def test_what_costs_nothing_is_not_booked(ports: Ports) -> None:
    job, items = create(ports)
    assert fail(ports, items[0]).cost is None
    assert len(ports.ledger.entries(TENANT, job.job_id)) == 1
    assert ports.jobs.get(TENANT, job.job_id).reserved == 80_000


def test_a_call_is_never_booked_twice(ports: Ports) -> None:
    job, items = create(ports)
    made = succeed(ports, items[0])
    begun = begin(ports, items[1])
    before = everything(ports, job)
    assert not ports.jobs.finish_item(
        replace(ending(begun, "failed"), settlement=a_settlement(made))
    )
    assert everything(ports, job) == before


def test_the_end_of_a_job_gives_back_what_is_left(ports: Ports) -> None:
    job, items = create(ports)
    succeed(ports, items[0])
    fail(ports, items[1])
    end(ports, job)
    sums = totals(ports.ledger.entries(TENANT, job.job_id))
    assert (sums.reserved, sums.settled, sums.released, sums.held) == (80_000, 30_000, 40_000, 0)
    assert ports.ledger.committed(TENANT, MONTH) == 30_000


def test_a_month_reserves_until_a_run_ends_and_then_has_spent(ports: Ports) -> None:
    assert ports.ledger.month(TENANT, MONTH) == MonthTotals(0, 0)
    first, items = create(ports)
    create(ports)
    assert ports.ledger.month(TENANT, MONTH) == MonthTotals(160_000, 160_000)
    succeed(ports, items[0])
    failed = fail(ports, items[1])
    assert ports.ledger.month(TENANT, MONTH) == MonthTotals(160_000, 160_000)
    ended = end(ports, first)
    month = ports.ledger.month(TENANT, MONTH)
    assert (month, month.spent) == (MonthTotals(110_000, 80_000), 30_000)
    redrive(ports, ended, [failed])
    assert ports.ledger.month(TENANT, MONTH) == MonthTotals(150_000, 120_000)


def test_a_job_that_used_all_it_held_releases_nothing(ports: Ports) -> None:
    job, items = create(ports)
    for item in items:
        succeed(ports, item, Cost(40_000, "reported"))
    end(ports, job)
    types = [entry.type for entry in ports.ledger.entries(TENANT, job.job_id)]
    assert types == ["reserve", "settle", "settle"]
    assert ports.ledger.month(TENANT, MONTH) == MonthTotals(80_000, 0)


def test_a_redrive_holds_money_of_its_own(ports: Ports) -> None:
    job, items = create(ports)
    succeed(ports, items[0])
    failed = fail(ports, items[1])
    ended = end(ports, job)
    redrive(ports, ended, [failed])
    now = ports.jobs.get(TENANT, job.job_id)
    assert (now.reserved, now.run_reserved, now.run_spent) == (40_000, 40_000, 0)
    assert ports.ledger.committed(TENANT, MONTH) == 70_000
    again_begun = begin(ports, ports.jobs.get_item(TENANT, job.job_id, 2))
    assert ports.jobs.finish_item(ending(again_begun, "succeeded", PRICE))
    end(ports, job)
    assert [entry.entry_id for entry in ports.ledger.entries(TENANT, job.job_id)] == [
        "release#001",
        "reserve#001",
        "reserve#002",
        "settle#0001#001",
        "settle#0002#002",
    ]
    assert ports.ledger.committed(TENANT, MONTH) == 60_000


@pytest.mark.parametrize("amount", [0, 30_000])
def test_a_settlement_in_between_keeps_a_job_from_ending_wrong(ports: Ports, amount: int) -> None:
    job, items = create(ports, a_job(images=1))
    stale = job_ending(ports.jobs.get(TENANT, job.job_id))
    succeed(ports, items[0], Cost(amount, "reported"))
    assert not ports.jobs.finish(stale)


def test_tenants_and_months_are_counted_apart(ports: Ports) -> None:
    create(ports)
    create(ports, a_job("zenith", budget_month="2026-12"))
    assert ports.ledger.committed(TENANT, MONTH) == 80_000
    assert ports.ledger.committed(TENANT, "2026-12") == 0
    assert ports.ledger.committed("zenith", "2026-12") == 80_000


def test_a_cost_that_is_learned_later_corrects_the_month_of_its_run(ports: Ports) -> None:
    job, items = create(ports, a_job(images=1))
    assert ports.jobs.finish_item(ending(begin(ports, items[0]), "unknown", UNKNOWN))
    ended = end(ports, job)
    assert ports.ledger.committed(TENANT, MONTH) == 40_000
    lost = again(ports, items[0])
    assert lost.settled_basis == "unknown"
    redrive(ports, replace(ended, budget_month="2026-12"), [replace(lost, attempt_open=True)])
    found = begin(ports, again(ports, items[0]))
    assert ports.jobs.finish_item(ending_learned(found))
    now = ports.jobs.get(TENANT, job.job_id)
    assert (now.cost, now.unknown_costs, now.run_spent, now.reserved) == (30_000, 0, 0, 40_000)
    item = again(ports, items[0])
    assert (item.cost, item.settled_basis, item.unknown_costs) == (PRICE, "priced", 0)
    assert ports.ledger.committed(TENANT, MONTH) == 30_000
    end(ports, job)
    assert ports.ledger.committed(TENANT, MONTH) == 30_000
    assert ports.ledger.committed(TENANT, "2026-12") == 0
    sums = totals(ports.ledger.entries(TENANT, job.job_id))
    assert (sums.settled, sums.unknown_entries, sums.held) == (30_000, 0, 0)


def test_a_learned_cost_is_booked_once(ports: Ports) -> None:
    job, items = create(ports, a_job(images=1))
    assert ports.jobs.finish_item(ending(begin(ports, items[0]), "unknown", UNKNOWN))
    redrive(ports, end(ports, job), [replace(again(ports, items[0]), attempt_open=True)])
    found = begin(ports, again(ports, items[0]))
    assert ports.jobs.finish_item(ending_learned(found))
    before = everything(ports, job)
    assert not ports.jobs.finish_item(ending_learned(found))
    assert everything(ports, job) == before


def ending_learned(item: Item) -> ItemEnding:
    """Return the good end of an item whose call was settled as unknown before."""
    entry_id = adjust_id(item.number, item.attempt, "result")
    learned = a_settlement(item, PRICE, type="adjust", entry_id=entry_id, reserved=0)
    return replace(ending(item, "succeeded", PRICE), settlement=learned)


def test_a_ledger_is_read_to_its_end(ports: Ports) -> None:
    job, items = create(ports, a_job(images=12))
    for item in items:
        # Together they are more than DynamoDB gives in one answer.
        begun = begin(ports, item)
        booked = a_settlement(begun, provider_request_id="x" * 100_000)
        assert ports.jobs.finish_item(replace(ending(begun), settlement=booked))
    entries = ports.ledger.entries(TENANT, job.job_id)
    assert len(entries) == 13
    assert totals(entries).settled == 12 * 30_000


def test_an_entry_is_read_back_as_it_was_written(ports: Ports) -> None:
    job, items = create(ports, a_job(images=1))
    begun = begin(ports, items[0])
    booked = a_settlement(begun, operation="generate", duration_ms=1234)
    assert ports.jobs.finish_item(replace(ending(begun), settlement=booked))
    assert ports.ledger.entries(TENANT, job.job_id)[1] == booked


def test_the_start_of_a_call_stays_that_of_its_attempt(ports: Ports) -> None:
    job, items = create(ports, a_job(images=1))
    begun = begin(ports, items[0])
    assert begun.called_at == START
    assert ports.jobs.finish_item(ending(begun, "unknown", UNKNOWN))
    redrive(ports, end(ports, job), [replace(again(ports, items[0]), attempt_open=True)])
    queued = again(ports, items[0])
    assert ports.jobs.begin_attempt(queued, LATER, DEADLINE, a_line())
    assert again(ports, queued).called_at == START
