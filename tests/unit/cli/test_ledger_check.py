import pytest

from studio.domain.ledger.model import LedgerEntry
from studio.money import Cost
from studio_cli.ledger_check import check_ledger
from studio_cli.wire import Job
from tests.support.cli import samples

ITEMS = samples.items(samples.item_model(1), samples.item_model(2))


def job(cost: int = 80_000, unknown: int = 0) -> Job:
    models = samples.item_model(1), samples.item_model(2)
    return samples.job(*models, cost=cost, unknown_costs=unknown)


def good() -> list[LedgerEntry]:
    """50,000 reserved for each of two images that cost 40,000; the rest is released."""
    return [
        samples.entry("reserve", 100_000),
        samples.entry("settle", 40_000, number=1, used=50_000),
        samples.entry("settle", 40_000, number=2, used=40_000),
        samples.entry("release", 10_000),
    ]


def broken(of_job: Job, entries: list[LedgerEntry]) -> set[str]:
    checks = check_ledger(of_job, ITEMS, samples.ledger(*entries))
    return {check.name for check in checks if not check.holds}


def test_a_good_ledger_passes_every_check() -> None:
    checks = check_ledger(job(), ITEMS, samples.ledger(*good()))
    assert len(checks) == 6
    assert all(check.holds for check in checks)


def test_money_that_was_neither_used_nor_released_is_found() -> None:
    names = broken(job(), good()[:-1])
    assert names == {"run 1: reserved = used + released", "nothing is held"}


def test_runs_are_checked_one_by_one() -> None:
    second = [
        samples.entry("reserve", 5_000, run=2),
        samples.entry("settle", 0, run=2, number=3, used=4_000),
    ]
    assert "run 2: reserved = used + released" in broken(job(), [*good(), *second])
    assert "run 1: reserved = used + released" not in broken(job(), [*good(), *second])


@pytest.mark.parametrize("cost", [80_001, 79_999])
def test_a_job_cost_off_by_one_micro_dollar_is_found(cost: int) -> None:
    assert broken(job(cost=cost), good()) == {
        "job cost = settled calls",
        "job cost = sum of its images",
    }


def test_an_image_whose_cost_is_not_in_the_job_is_found() -> None:
    dear = samples.items(samples.item_model(1), samples.item_model(2, cost=Cost(41_000, "priced")))
    checks = check_ledger(job(), dear, samples.ledger(*good()))
    assert [check.name for check in checks if not check.holds] == ["job cost = sum of its images"]


def test_a_sum_of_the_service_that_is_not_ours_is_found() -> None:
    ledger = samples.ledger(*good())
    ledger["totals"]["settled"] = "0.070000"
    checks = check_ledger(job(), ITEMS, ledger)
    assert [check.name for check in checks if not check.holds] == [
        "service's sum = our sum of settled calls"
    ]


def test_an_unknown_cost_must_be_counted() -> None:
    unknown = [
        samples.entry("reserve", 50_000),
        samples.entry("settle", None, used=50_000),
        samples.entry("release", 0),
    ]
    nothing = samples.items(samples.item_model(cost=Cost(None, "unknown")))
    of_job = job(cost=0, unknown=1)
    assert all(c.holds for c in check_ledger(of_job, nothing, samples.ledger(*unknown)))
    uncounted = check_ledger(job(cost=0), nothing, samples.ledger(*unknown))
    assert [c.name for c in uncounted if not c.holds] == ["unknown costs are counted"]


def test_a_cost_that_was_learned_later_is_no_unknown_cost() -> None:
    entries = [
        samples.entry("reserve", 50_000),
        samples.entry("settle", None, used=50_000),
        samples.entry("reserve", 50_000, run=2),
        samples.entry("adjust", 40_000, run=2),
        samples.entry("release", 50_000, run=2),
    ]
    found = samples.items(samples.item_model(cost=Cost(40_000, "priced")))
    checks = check_ledger(job(cost=40_000), found, samples.ledger(*entries))
    assert all(check.holds for check in checks)
