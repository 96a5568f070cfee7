"""SweepJobs where more jobs are open than one sweep can look at."""

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import timedelta
from threading import Lock

import pytest

from studio.domain.jobs.model import Job
from studio.ports.jobs import ExecutionState
from studio.services.jobs.sweep_jobs import AT_ONCE, SweepJobs
from tests.support.builders import TENANT, a_job
from tests.support.fakes.edges import (
    START,
    FakeClock,
    FakeFunctionInvoker,
    FakeSweepCursor,
    FakeWorkflow,
)

LATENCY = timedelta(milliseconds=40)


@dataclass
class SlowStore:
    """Open jobs in order; each read takes its latency, and some reads run side by side."""

    clock: FakeClock
    jobs: list[Job]
    seen: Counter[str] = field(default_factory=Counter)
    lock: Lock = field(default_factory=Lock)

    def wait(self) -> None:
        with self.lock:
            self.clock.at += LATENCY / AT_ONCE

    def get(self, tenant: str, job_id: str) -> Job:
        self.wait()
        with self.lock:
            self.seen[job_id] += 1
        return replace(self.jobs[0], job_id=job_id)

    def open_jobs(self, limit: int, after: tuple[str, str] | None = None) -> list[tuple[str, str]]:
        self.wait()
        names = [job.job_id for job in self.jobs]
        first = 0 if after is None else sum(name <= after[1] for name in names)
        return [(TENANT, name) for name in names[first : first + limit]]


@dataclass
class SlowWorkflow(FakeWorkflow):
    """Every execution runs, and a question about one takes its latency."""

    store: SlowStore | None = None

    def state(self, name: str) -> ExecutionState:
        assert self.store is not None
        self.store.wait()
        return "running"


def sweeper(count: int) -> tuple[SweepJobs, SlowStore, FakeSweepCursor]:
    clock, cursor = FakeClock(), FakeSweepCursor()
    store = SlowStore(clock, [a_job() for _ in range(count)])
    workflow, finish = SlowWorkflow(store=store), FakeFunctionInvoker(lambda **_: None)
    return SweepJobs(store, workflow, finish, clock, cursor), store, cursor  # type: ignore[arg-type]


def test_ten_thousand_open_jobs_are_all_looked_at_within_four_sweeps() -> None:
    sweep, store, _ = sweeper(10_000)
    for number in range(4):
        began = store.clock.at
        sweep.run()
        assert store.clock.at - began < timedelta(seconds=40)
        store.clock.at = START + timedelta(minutes=number + 1)
    assert len(store.seen) == 10_000


def test_a_sweep_that_goes_on_reaches_the_oldest_jobs_again_and_none_twice() -> None:
    sweep, store, cursor = sweeper(250)
    cursor.after = (TENANT, store.jobs[119].job_id)
    sweep.run()
    assert len(store.seen) == 250
    assert set(store.seen.values()) == {1}
    assert cursor.after is None


def test_the_place_of_a_sweep_may_be_a_job_that_has_ended() -> None:
    sweep, store, cursor = sweeper(10)
    gone = store.jobs.pop(4)
    cursor.after = (TENANT, gone.job_id)
    sweep.run()
    assert set(store.seen.values()) == {1}
    assert len(store.seen) == 9


@pytest.mark.parametrize("count", [0, 3])
def test_the_age_of_the_oldest_open_job_is_told(count: int) -> None:
    sweep, store, _ = sweeper(count)
    store.clock.at += timedelta(minutes=7)
    assert sweep.report_oldest() in ((0,) if not count else (420,))
