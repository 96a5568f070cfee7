"""SweepJobs: start or end jobs that lost their start or their end. It runs on a schedule.

It uses the same conditional writes as the other services, so a second sweep is harmless.
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypedDict

from studio.clock import Clock
from studio.domain.jobs.model import (
    TERMINAL_ITEM,
    Job,
    awaits_result,
    execution_name,
    resumed_name,
)
from studio.metrics import emit
from studio.ports.functions import FunctionInvoker
from studio.ports.jobs import JobStore, Workflow
from studio.services.jobs.iter_open import iter_open
from studio.services.jobs.start_execution import start

logger = logging.getLogger(__name__)

# The API starts a job within a second of its write; younger jobs are not lost yet.
_GRACE = timedelta(seconds=60)


class Swept(TypedDict):
    """Number of jobs that the sweep started, ended, and failed to handle."""

    started: int
    finished: int
    failed: int


@dataclass(frozen=True, slots=True)
class SweepJobs:
    """The service behind the sweep_jobs function."""

    jobs: JobStore
    workflow: Workflow
    finish_job: FunctionInvoker
    now: Clock

    def run(self) -> Swept:
        """Start queued jobs without an execution; continue or end jobs whose execution is over."""
        swept: Swept = {"started": 0, "finished": 0, "failed": 0}
        ages: list[float] = []
        for tenant, job_id in iter_open(self.jobs.open_jobs, self.now):
            try:
                self._sweep(tenant, job_id, swept, ages)
            except Exception:
                # One job that fails must not stop the others.
                logger.exception("job %s could not be swept", job_id)
                swept["failed"] += 1
        oldest = max(ages, default=0)
        emit({"OldestOpenJob": oldest, "Sweeps": 1}, facts={"message": "jobs swept"})
        return swept

    def _sweep(self, tenant: str, job_id: str, swept: Swept, ages: list[float]) -> None:
        """Add the age of a job's run in seconds, and start or end the job if it needs it."""
        job = self.jobs.get(tenant, job_id)
        if job.finished_at is not None:
            return
        ages.append((self.now() - _queued_at(job)).total_seconds())
        state = self.workflow.state(execution_name(job_id, job.run))
        if state == "absent" and self.now() - job.created_at >= _GRACE:
            start(self.workflow, job)
            swept["started"] += 1
        elif state == "ended":
            self._continue_or_end(job, swept)

    def _continue_or_end(self, job: Job, swept: Swept) -> None:
        """Let a second execution continue the calls of a run that died, or end the run.

        It is started once, as soon as no image but those with open calls is left. It asks the
        providers, keeps what their workers stored, and makes no call for any other image.
        """
        name = resumed_name(job.job_id, job.run)
        state = self.workflow.state(name)
        if state == "absent" and self._only_calls_are_left(job):
            start(self.workflow, job, name)
            swept["started"] += 1
        elif state != "running":
            # The function announces the end too, and Lambda repeats it until both are done.
            self.finish_job.send(
                {
                    "tenant": job.tenant,
                    "job_id": job.job_id,
                    "run": job.run,
                    "asked": state == "ended",
                }
            )
            swept["finished"] += 1

    def _only_calls_are_left(self, job: Job) -> bool:
        _, items = self.jobs.load(job.tenant, job.job_id)
        left = [item for item in items if item.status not in TERMINAL_ITEM]
        return bool(left) and all(awaits_result(item) for item in left)


def _queued_at(job: Job) -> datetime:
    """Return when the present run was queued: the log has a first line for each run."""
    return max((line.at for line in job.log if line.stage == "INIT"), default=job.created_at)
