"""SweepJobs: start or end jobs that lost their start or their end. It runs on a schedule.

It uses the same conditional writes as the other services, so a second sweep is harmless.
"""

import logging
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, TypedDict

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
from studio.ports.jobs import JobStore, SweepCursor, Workflow
from studio.services.jobs.iter_open import LONGEST
from studio.services.jobs.start_execution import start

logger = logging.getLogger(__name__)

# The API starts a job within a second of its write; younger jobs are not lost yet.
_GRACE = timedelta(seconds=60)
_PAGE = 100
AT_ONCE = 8
"""Jobs that are looked at side by side: each takes two calls that wait for AWS."""

Key = tuple[str, str]
_Result = Literal["started", "finished", "failed"] | None


class Swept(TypedDict):
    """Number of jobs that the sweep started, ended, and failed to handle."""

    started: int
    finished: int
    failed: int


@dataclass(frozen=True, slots=True)
class SweepJobs:
    """The service behind the sweep_jobs function.

    Attributes:
        cursor: Where the sweep before stopped; the next one goes on there.
    """

    jobs: JobStore
    workflow: Workflow
    finish_job: FunctionInvoker
    now: Clock
    cursor: SweepCursor

    def run(self) -> Swept:
        """Start queued jobs without an execution; continue or end jobs whose execution is over."""
        found: Counter[_Result] = Counter()
        with ThreadPoolExecutor(AT_ONCE) as pool:
            for some in self._open_jobs():
                if len(some) == 1:
                    found[self._sweep(some[0])] += 1
                else:
                    found.update(pool.map(self._sweep, some))
        return {
            "started": found["started"],
            "finished": found["finished"],
            "failed": found["failed"],
        }

    def report_oldest(self) -> int:
        """Count the sweep; report and return the age of the oldest run in seconds, 0 for none.

        The first open jobs are looked at: a redriven job is old and its run may be young.
        """
        keys = self.jobs.open_jobs(AT_ONCE)
        queued = [_queued_at(self.jobs.get(*key)) for key in keys]
        oldest = round((self.now() - min(queued)).total_seconds()) if queued else 0
        emit({"OldestOpenJob": oldest, "Sweeps": 1}, facts={"message": "jobs swept"})
        return oldest

    def _open_jobs(self) -> Iterator[Sequence[Key]]:
        """Yield open jobs by some, each once, from where the sweep before stopped.

        The sweep goes on at the oldest job after the youngest. Where its time ends, it keeps the
        place for the next sweep.
        """
        until = self.now() + LONGEST
        start = after = self.cursor.read()
        wrapped = False
        while True:
            page = self.jobs.open_jobs(_PAGE, after)
            if wrapped and start is not None:
                page = [key for key in page if key[1] <= start[1]]
            for first in range(0, len(page), AT_ONCE):
                if self.now() > until:
                    logger.warning("the sweep took too long; the next one goes on")
                    self.cursor.write(after)
                    return
                some = page[first : first + AT_ONCE]
                yield some
                after = some[-1]
            if len(page) == _PAGE:
                continue
            if wrapped or start is None:
                break
            wrapped, after = True, None
        if start is not None:
            self.cursor.write(None)

    def _sweep(self, key: Key) -> _Result:
        try:
            return self._handle(*key)
        except Exception:
            # One job that fails must not stop the others.
            logger.exception("job %s could not be swept", key[1])
            return "failed"

    def _handle(self, tenant: str, job_id: str) -> _Result:
        job = self.jobs.get(tenant, job_id)
        if job.finished_at is not None:
            return None
        state = self.workflow.state(execution_name(job_id, job.run))
        if state == "absent" and self.now() - job.created_at >= _GRACE:
            start(self.workflow, job)
            return "started"
        return self._continue_or_end(job) if state == "ended" else None

    def _continue_or_end(self, job: Job) -> _Result:
        """Let a second execution continue the calls of a run that died, or end the run.

        It is started once, as soon as no image but those with open calls is left. It asks the
        providers, keeps what their workers stored, and makes no call for any other image.
        """
        name = resumed_name(job.job_id, job.run)
        state = self.workflow.state(name)
        if state == "absent" and self._only_calls_are_left(job):
            start(self.workflow, job, name)
            return "started"
        if state == "running":
            return None
        # The function announces the end too, and Lambda repeats it until both are done.
        self.finish_job.send(
            {
                "tenant": job.tenant,
                "job_id": job.job_id,
                "run": job.run,
                "asked": state == "ended",
            }
        )
        return "finished"

    def _only_calls_are_left(self, job: Job) -> bool:
        _, items = self.jobs.load(job.tenant, job.job_id)
        left = [item for item in items if item.status not in TERMINAL_ITEM]
        return bool(left) and all(awaits_result(item) for item in left)


def _queued_at(job: Job) -> datetime:
    """Return when the present run was queued: the log has a first line for each run."""
    return max((line.at for line in job.log if line.stage == "INIT"), default=job.created_at)
