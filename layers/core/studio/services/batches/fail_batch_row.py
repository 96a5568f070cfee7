"""FailBatchRow: end a row of a batch whose CreateBatchJob failed on every try.

A try that failed may have created the job. Then the row goes on with this job.
"""

from dataclasses import dataclass

from studio.domain.batches.model import Batch
from studio.domain.orders.faults import ORDER_FAULT_CODE
from studio.errors import StateConflictError
from studio.ports.batches import BatchStore
from studio.ports.jobs import JobStore
from studio.services.batches.create_batch_job import RowStep, bare_step, started_step

# The names that Step Functions gives to errors of Lambda's runtime.
_OUT_OF_TIME = ("States.Timeout", "Sandbox.Timedout")
_KILLED = ("Runtime.ExitError", "Runtime.OutOfMemory", "Lambda.Unknown")


@dataclass(frozen=True, slots=True)
class FailBatchRow:
    """The service behind the state FailBatchRow."""

    batches: BatchStore
    jobs: JobStore

    def run(self, tenant: str, batch_id: str, run: int, number: int, error: str) -> RowStep:
        """Record the row as failed with the reason, unless it has a job.

        Args:
            tenant: The owner of the batch.
            batch_id: The batch.
            run: The run of the batch that failed; a later run is left alone.
            number: The row of the table.
            error: The error's name as Step Functions gives it.

        Raises:
            StateConflictError: another writer changed the row; a later try can succeed.
        """
        batch = self.batches.get(tenant, batch_id)
        if batch.run != run or batch.finished_at is not None:
            return bare_step("done")
        if batch.stopped:
            return bare_step("cancelled")
        row = self.batches.row(tenant, batch_id, number)
        if row is not None and row.job_id is not None:
            return started_step(self.jobs.get(tenant, row.job_id))
        if row is not None and row.status == "failed":
            # The recorded reason may be that of an earlier run.
            self.batches.reopen(batch, number)
        self._refuse(batch, number, _message(error))
        return bare_step("refused")

    def _refuse(self, batch: Batch, number: int, message: str) -> None:
        if not self.batches.refuse(batch, number, ORDER_FAULT_CODE, message):
            raise StateConflictError(f"row {number} of {batch.batch_id} has changed")


def _message(error: str) -> str:
    """Return the reason of a failure; it tells nothing of the error but its kind."""
    if error in _OUT_OF_TIME:
        happened = "ran out of time"
    elif error in _KILLED:
        happened = "was killed or ran out of memory"
    else:
        happened = "failed"
    return (
        f"The step CreateBatchJob {happened} on every try; the log of the function has the error."
    )
