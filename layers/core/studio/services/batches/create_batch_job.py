"""CreateBatchJob: create the job of a batch row, or redrive the job that the row has.

Batch, row and run decide every id, so a repeat finds the job of the first try.
"""

import json
import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import TYPE_CHECKING, Literal, TypedDict

from studio.clock import Clock
from studio.domain.batches.manifest import MANIFEST, ManifestEntry
from studio.domain.batches.model import Batch, BatchRow
from studio.domain.jobs.model import Job, Origin, execution_name
from studio.domain.orders.faults import (
    ORDER_FAULT_CODE,
    ORDER_FAULT_MESSAGE,
    ORDER_FAULTS,
    ORDER_REFUSALS,
)
from studio.errors import NotFoundError, OrderExpiredError
from studio.metrics import emit
from studio.ports.batches import BatchStore
from studio.ports.blobs import BlobStore
from studio.ports.jobs import JobStore, Replayed
from studio.services.jobs.create_job import CreateJob
from studio.services.jobs.key_use import KeyUse

if TYPE_CHECKING:
    from studio.services.orders.intake import JobRequestIntake

logger = logging.getLogger(__name__)

RowOutcome = Literal["started", "refused", "cancelled", "done"]


class RowStep(TypedDict):
    """The result for the state machine; ``started`` uses all members, others only ``outcome``."""

    outcome: RowOutcome
    execution: str
    job_id: str
    job_run: int


@dataclass(frozen=True, slots=True)
class CreateBatchJob:
    """The service behind the state CreateBatchJob.

    Attributes:
        intake: Built on first use, because its modules are slow to import.
    """

    batches: BatchStore
    jobs: JobStore
    blobs: BlobStore
    intake: Callable[[], "JobRequestIntake"]
    now: Clock
    monthly_limit: int | None

    def run(self, tenant: str, batch_id: str, run: int, place: ManifestEntry) -> RowStep:
        """Create the job of a row, unless the batch is cancelled or in another run.

        Raises:
            StateConflictError: another writer changed the row; a later try can succeed.
        """
        step = self._step(tenant, batch_id, run, place)
        facts = {
            "message": "batch row ordered",
            "correlation_id": batch_id,
            "tenant": tenant,
            "row": place.row,
            "job_id": step["job_id"] or None,
        }
        emit({"BatchRows": 1}, {"Outcome": step["outcome"]}, facts=facts)
        return step

    def _step(self, tenant: str, batch_id: str, run: int, place: ManifestEntry) -> RowStep:
        batch = self.batches.get(tenant, batch_id)
        if batch.run != run or batch.finished_at is not None:
            return bare_step("done")
        if batch.stopped:
            return bare_step("cancelled")
        row = self.batches.row(tenant, batch_id, place.row)
        if row is not None and row.job_id is not None:
            return self._again(batch, row, row.job_id)
        if row is not None and row.status == "failed":
            self.batches.reopen(batch, place.row)
        try:
            made = self._first(batch, place)
        except ORDER_REFUSALS as error:
            self.batches.refuse(batch, place.row, error.code, error.recorded_message)
            return bare_step("refused")
        except ORDER_FAULTS:
            logger.exception("batch %s row %d: the order failed", batch_id, place.row)
            self.batches.refuse(batch, place.row, ORDER_FAULT_CODE, ORDER_FAULT_MESSAGE)
            return bare_step("refused")
        if isinstance(made, Replayed):
            made = self.jobs.get(tenant, made.answer)
        return started_step(made)

    def _first(self, batch: Batch, place: ManifestEntry) -> Job | Replayed:
        """Create the job of a row that has none."""
        body = self._body(batch, place)
        key = KeyUse(f"batch {batch.batch_id}", str(place.row), sha256(body).hexdigest())
        # All rows use the settings of the submission, however they change meanwhile.
        intake = replace(self.intake(), defaults=lambda _: batch.defaults)
        order = intake.job_request(
            batch.tenant,
            json.loads(body),
            created_by=batch.created_by,
            seed_source=f"{batch.batch_id} {place.row}",
            origin=Origin(batch_id=batch.batch_id, batch_line=place.row),
        )
        service = CreateJob(self.jobs, None, self.now, self.monthly_limit, _job_id)
        return service.run(batch.tenant, order, key)

    def _body(self, batch: Batch, place: ManifestEntry) -> bytes:
        """Return the body of a row.

        Raises:
            OrderExpiredError: the bucket has deleted the batch's file.
        """
        try:
            return self.blobs.part(batch.key(MANIFEST), place.at, place.bytes)
        except NotFoundError as error:
            raise OrderExpiredError(str(error)) from error

    def _again(self, batch: Batch, row: BatchRow, job_id: str) -> RowStep:
        """Redrive the row's job if it ended with failed images."""
        from studio.services.jobs.redrive_job import RedriveJob, Selection

        job = self.jobs.get(batch.tenant, job_id)
        if job.finished_at is None or not job.counts.failed or batch.run == 1:
            return started_step(job)
        key = KeyUse(f"batch {batch.batch_id}", f"{row.number} run {batch.run}", "redrive")
        service = RedriveJob(
            self.jobs,
            None,
            self.now,
            self.monthly_limit,
            _job_id,
            keys=self.intake().keys,
        )
        try:
            reopened = service.run(batch.tenant, job_id, Selection(), None, key)
        except ORDER_REFUSALS:
            # The row keeps its outcome, because a limit or the job's state refuses a redrive.
            return bare_step("refused")
        if isinstance(reopened, Replayed):
            reopened = self.jobs.get(batch.tenant, job_id)
        return started_step(reopened)


def started_step(job: Job) -> RowStep:
    """Return the step of a row whose job is to run, or has ended."""
    if job.finished_at is not None:
        return bare_step("done")
    return {
        "outcome": "started",
        "execution": execution_name(job.job_id, job.run),
        "job_id": job.job_id,
        "job_run": job.run,
    }


def bare_step(outcome: RowOutcome) -> RowStep:
    """Return the step of a row without a job to run."""
    return {"outcome": outcome, "execution": "", "job_id": "", "job_run": 0}


def _job_id(job: Job) -> str:
    return job.job_id
