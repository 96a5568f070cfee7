"""SaveSchedule: what a schedule needs later is there as long as the schedule."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import pytest

from studio.domain.batches.model import BatchImport
from studio.domain.schedules.model import Budget, Run, Schedule, Timing
from studio.errors import InvalidRequestError, PreconditionFailedError, SchedulerUnavailableError
from studio.services.schedules.delete_schedule import DeleteSchedule
from studio.services.schedules.save_schedule import SaveSchedule
from tests.support.builders import TENANT
from tests.support.fakes.edges import FakeBlobStore
from tests.support.fakes.recipes import FakeRecipeStore
from tests.support.fakes.schedules import FakeScheduleStore, FakeScheduleTarget
from tests.support.workflows.batches import BatchStudio, memory_batches
from tests.support.workflows.schedules import fire, intake_of, of_import

TABLE = "prompt,size,provider\na,1024x1024,runware\n,1024x1024,runware\n"


@dataclass
class Bureau:
    """A studio in which schedules over imports are saved."""

    studio: BatchStudio = field(default_factory=memory_batches)
    store: FakeScheduleStore = field(default_factory=FakeScheduleStore)
    schedule_target: FakeScheduleTarget = field(default_factory=FakeScheduleTarget)

    def save(self, schedule: Schedule, replaces: Schedule | None = None) -> Schedule:
        service = SaveSchedule(
            self.store,
            self.schedule_target,
            intake_of(self.studio, FakeRecipeStore()),
            lambda: self.studio.imports,
            lambda: self.studio.base.raw.blobs,
            self.studio.base.clock,
        )
        self.warnings, saved = (done := service.run(schedule, replaces)).warnings, done.schedule
        return saved

    def change(self, schedule: Schedule) -> Schedule:
        return self.save(schedule, self.current())

    def current(self) -> Schedule:
        return self.store.get(TENANT, "nightly")

    def delete(self, schedule: Schedule) -> None:
        DeleteSchedule(self.store, self.schedule_target).run(schedule)

    def over(self, value: BatchImport) -> Schedule:
        return of_import(value, Budget())

    def fire(self, at: str) -> Run:
        return fire(self.studio, self.store, FakeRecipeStore(), at)

    def expire(self) -> None:
        """Do what the bucket's rule does to the files of imports."""
        blobs = self.studio.base.raw.blobs
        assert isinstance(blobs, FakeBlobStore)
        for key in [key for key in blobs.blobs if key.startswith("imports/")]:
            del blobs.blobs[key]


def test_a_schedule_runs_its_import_longer_than_imports_are_kept() -> None:
    here = Bureau()
    value = here.studio.checked(TABLE)
    saved = here.save(here.over(value))
    here.save(replace(saved, title="again"), saved)
    here.expire()

    run = here.fire("2027-06-01T03:00:00Z")

    assert (run.outcome, run.code) == ("started", None)
    kept = here.studio.imports.get(TENANT, value.import_id)
    assert kept.kept
    for name in ("manifest.jsonl", "lines.jsonl", "rows.jsonl", "errors.csv"):
        assert here.studio.base.raw.blobs.metadata(kept.key(name)) is not None


@dataclass
class Interrupted(FakeScheduleTarget):
    """A scheduler before whose next change another request runs once, from start to end."""

    meanwhile: Callable[[], object] = lambda: None

    def put(self, schedule: Schedule) -> None:
        self._let_by()
        super().put(schedule)

    def remove(self, tenant: str, schedule_id: str) -> None:
        self._let_by()
        super().remove(tenant, schedule_id)

    def _let_by(self) -> None:
        act, self.meanwhile = self.meanwhile, lambda: None
        act()


def hourly(schedule: Schedule, hours: int) -> Schedule:
    return replace(schedule, timing=Timing("rate", f"{hours} hours", "UTC"))


def test_of_two_saves_at_once_the_clock_is_set_as_the_record_is() -> None:
    here = Bureau()
    first = here.save(here.over(here.studio.checked(TABLE)))
    here.schedule_target = Interrupted(
        dict(here.schedule_target.set), meanwhile=lambda: here.change(hourly(here.current(), 2))
    )

    here.save(hourly(first, 3), first)

    assert here.current().timing.text == "2 hours"
    assert here.schedule_target.set == here.store.live


def test_a_save_that_comes_too_late_leaves_the_clock_alone() -> None:
    here = Bureau()
    first = here.save(here.over(here.studio.checked(TABLE)))
    here.save(hourly(first, 2), first)

    with pytest.raises(PreconditionFailedError):
        here.save(hourly(first, 3), first)

    assert here.schedule_target.set == here.store.live


def test_a_schedule_made_anew_while_it_is_deleted_stays_on_the_clock() -> None:
    here = Bureau()
    first = here.save(here.over(here.studio.checked(TABLE)))
    here.schedule_target = Interrupted(
        dict(here.schedule_target.set), meanwhile=lambda: here.save(hourly(first, 2), None)
    )

    here.delete(first)

    assert here.current().timing.text == "2 hours"
    assert here.schedule_target.set == here.store.live


def test_a_schedule_deleted_while_it_is_saved_is_off_the_clock() -> None:
    here = Bureau()
    first = here.save(here.over(here.studio.checked(TABLE)))
    here.schedule_target = Interrupted(
        dict(here.schedule_target.set), meanwhile=lambda: here.delete(here.current())
    )

    here.save(hourly(first, 2), first)

    assert here.schedule_target.set == here.store.live == {}


def test_a_clock_that_cannot_be_set_leaves_the_schedule_as_it_was() -> None:
    here = Bureau()
    wanted = here.over(here.studio.checked(TABLE))
    here.schedule_target.available = False
    with pytest.raises(SchedulerUnavailableError):
        here.save(wanted)
    assert here.store.live == {}
    here.schedule_target.available = True
    first = here.save(wanted)
    here.schedule_target.available = False

    with pytest.raises(SchedulerUnavailableError):
        here.save(hourly(first, 2), first)
    assert here.current() == replace(first, version=here.current().version)
    with pytest.raises(SchedulerUnavailableError):
        here.delete(here.current())

    assert here.current() == replace(first, version=here.current().version)
    assert here.schedule_target.set == {(TENANT, "nightly"): first}


def test_an_import_whose_files_are_gone_is_not_scheduled() -> None:
    here = Bureau()
    value = here.studio.checked(TABLE)
    here.expire()

    with pytest.raises(InvalidRequestError) as refused:
        here.save(here.over(value))

    assert [error.code for error in refused.value.fields] == ["import-unknown"]
    assert (here.store.live, here.schedule_target.set) == ({}, {})
