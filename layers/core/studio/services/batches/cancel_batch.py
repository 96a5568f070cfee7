"""CancelBatch: waiting rows never start, and running jobs are cancelled."""

from dataclasses import dataclass

from studio.domain.batches.model import Batch
from studio.errors import StateConflictError
from studio.ports.batches import BatchStore
from studio.services.batches.iter_rows import iter_rows
from studio.services.jobs.cancel_job import CancelJob


@dataclass(frozen=True, slots=True)
class CancelBatch:
    """The service behind POST /v1/batches/{id}/cancel."""

    batches: BatchStore
    cancel_job: CancelJob

    def run(self, tenant: str, batch_id: str) -> Batch:
        """Cancel everything that has not started; a repeat changes nothing.

        Raises:
            NotFoundError: the tenant has no such batch.
            StateConflictError: the batch has ended.
        """
        batch = self.batches.get(tenant, batch_id)
        if batch.finished_at is not None or not self.batches.stop(batch):
            raise StateConflictError(f"the batch has ended: {batch.status}")
        # No job starts after this mark, so the rows have all running jobs.
        for row in iter_rows(self.batches, tenant, batch_id):
            if row.status == "running" and row.job_id is not None:
                self._cancel_job(tenant, row.job_id)
        return self.batches.get(tenant, batch_id)

    def _cancel_job(self, tenant: str, job_id: str) -> None:
        try:
            self.cancel_job.run(tenant, job_id)
        except StateConflictError:
            # The job has just ended, or its last image is in work: it needs no cancel.
            return
