"""SweepRuns: a run whose function died ends, with what it ordered or with the reason."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import pytest

from studio.domain.jobs.wanted import EVERY_JOB
from studio.domain.orders.faults import ORDER_FAULT_CODE
from studio.domain.recipes.model import Recipe
from studio.domain.schedules.model import Budget, Run
from studio.services.jobs.sweep_jobs import Swept
from studio.services.schedules.sweep_runs import SweepRuns
from tests.support.builders import TENANT
from tests.support.fakes.edges import START
from tests.support.fakes.recipes import BrokenRecipeStore
from tests.support.fakes.schedules import FakeScheduleStore, a_schedule
from tests.support.workflows.batches import BatchStudio, memory_batches
from tests.support.workflows.schedules import fire, of_import

AT, NEXT_DAY = "2026-11-20T03:00:00Z", "2026-11-21T03:00:00Z"
LEASE_SECONDS = 600
BODY = {
    "operation": "generate",
    "prompt": "a fox",
    "size": "1024x1024",
    "provider": {"id": "runware"},
}
NOTHING: Swept = {"started": 0, "finished": 0, "failed": 0}
ONE: Swept = {"started": 0, "finished": 1, "failed": 0}


class KilledError(BaseException):
    """The function is gone; no handler of an exception sees it."""


@dataclass
class DyingStore(FakeScheduleStore):
    """The function dies before or after a run ends."""

    dies: str = ""

    def hold(self, run: Run, month: str, amount: int, limit: int) -> bool:
        held = super().hold(run, month, amount, limit)
        self._die("hold")
        return held

    def finish(self, run: Run, month: str, lost_at: datetime | None = None) -> Run:
        self._die("finish")
        return super().finish(run, month, lost_at)

    def _die(self, place: str) -> None:
        if self.dies == place:
            raise KilledError


@dataclass
class StaleStore(FakeScheduleStore):
    """Its index still shows the run as it was before the newest try."""

    stale: Sequence[Run] = ()

    def lost_runs(self, at: datetime, limit: int, after: Run | None) -> Sequence[Run]:
        return self.stale


@dataclass
class FailingOnce(DyingStore):
    """The first run that ends meets an error."""

    failed: bool = False

    def finish(self, run: Run, month: str, lost_at: datetime | None = None) -> Run:
        if not self.failed:
            self.failed = True
            raise ConnectionError
        return super().finish(run, month, lost_at)


class Office:
    """A studio with a schedule whose function may die."""

    def __init__(self, *, over_import: bool = False) -> None:
        self.studio: BatchStudio = memory_batches()
        self.store = DyingStore()
        self.recipes = BrokenRecipeStore()
        self.recipes.put(Recipe(TENANT, "on-white", 0, None, BODY, START, START, "ann"), None)
        schedule = replace(a_schedule(), budget=Budget(per_month=100_000_000))
        if over_import:
            value = self.studio.checked("prompt,size,provider\nfox,1024x1024,runware\n")
            schedule = of_import(value, Budget())
        self.store.put(schedule, None)

    def fire(self, at: str = AT) -> Run:
        return fire(self.studio, self.store, self.recipes, at)

    def die(self, place: str, at: str = AT) -> None:
        """Let the function die on a try of a run."""
        self.store.dies = place
        with pytest.raises(KilledError):
            self.fire(at)
        self.store.dies = ""

    def sweep(self, seconds: float = LEASE_SECONDS + 1) -> Swept:
        self.studio.base.clock.advance(seconds)
        return SweepRuns(self.store, self.studio.base.raw.jobs, self.studio.base.clock).run()

    def the_run(self) -> Run:
        (run,) = self.store.runs(TENANT, "nightly", 10, None).runs
        return run


def test_a_run_that_ordered_nothing_fails_with_the_reason_and_gives_its_money_back() -> None:
    here = Office()
    here.die("hold")
    assert here.the_run().held > 0
    assert here.sweep() == ONE
    run = here.the_run()
    assert (run.outcome, run.code, run.held) == ("failed", ORDER_FAULT_CODE, 0)
    assert run.message
    assert not sum(here.store.months.values())
    assert here.sweep() == NOTHING
    assert here.fire() == run
    assert here.fire(NEXT_DAY).outcome == "started"


def test_an_error_of_aws_on_every_try_is_the_outcome_of_the_run_and_names_no_secret() -> None:
    here = Office()
    here.recipes.fault = ConnectionError("secret detail")
    for _ in range(3):
        with pytest.raises(ConnectionError):
            here.fire()
    assert here.sweep() == ONE
    assert (here.the_run().outcome, here.the_run().code) == ("failed", ORDER_FAULT_CODE)
    assert "secret" not in str(here.the_run().message)


@pytest.mark.parametrize("over_import", [False, True])
def test_a_run_whose_order_exists_is_started(over_import: bool) -> None:
    here = Office(over_import=over_import)
    here.die("finish")
    assert here.sweep() == ONE
    run = here.the_run()
    assert (run.outcome, run.code) == ("started", None)
    if over_import:
        (batch,) = here.studio.batches.page(TENANT, 10, None).batches
        assert (run.batch_id, run.job_id) == (batch.batch_id, None)
    else:
        (job,) = here.studio.base.raw.jobs.page(TENANT, EVERY_JOB, 10, None).jobs
        assert (run.job_id, run.batch_id, run.held) == (job.job_id, None, job.reserved)


def test_a_run_is_left_alone_until_its_lease_is_over_and_each_try_extends_it() -> None:
    here = Office()
    here.die("hold")
    assert here.sweep(LEASE_SECONDS) == NOTHING
    here.die("hold")
    assert here.sweep(LEASE_SECONDS) == NOTHING
    assert here.fire().outcome == "started"
    assert here.sweep() == NOTHING


def test_a_try_that_begins_during_the_sweep_goes_on() -> None:
    here = Office()
    here.die("hold")
    lost = [here.the_run()]
    here.studio.base.clock.advance(LEASE_SECONDS + 1)
    here.die("hold")
    store = here.store
    stale = StaleStore(store.live, store.versions, store.asked, store.kept, store.months, lost)
    SweepRuns(stale, here.studio.base.raw.jobs, here.studio.base.clock).run()
    assert here.the_run().outcome == "starting"
    assert here.fire().outcome == "started"


def test_one_run_that_cannot_be_swept_stops_no_other() -> None:
    here = Office()
    here.die("hold")
    here.die("hold", NEXT_DAY)
    here.store = FailingOnce(**vars(here.store))
    assert here.sweep() == {"started": 0, "finished": 1, "failed": 1}
    assert here.sweep() == ONE
