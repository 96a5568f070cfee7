"""ScheduleStore: versions, runs that are claimed once, budgets that are counted once."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from studio.adapters.dynamodb.schedules import DynamoScheduleStore
from studio.domain.schedules.model import Run
from studio.errors import NotFoundError, PreconditionFailedError
from studio.ports.schedules import ScheduleStore
from tests.support.builders import TENANT
from tests.support.fakes.edges import START
from tests.support.fakes.schedules import FakeScheduleStore, a_schedule
from tests.support.mock_aws.conflicting_dynamodb import BACKENDS, dynamodb_of
from tests.support.mock_aws.stack import CATALOG, mock_stack

MONTH = f"{START:%Y-%m}"
LEASE = START + timedelta(minutes=10)


@pytest.fixture(params=BACKENDS)
def schedules(request: pytest.FixtureRequest) -> Iterator[ScheduleStore]:
    if request.param == "memory":
        yield FakeScheduleStore()
        return
    with mock_stack():
        client, retry = dynamodb_of(request.param)
        yield DynamoScheduleStore(client, CATALOG, retry)


def a_run(hours: int = 0, tenant: str = TENANT, schedule_id: str = "nightly") -> Run:
    return Run(tenant, schedule_id, START + timedelta(hours=hours), "schedule", "schedule")


def test_a_schedule_is_read_as_it_was_written(schedules: ScheduleStore) -> None:
    written = schedules.put(a_schedule(), None)
    assert written == replace(a_schedule(), version=1)
    assert schedules.get(TENANT, "nightly") == written
    plain = replace(a_schedule("plain"), title=None, enabled=False, changes={})
    assert schedules.get(TENANT, schedules.put(plain, None).schedule_id).title is None
    with pytest.raises(NotFoundError):
        schedules.get("rival", "nightly")


def test_a_schedule_that_changed_meanwhile_is_not_overwritten(schedules: ScheduleStore) -> None:
    with pytest.raises(PreconditionFailedError):
        schedules.put(a_schedule(), 1)
    first = schedules.put(a_schedule(), None)
    second = schedules.put(first, first.version)
    assert second.version == 2
    for stale in (None, 1, 3):
        with pytest.raises(PreconditionFailedError):
            schedules.put(replace(first, title="other"), stale)
    with pytest.raises(PreconditionFailedError):
        schedules.delete(TENANT, "nightly", 1)
    assert schedules.get(TENANT, "nightly") == second


def test_a_deleted_schedule_is_gone_and_its_versions_count_on(schedules: ScheduleStore) -> None:
    schedules.put(a_schedule(), None)
    schedules.delete(TENANT, "nightly", 1)
    with pytest.raises(NotFoundError):
        schedules.get(TENANT, "nightly")
    assert list(schedules.page(TENANT, 10, None).schedules) == []
    with pytest.raises(PreconditionFailedError):
        schedules.delete(TENANT, "nightly", 1)
    assert schedules.put(a_schedule(), None).version == 2


def test_schedules_are_listed_by_name_without_those_of_others(schedules: ScheduleStore) -> None:
    for name in ("d", "b", "a", "c"):
        schedules.put(a_schedule(name), None)
    schedules.put(a_schedule("a", tenant="rival"), None)
    schedules.delete(TENANT, "b", 1)
    first = schedules.page(TENANT, 2, None)
    assert [one.schedule_id for one in first.schedules] == ["a", "c"]
    rest = schedules.page(TENANT, 2, first.next_after)
    assert ([one.schedule_id for one in rest.schedules], rest.next_after) == (["d"], None)


def test_a_key_remembers_when_it_was_first_used(schedules: ScheduleStore) -> None:
    assert schedules.first_asked(TENANT, "nightly", "k", START) == START
    later = START + timedelta(hours=1)
    assert schedules.first_asked(TENANT, "nightly", "k", later) == START
    assert schedules.first_asked(TENANT, "nightly", "other", later) == later
    assert schedules.first_asked("rival", "nightly", "k", later) == later


def test_a_run_is_claimed_once_and_ends_once(schedules: ScheduleStore) -> None:
    claimed = replace(a_run(), until=LEASE)
    assert schedules.claim(a_run(), LEASE) == claimed
    assert schedules.claim(a_run(), LEASE) == claimed
    started = replace(a_run(), outcome="started", job_id="job_1")
    assert schedules.finish(started, MONTH) == started
    assert schedules.finish(replace(a_run(), outcome="failed", code="x"), MONTH) == started
    assert schedules.claim(a_run(), LEASE) == started


def test_runs_are_listed_newest_first(schedules: ScheduleStore) -> None:
    for hours in (2, 0, 1):
        schedules.claim(a_run(hours), LEASE)
    schedules.claim(a_run(5, tenant="rival"), LEASE)
    schedules.claim(a_run(6, schedule_id="other"), LEASE)
    schedules.first_asked(TENANT, "nightly", "k", START)
    schedules.hold(a_run(1), MONTH, 1, 10)
    first = schedules.runs(TENANT, "nightly", 2, None)
    assert [run.name for run in first.runs] == [a_run(2).name, a_run(1).name]
    rest = schedules.runs(TENANT, "nightly", 2, first.next_after)
    assert (list(rest.runs), rest.next_after) == ([replace(a_run(0), until=LEASE)], None)


def test_a_month_holds_each_run_once_up_to_its_limit(schedules: ScheduleStore) -> None:
    for hours in range(3):
        schedules.claim(a_run(hours), LEASE)
    assert not schedules.hold(a_run(0), MONTH, 11, 10)
    assert schedules.hold(a_run(0), MONTH, 6, 10)
    assert schedules.hold(a_run(0), MONTH, 6, 10)
    assert not schedules.hold(a_run(1), MONTH, 5, 10)
    assert schedules.hold(a_run(1), "2030-01", 5, 10)
    assert schedules.hold(a_run(2), MONTH, 4, 10)


def test_a_run_that_has_ended_holds_nothing_any_more(schedules: ScheduleStore) -> None:
    for hours in range(2):
        schedules.claim(a_run(hours), LEASE)
    assert schedules.hold(a_run(0), MONTH, 6, 10)
    schedules.finish(replace(a_run(0), outcome="started", job_id="job_1"), MONTH)
    assert not schedules.hold(a_run(1), MONTH, 6, 10)
    schedules.finish(replace(a_run(1), outcome="skipped", code="x"), MONTH)
    assert not schedules.hold(a_run(1), MONTH, 6, 10)
    assert not schedules.hold(a_run(1), MONTH, 1, 10)
    assert schedules.hold(a_run(0), MONTH, 6, 10)


def test_a_run_without_a_job_gives_its_money_back(schedules: ScheduleStore) -> None:
    for hours in range(3):
        schedules.claim(a_run(hours), LEASE)
    assert schedules.hold(a_run(0), MONTH, 6, 10)
    refused = replace(a_run(0), outcome="failed", code="x", message="why")
    assert schedules.finish(refused, MONTH) == refused
    assert schedules.finish(refused, MONTH) == refused
    assert schedules.hold(a_run(1), MONTH, 6, 10)
    started = replace(a_run(1), outcome="started", job_id="job_1")
    assert schedules.finish(started, MONTH).held == 6
    assert not schedules.hold(a_run(2), MONTH, 5, 10)


SECOND = timedelta(seconds=1)


def lost_runs(schedules: ScheduleStore, at: datetime) -> list[Run]:
    return list(schedules.lost_runs(at, 10, None))


def test_a_run_is_lost_when_its_time_is_over_and_not_once_it_has_ended(
    schedules: ScheduleStore,
) -> None:
    schedules.put(a_schedule(), None)
    run = schedules.claim(a_run(), LEASE)
    assert lost_runs(schedules, LEASE) == []
    assert lost_runs(schedules, LEASE + SECOND) == [run]
    schedules.finish(replace(run, outcome="started", job_id="job_1"), MONTH)
    schedules.claim(a_run(), LEASE)
    assert lost_runs(schedules, LEASE + SECOND) == []


def test_runs_of_all_tenants_are_lost_in_the_order_of_their_times(
    schedules: ScheduleStore,
) -> None:
    first = schedules.claim(a_run(2, tenant="rival"), LEASE)
    second = schedules.claim(a_run(1), LEASE + SECOND)
    third = schedules.claim(a_run(0, schedule_id="other"), LEASE + 2 * SECOND)
    late = LEASE + timedelta(hours=1)
    assert lost_runs(schedules, late) == [first, second, third]
    assert list(schedules.lost_runs(late, 2, None)) == [first, second]
    assert list(schedules.lost_runs(late, 2, second)) == [third]


def test_a_run_that_is_claimed_again_is_not_ended_as_lost(schedules: ScheduleStore) -> None:
    lost = schedules.claim(a_run(), LEASE)
    again = schedules.claim(a_run(), LEASE + SECOND)
    failed = replace(lost, outcome="failed", code="x")
    assert schedules.finish(failed, MONTH, lost_at=lost.until) == again
    assert lost_runs(schedules, LEASE + 2 * SECOND) == [again]
    ended = schedules.finish(failed, MONTH, lost_at=again.until)
    assert (ended.outcome, ended.until) == ("failed", None)
    assert lost_runs(schedules, LEASE + 2 * SECOND) == []
