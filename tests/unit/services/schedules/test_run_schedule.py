"""RunSchedule: one job a run, refusals kept as outcomes, budgets counted once."""

from dataclasses import dataclass, field, replace
from datetime import datetime

import pytest

from studio.domain.batches.model import Batch
from studio.domain.jobs.model import Job
from studio.domain.jobs.wanted import EVERY_JOB
from studio.domain.recipes.model import Recipe
from studio.domain.schedules.model import Budget, Run, Schedule
from studio.domain.settings.model import IMAGE_GENERATION, ImageFormat, SavedSettings
from studio.errors import NotFoundError
from studio.services.batches.submit_import import SubmitImport
from studio.services.orders.intake import JobRequestIntake
from studio.services.schedules.run_schedule import RunSchedule
from tests.support.builders import TENANT
from tests.support.fakes.edges import START, FakeBlobStore
from tests.support.fakes.recipes import BrokenRecipeStore, FakeRecipeStore
from tests.support.fakes.schedules import FakeScheduleStore, a_schedule
from tests.support.workflows.batches import BatchStudio, memory_batches
from tests.support.workflows.jobs import Studio

AT = "2026-11-20T03:00:00Z"
NO_BUDGET = Budget()
NEXT_DAY = "2026-11-21T03:00:00Z"
NEXT_MONTH = "2026-12-01T03:00:00Z"
BODY = {
    "operation": "generate",
    "prompt": "a fox on white",
    "size": "1024x1024",
    "provider": {"id": "runware"},
}


class LateReader(FakeScheduleStore):
    """A store whose claim returns the run as it was before another delivery ended it."""

    def claim(self, run: Run, until: datetime) -> Run:
        super().claim(run, until)
        return run


@dataclass
class Office:
    """A studio with a schedule in it."""

    studio: BatchStudio
    store: FakeScheduleStore = field(default_factory=FakeScheduleStore)
    recipes: FakeRecipeStore = field(default_factory=FakeRecipeStore)
    providers: tuple[str, ...] = ("builtin",)

    @property
    def base(self) -> Studio:
        return self.studio.base

    def service(self) -> RunSchedule:
        base = self.base
        ports = base.ports
        intake = JobRequestIntake(
            self.recipes.get,
            FakeRecipeStore().get,
            FakeRecipeStore().get,
            ports.assets,
            FakeBlobStore,
            self.providers,
            base.clock,
            defaults=self.studio.defaults,
        )
        return RunSchedule(
            self.store,
            ports.jobs,
            ports.workflow,
            lambda: intake,
            lambda: self.submit,
            base.clock,
            base.monthly_limit,
        )

    @property
    def submit(self) -> SubmitImport:
        base, studio = self.base, self.studio
        return SubmitImport(
            studio.imports,
            studio.batches,
            base.ports.jobs,
            base.ports.ledger,
            base.ports.blobs,
            studio.workflow,
            base.clock,
            base.monthly_limit,
            lambda batch: batch.batch_id,
            studio.defaults,
        )

    def fire(self, at: str = AT) -> Run:
        return self.service().fired(TENANT, "nightly", at)

    def change(self, schedule: Schedule) -> None:
        self.store.live[TENANT, "nightly"] = schedule

    def jobs(self) -> list[Job]:
        return list(self.base.raw.jobs.page(TENANT, EVERY_JOB, 100, None).jobs)


def office(
    *, budget: Budget = NO_BUDGET, enabled: bool = True, monthly_limit: int | None = None
) -> Office:
    found = Office(memory_batches(monthly_limit=monthly_limit))
    found.recipes.put(Recipe(TENANT, "on-white", 0, None, BODY, START, START, "user-1"), None)
    found.store.put(replace(a_schedule(), budget=budget, enabled=enabled), None)
    return found


def price() -> int:
    here = office()
    here.fire()
    return here.jobs()[0].reserved


def test_a_schedule_orders_its_recipe_with_its_changes() -> None:
    here = office()
    run = here.fire()
    (job,) = here.jobs()
    assert (run.outcome, run.job_id) == ("started", job.job_id)
    assert (job.created_by, job.name) == ("schedule:nightly", "Über Nacht")
    origin = job.origin
    assert (origin.schedule_id, origin.recipe_id, origin.recipe_version) == (
        "nightly", "on-white", 1,
    )  # fmt: skip
    assert here.base.workflow.running() == [job.job_id]


def test_each_run_uses_the_settings_of_its_time() -> None:
    here = office()
    formats: tuple[ImageFormat, ...] = ("png", "jpg")
    for version, (at, wanted) in enumerate(zip((AT, NEXT_DAY), formats, strict=True)):
        document = {"provider": "builtin", "image_format": wanted}
        stored = SavedSettings(TENANT, IMAGE_GENERATION, 0, document, START, "ann")
        here.studio.settings.put(stored, version)
        job_id = here.fire(at).job_id
        (item, *_) = here.base.raw.jobs.load(TENANT, str(job_id))[1]
        assert item.spec.output_format == wanted


