"""SaveSchedule: check a schedule as its job, write it, and set its target.

If the target cannot be set, the schedule is restored. A crash in between leaves a schedule without
a target, or with the old one. To save it again repairs that.
"""

import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace

from studio.clock import Clock
from studio.domain.batches.manifest import ERRORS, LINES, MANIFEST, ROWS
from studio.domain.batches.model import BatchImport
from studio.domain.orders.plan import obstacle_warnings
from studio.domain.orders.plan_job import plan_job
from studio.domain.orders.pointers import locate_errors
from studio.domain.recipes.model import MAX_RECIPE_BYTES
from studio.domain.schedules.expression import check_timing
from studio.domain.schedules.model import Schedule, job_body
from studio.errors import (
    FieldError,
    InvalidRequestError,
    NotFoundError,
    PreconditionFailedError,
    SchedulerUnavailableError,
)
from studio.ports.batches import ImportStore
from studio.ports.blobs import BlobStore
from studio.ports.schedules import ScheduleStore, ScheduleTarget
from studio.services.orders.body import JobBody
from studio.services.orders.intake import JobRequestIntake
from studio.services.orders.named_sources import refuse_inline
from studio.services.orders.reading import read
from studio.services.schedules.import_warnings import import_warnings
from studio.services.schedules.sync_schedule import sync_schedule


@dataclass(frozen=True, slots=True)
class SavedSchedule:
    """A schedule as it was written, and what its caller should know of a run of it today."""

    schedule: Schedule
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SaveSchedule:
    """The service behind PUT /v1/schedules/{id}."""

    schedules: ScheduleStore
    schedule_target: ScheduleTarget
    intake: JobRequestIntake
    imports: Callable[[], ImportStore]
    blobs: Callable[[], BlobStore]
    now: Clock

    def run(self, schedule: Schedule, replaces: Schedule | None) -> SavedSchedule:
        """Save a schedule and return it with its version and its warnings.

        Args:
            schedule: The new schedule; the store sets its version.
            replaces: The version that the caller read, None for a free name.

        Raises:
            InvalidRequestError: its timing, recipe or changes are wrong.
            NothingToGenerateError: its job would make no image.
            SchedulerUnavailableError: the target could not be set; nothing changed.
            PreconditionFailedError: the schedule changed meanwhile.
        """
        check_timing(schedule.timing, self.now())
        if (schedule.recipe_id is None) == (schedule.import_id is None):
            detail = "Give either recipe_id or import_id"
            raise InvalidRequestError(FieldError("/recipe_id", "exclusive", detail))
        warnings: tuple[str, ...] = ()
        if schedule.import_id is not None:
            value = self._check_import(schedule, schedule.import_id)
            self._keep(value)
            warnings = import_warnings(self.intake, self.blobs(), value, schedule.updated_by)
        else:
            _check_changes(schedule.changes)
            warnings = self._check_job(schedule)
        written = self.schedules.put(schedule, replaces.version if replaces else None)
        try:
            sync_schedule(self.schedules, self.schedule_target, written)
        except (InvalidRequestError, SchedulerUnavailableError):
            self._take_back(written, replaces)
            raise
        return SavedSchedule(written, warnings)

    def _take_back(self, written: Schedule, replaces: Schedule | None) -> None:
        """Restore the schedule; a version written since is kept."""
        with suppress(PreconditionFailedError):
            if replaces is None:
                self.schedules.delete(written.tenant, written.schedule_id, written.version)
            else:
                self.schedules.put(replaces, written.version)

    def _check_import(self, schedule: Schedule, import_id: str) -> BatchImport:
        if schedule.changes:
            detail = "Changes apply to a recipe, not to an import"
            raise InvalidRequestError(FieldError("/changes", "exclusive", detail))
        imports = self.imports()
        try:
            value = imports.get(schedule.tenant, import_id)
        except NotFoundError as error:
            raise _unknown_import(import_id) from error
        if value.status != "validated" or not value.totals.valid:
            detail = f"the import is {value.status} and has {value.totals.valid} good rows"
            raise InvalidRequestError(FieldError("/import_id", "import-not-ready", detail))
        return value

    def _keep(self, value: BatchImport) -> None:
        """Keep the import beyond the usual lifetime; a repeat changes nothing."""
        if value.kept:
            return
        blobs, kept = self.blobs(), replace(value, kept=True)
        errors = (ERRORS,) if value.totals.faulty else ()
        for name in (MANIFEST, LINES, ROWS, *errors):
            try:
                blobs.copy(value.key(name), kept.key(name))
            except NotFoundError as error:
                raise _unknown_import(value.import_id) from error
        if not self.imports().keep(value):
            raise _unknown_import(value.import_id)

    def _check_job(self, schedule: Schedule) -> tuple[str, ...]:
        """Plan the job of a run and return the warnings; its fields are below ``/changes``."""
        document, _ = self.intake.merge_recipe(schedule.tenant, job_body(schedule))
        with locate_errors({"": "/changes"}):
            body = read(JobBody, json.dumps(document))
            refuse_inline(body)
            order = self.intake.preview(schedule.tenant, body, created_by=schedule.updated_by)
            plan = plan_job(order)
        return (*plan.all_warnings, *obstacle_warnings(plan))


def _unknown_import(import_id: str) -> InvalidRequestError:
    detail = f"there is no import {import_id}, or it has expired"
    return InvalidRequestError(FieldError("/import_id", "import-unknown", detail))


def _check_changes(changes: Mapping[str, object]) -> None:
    if "recipe_id" in changes:
        detail = "Name the recipe in recipe_id, not in changes"
        raise InvalidRequestError(FieldError("/changes/recipe_id", "not-allowed", detail))
    text = json.dumps(changes, ensure_ascii=False)
    if len(text.encode(errors="surrogatepass")) > MAX_RECIPE_BYTES:
        detail = f"changes have at most {MAX_RECIPE_BYTES} bytes; upload images and name them"
        raise InvalidRequestError(FieldError("/changes", "too-long", detail))
