"""Runs of a schedule in a studio of batches in memory."""

from dataclasses import replace

from studio.domain.batches.model import BatchImport
from studio.domain.schedules.model import Budget, Run, Schedule
from studio.services.batches.submit_import import SubmitImport
from studio.services.orders.intake import JobRequestIntake
from studio.services.schedules.run_schedule import RunSchedule
from tests.support.builders import TENANT
from tests.support.fakes.edges import FakeBlobStore
from tests.support.fakes.recipes import FakeRecipeStore
from tests.support.fakes.schedules import FakeScheduleStore, a_schedule
from tests.support.workflows.batches import BatchStudio


def of_import(value: BatchImport, budget: Budget) -> Schedule:
    """Return the schedule of the tests, with an import in place of its recipe."""
    return replace(
        a_schedule(), recipe_id=None, import_id=value.import_id, changes={}, budget=budget
    )


def intake_of(studio: BatchStudio, recipes: FakeRecipeStore) -> JobRequestIntake:
    """Return the intake of a studio without personas and templates."""
    none = FakeRecipeStore().get
    base = studio.base
    return JobRequestIntake(
        recipes.get, none, none, base.raw.assets, FakeBlobStore, ("runware",), base.clock
    )


def fire(studio: BatchStudio, store: FakeScheduleStore, recipes: FakeRecipeStore, at: str) -> Run:
    """Let the tenant's schedule ``nightly`` run as its target does at a time."""
    ports, clock = studio.base.raw, studio.base.clock
    submit = SubmitImport(
        studio.imports,
        studio.batches,
        ports.jobs,
        ports.ledger,
        ports.blobs,
        studio.workflow,
        clock,
        None,
        lambda batch: batch.batch_id,
    )
    service = RunSchedule(
        store,
        ports.jobs,
        ports.workflow,
        lambda: intake_of(studio, recipes),
        lambda: submit,
        clock,
        None,
    )
    return service.fired(TENANT, "nightly", at)