def test_a_run_that_comes_twice_is_one_job() -> None:
    here = office()
    assert here.fire() == here.fire()
    assert len(here.jobs()) == 1
    assert here.fire(NEXT_DAY).job_id != here.fire().job_id


@pytest.mark.parametrize("outcome", ["started", "starting"])
def test_a_run_that_comes_twice_starts_the_job_that_the_first_did_not(outcome: str) -> None:
    here = office()
    here.base.workflow.available = False
    done = here.fire()
    assert here.base.workflow.running() == []
    if outcome == "starting":
        left = replace(done, outcome="starting", job_id=None)
        here.store.kept[TENANT, "nightly"][done.name] = left
    here.base.workflow.available = True
    assert here.fire() == done
    assert here.base.workflow.running() == [done.job_id]


def test_a_run_that_comes_twice_starts_the_batch_that_the_first_did_not() -> None:
    here = scheduled_table()
    here.studio.workflow.available = False
    done = here.fire()
    assert not here.studio.workflow.started
    here.studio.workflow.available = True
    assert here.fire() == done
    assert list(here.studio.workflow.started) == [done.batch_id]


@pytest.mark.parametrize("changed", [False, True])
def test_a_run_whose_worker_died_after_its_job_goes_on_to_the_same_job(changed: bool) -> None:
    here = office(budget=Budget(per_month=price() * 3 // 2))
    done = here.fire()
    here.store.kept[TENANT, "nightly"][done.name] = replace(done, outcome="starting", job_id=None)
    if changed:
        here.change(replace(here.store.get(TENANT, "nightly"), changes={"name": "other"}))
    assert here.fire() == done
    assert len(here.jobs()) == 1
    assert set(here.store.months.values()) == {price()}


@pytest.mark.parametrize("since", ["recipe gone", "switched off"])
def test_a_job_that_a_dead_worker_ordered_is_found_whatever_is_so_now(since: str) -> None:
    here = office(budget=Budget(per_month=price()))
    done = here.fire()
    here.store.kept[TENANT, "nightly"][done.name] = replace(done, outcome="starting", job_id=None)
    if since == "recipe gone":
        here.recipes.delete(TENANT, "on-white", 1)
    else:
        here.change(replace(here.store.get(TENANT, "nightly"), enabled=False))
    assert here.fire() == done
    assert set(here.store.months.values()) == {price()}


def test_a_run_by_hand_is_one_of_its_key_whatever_the_time() -> None:
    here = office(enabled=False)
    first = here.service().by_hand(TENANT, "nightly", "k")
    here.base.clock.advance(90)
    assert here.service().by_hand(TENANT, "nightly", "k") == first
    assert here.service().by_hand(TENANT, "nightly", "other").job_id != first.job_id
    assert (first.trigger, first.outcome, len(here.jobs())) == ("manual", "started", 2)


def test_a_schedule_that_is_off_or_gone_starts_nothing() -> None:
    here = office(enabled=False)
    run = here.fire()
    assert (run.outcome, run.code) == ("skipped", "disabled")
    here.store.delete(TENANT, "nightly", 1)
    with pytest.raises(NotFoundError):
        here.fire(NEXT_DAY)
    assert here.jobs() == []


def test_a_placeholder_that_was_left_as_it_is_means_this_minute() -> None:
    here = office()
    here.base.clock.advance(61.5)
    run = here.fire("<aws.scheduler.scheduled-time>")
    assert run.at == here.base.clock().replace(second=0, microsecond=0)


def test_a_month_that_is_spent_lets_runs_go_and_the_next_begins_anew() -> None:
    here = office(budget=Budget(per_month=price() * 3 // 2))
    runs = [here.fire(at) for at in (AT, NEXT_DAY, NEXT_MONTH)]
    assert [run.outcome for run in runs] == ["started", "skipped", "started"]
    assert (runs[1].code, runs[1].job_id) == ("budget-exceeded", None)
    assert len(here.jobs()) == 2


def test_a_run_let_go_by_one_delivery_is_not_started_by_another() -> None:
    here = office(budget=Budget(per_month=price() * 3 // 2))
    here.fire()
    here.store = LateReader(**vars(here.store))
    first = here.fire(NEXT_DAY)
    assert here.fire(NEXT_DAY) == first
    assert (first.outcome, len(here.jobs())) == ("skipped", 1)


def test_a_run_dearer_than_its_own_limit_fails_with_that() -> None:
    here = office(budget=Budget(per_run=price() - 1, per_month=price() * 9))
    run = here.fire()
    assert (run.outcome, run.code) == ("failed", "max-cost-exceeded")
    assert "schedule's budget.per_run" in (run.message or "")
    assert "/max_cost" not in (run.message or "")
    assert here.jobs() == []
    assert not sum(here.store.months.values())


@pytest.mark.parametrize("own", [0, 1])
def test_the_smaller_limit_of_schedule_and_body_holds(own: int) -> None:
    here = office(budget=Budget(per_run=5_000_000))
    changes = {"max_cost": ("9.00", "2.00")[own]}
    here.change(replace(here.store.get(TENANT, "nightly"), changes=changes))
    here.fire()
    assert here.jobs()[0].max_cost == (5_000_000, 2_000_000)[own]


@pytest.mark.parametrize(("per_month", "provider"), [(None, "openai"), (10_000_000, "runware")])
def test_a_budget_asks_for_a_provider_whose_price_is_known(
    per_month: int | None, provider: str
) -> None:
    here = office()
    here.providers = ("openai", "runware")
    # Openai has no price for so large a picture.
    changes = {"provider": None, "size": "2880x2880", "aspect_ratio": None, "quality": "premium"}
    here.change(replace(a_schedule(), changes=changes, budget=Budget(per_month=per_month)))
    run = here.fire()
    assert run.outcome == "started"
    (job,) = here.jobs()
    assert job.choice is not None
    assert job.choice.provider == provider


def test_what_the_account_cannot_pay_is_let_go_and_given_back() -> None:
    here = office(budget=Budget(per_month=price() * 9), monthly_limit=price() - 1)
    run = here.fire()
    assert (run.outcome, run.code, run.held) == ("skipped", "budget-exceeded", 0)
    assert not sum(here.store.months.values())


def test_an_order_that_is_refused_is_the_outcome_of_its_run() -> None:
    here = office()
    here.recipes.delete(TENANT, "on-white", 1)
    run = here.fire()
    assert (run.outcome, run.code) == ("failed", "validation-failed")
    assert run.message is not None
    assert "on-white" in run.message
    assert here.fire() == run


def test_a_fault_of_the_studio_is_the_outcome_of_its_run(
    caplog: pytest.LogCaptureFixture,
) -> None:
    here = office(budget=Budget(per_month=1_000_000))
    here.recipes = BrokenRecipeStore(
        here.recipes.kept, here.recipes.live, ArithmeticError("secret detail")
    )
    run = here.fire()
    assert (run.outcome, run.code, run.held) == ("failed", "execution-error", 0)
    assert run.message
    assert "secret" not in run.message
    assert here.fire() == run
    assert any(record.exc_info for record in caplog.records)


def test_nothing_to_make_is_an_outcome() -> None:
    here = office()
    here.change(
        replace(
            here.store.get(TENANT, "nightly"),
            changes={"prompt": None, "items": [{"label": "later"}]},
        )
    )
    assert here.fire().code == "nothing-to-generate"


TABLE = "prompt,size,provider\na,1024x1024,runware\nb,1024x1024,runware\n"


def scheduled_table(table: str = TABLE, budget: Budget = NO_BUDGET) -> Office:
    """Return a studio whose schedule runs an import instead of a recipe."""
    here = office(budget=budget)
    import_id = here.studio.checked(table).import_id
    here.change(replace(here.store.get(TENANT, "nightly"), recipe_id=None, import_id=import_id))
    return here


def batches(here: Office) -> list[Batch]:
    return list(here.studio.batches.page(TENANT, 10, None).batches)


def test_each_run_of_an_import_is_a_batch_of_its_own_and_a_repeat_is_the_same() -> None:
    here = scheduled_table()
    first = here.fire()
    assert here.fire() == first
    second = here.fire(NEXT_DAY)
    assert {batch.batch_id for batch in batches(here)} == {first.batch_id, second.batch_id}
    assert (first.outcome, first.job_id) == ("started", None)
    assert {batch.schedule_id for batch in batches(here)} == {"nightly"}
    assert {batch.total for batch in batches(here)} == {2}


def test_a_run_whose_worker_died_after_its_batch_goes_on_to_the_same_batch() -> None:
    here = scheduled_table(budget=Budget(per_month=10_000_000))
    done = here.fire()
    here.store.kept[TENANT, "nightly"][done.name] = replace(done, outcome="starting", batch_id=None)
    assert here.fire() == done
    assert len(batches(here)) == 1


@pytest.mark.parametrize(
    ("budget", "outcome", "code"),
    [
        (Budget(per_month=1), "skipped", "budget-exceeded"),
        (Budget(per_run=1), "failed", "max-cost-exceeded"),
    ],
)
def test_a_schedules_budget_holds_for_a_batch(budget: Budget, outcome: str, code: str) -> None:
    here = scheduled_table(budget=budget)
    run = here.fire()
    assert (run.outcome, run.code, run.batch_id) == (outcome, code, None)
    assert "/max_cost" not in str(run.message)
    assert batches(here) == []
    assert sum(here.store.months.values()) == 0


def test_a_budget_cannot_be_kept_where_a_price_is_not_known() -> None:
    table = "prompt,size,provider,model\na,1024x1024,runware,runware:100@1\n"
    run = scheduled_table(table, Budget(per_month=10_000_000)).fire()
    assert (run.outcome, run.code) == ("failed", "cost-unknown")


def test_an_import_that_is_gone_fails_the_run() -> None:
    here = scheduled_table()
    gone = "imp_01KGA2Y3Z4M5N6P7Q8R9S0T1V2"
    here.change(replace(here.store.get(TENANT, "nightly"), import_id=gone))
    run = here.fire()
    assert (run.outcome, run.code) == ("failed", "order-expired")
