"""CancelJob: queued images never start, finished images stay, and running images finish.

A job without a running image ends at once. Its execution may still wait for a provider, and finds
the job ended when it looks again.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from studio.clock import Clock
from studio.domain.jobs.model import TERMINAL_ITEM, Item, Job, LogLine
from studio.domain.jobs.words import images
from studio.errors import StateConflictError
from studio.ports.functions import FunctionInvoker
from studio.ports.jobs import JobStore

# One image at a time starts, so the second try nearly always finds an unchanged queue.
_ATTEMPTS = 5


@dataclass(frozen=True, slots=True)
class CancelJob:
    """The service behind POST /v1/jobs/{id}/cancel."""

    jobs: JobStore
    finish_job: FunctionInvoker
    now: Clock

    def run(self, tenant: str, job_id: str) -> Job:
        """Cancel everything that has not started; a repeat changes nothing.

        Raises:
            NotFoundError: the tenant has no such job.
            StateConflictError: the job has ended, or its queue keeps changing.
        """
        for _ in range(_ATTEMPTS):
            job, items = self.jobs.load(tenant, job_id)
            if job.finished_at is not None:
                raise StateConflictError(f"the job has ended: {job.status}")
            if job.status == "cancelling":
                self._end_if_idle(job, items)
                return job
            queued = [item for item in items if item.status == "queued"]
            at = self.now()
            line = LogLine(
                at, "warning", "PREP", f"Cancelled: {images(len(queued))} will not start"
            )
            if self.jobs.cancel(job, queued, at, line):
                self._end_if_idle(job, [item for item in items if item.status != "queued"])
                return self.jobs.get(tenant, job_id)
        raise StateConflictError("the queue keeps changing; try again")

    def _end_if_idle(self, job: Job, left: Sequence[Item]) -> None:
        """End a cancelled job beside its execution, unless one of the images left is running."""
        if any(item.status not in TERMINAL_ITEM for item in left):
            return
        self.finish_job.send({"tenant": job.tenant, "job_id": job.job_id, "run": job.run})
