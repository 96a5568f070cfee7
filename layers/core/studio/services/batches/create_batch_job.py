"""CreateBatchJob: create the job of one line of a batch, or continue the one that it has.

Batch, line and run decide every id, so a repeat finds the job of the first try.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Literal, TypedDict

from studio.clock import Clock
from studio.domain.batches.manifest import MANIFEST, ManifestEntry
from studio.domain.batches.model import Batch, BatchRow
from studio.domain.jobs.model import Job, Origin, execution_name
from studio.errors import IdempotentReplay
from studio.ports.batches import BatchStore
from studio.ports.blobs import BlobStore
from studio.ports.jobs import JobStore
from studio.services.jobs.create_job import CreateJob, KeyUse
from studio.services.jobs.redrive_job import RedriveJob, Selection
from studio.services.orders.refusals import REFUSALS, refusal

if TYPE_CHECKING:
    from studio.services.orders.intake import JobRequestIntake

LineOutcome = Literal["started", "refused", "cancelled", "done"]


class LineStep(TypedDict):
    """The result for the state machine; ``started`` uses all members, others only ``outcome``."""

    outcome: LineOutcome
    execution: str
    job_id: str
    job_run: int


@dataclass(frozen=True, slots=True)
class CreateBatchJob:
    """The service behind the state CreateBatchJob.

    Attributes:
        intake: Makes the intake when a line needs it, because its import slows a cold start.
    """

    batches: BatchStore
    jobs: JobStore
    blobs: BlobStore
    intake: Callable[[], "JobRequestIntake"]
    now: Clock
    monthly_limit: int | None

    def run(self, tenant: str, batch_id: str, run: int, place: ManifestEntry) -> LineStep:
        """Create the job of a line, unless the batch is cancelled or has another run.

        Raises:
            StateConflictError: the line changed meanwhile; a retry may help.
        """
        batch = self.batches.get(tenant, batch_id)
        if batch.run != run or batch.finished_at is not None:
            return _step("done")
        if batch.stopped:
            return _step("cancelled")
        line = self.batches.line(tenant, batch_id, place.line)
        if line is not None and line.job_id is not None:
            return self._again(batch, line, line.job_id)
        if line is not None and line.status == "failed":
            self.batches.reopen(batch, place.line)
        try:
            return self._first(batch, place)
        except IdempotentReplay as replay:
            return _started(self.jobs.get(tenant, replay.answer))
        except REFUSALS as error:
            self.batches.refuse(batch, place.line, *refusal(error))
            return _step("refused")

    def _first(self, batch: Batch, place: ManifestEntry) -> LineStep:
        line = self.blobs.part(batch.key(MANIFEST), place.at, place.bytes)
        key = KeyUse(f"batch {batch.batch_id}", str(place.line), sha256(line).hexdigest())
        order = self.intake().order(
            batch.tenant,
            json.loads(line),
            created_by=batch.created_by,
            seed_source=f"{batch.batch_id} {place.line}",
            origin=Origin(batch_id=batch.batch_id, batch_line=place.line),
        )
        service = CreateJob(self.jobs, None, self.now, self.monthly_limit, _job_id)
        return _started(service.run(batch.tenant, order, key))

    def _again(self, batch: Batch, line: BatchRow, job_id: str) -> LineStep:
        """Redrive the line's job if it ended with failed images."""
        job = self.jobs.get(batch.tenant, job_id)
        if job.finished_at is None or not job.counts.failed or batch.run == 1:
            return _started(job)
        key = KeyUse(f"batch {batch.batch_id}", f"{line.number} run {batch.run}", "redrive")
        service = RedriveJob(self.jobs, None, self.now, self.monthly_limit, _job_id)
        try:
            return _started(service.run(batch.tenant, job_id, Selection(), None, key))
        except IdempotentReplay:
            return _started(self.jobs.get(batch.tenant, job_id))
        except REFUSALS:
            # The line keeps its outcome, because a limit or the job's state refuses a redrive.
            return _step("refused")


def _started(job: Job) -> LineStep:
    if job.finished_at is not None:
        return _step("done")
    return {
        "outcome": "started",
        "execution": execution_name(job.job_id, job.run),
        "job_id": job.job_id,
        "job_run": job.run,
    }


def _step(outcome: LineOutcome) -> LineStep:
    return {"outcome": outcome, "execution": "", "job_id": "", "job_run": 0}


def _job_id(job: Job) -> str:
    return job.job_id
