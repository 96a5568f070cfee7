"""FinishJob: end a run, release its unused money and announce the job."""

from dataclasses import asdict, dataclass
from datetime import datetime

from studio.clock import Clock, rfc3339
from studio.domain.jobs.model import TERMINAL_ITEM, Item, Job, JobStatus, LogLine
from studio.domain.jobs.words import words_of
from studio.domain.ledger.model import LedgerEntry, release_id
from studio.errors import StateConflictError
from studio.money import format_usd
from studio.ports.events import EventSink
from studio.ports.jobs import JobEnding, JobStore
from studio.services.folders.link_result import LinkResult
from studio.services.workflow.fail_image import FailImage
from studio.services.workflow.report_month import ReportMonth


@dataclass(frozen=True, slots=True)
class FinishJob:
    """The service behind the state FinishJob, failed executions and the sweeper."""

    jobs: JobStore
    fail_image: FailImage
    events: EventSink
    link_result: LinkResult
    now: Clock
    month: ReportMonth | None = None

    def run(self, tenant: str, job_id: str, run: int, *, asked: bool = False) -> JobStatus:
        """End the run if it has not ended; images without a worker fail.

        While a call is in flight, or its provider is still to be asked, the run goes on and its
        status is returned. The sweeper then continues the call. The event is sent at least once,
        even if a repeat finds the run ended.

        Args:
            tenant: The tenant.
            job_id: The job.
            run: The run.
            asked: Whether the execution that asks the providers about the run's calls is over.

        Raises:
            StateConflictError: a late worker changed an image or the job; a retry may help.
        """
        job, items = self.jobs.load(tenant, job_id)
        if job.run != run:
            return job.status
        if job.finished_at is None:
            job = self._finish(job, items, asked=asked)
        if job.finished_at is None:
            return job.status
        if self.month is not None:
            self.month.run(job)
        self._link(job)
        self._announce(job)
        return job.status

    def _finish(self, job: Job, items: tuple[Item, ...], *, asked: bool) -> Job:
        unfinished = [item for item in items if item.status not in TERMINAL_ITEM]
        message = "The workflow ended before this image; redrive it."
        ended = [
            self.fail_image.end(item, "execution-died", message, asked=asked) for item in unfinished
        ]
        if not all(ended):
            return job
        if unfinished:
            job, items = self.jobs.load(job.tenant, job.job_id)
        # A late worker may have started a call between the two reads.
        if any(item.status not in TERMINAL_ITEM for item in items):
            raise StateConflictError(f"an image of {job.job_id} changed while it was being ended")
        self.jobs.finish(self._ending(job))
        finished = self.jobs.get(job.tenant, job.job_id)
        if finished.finished_at is None:
            raise StateConflictError(f"{job.job_id} changed while it was being finished")
        return finished

    def _link(self, job: Job) -> None:
        """Link the results of a folder's job with their sources."""
        if job.origin.folder is None:
            return
        _, items = self.jobs.load(job.tenant, job.job_id)
        for item in items:
            self.link_result.run(item)

    def _ending(self, job: Job) -> JobEnding:
        at = self.now()
        made = words_of(job.operation).made(job.counts)
        log = LogLine(at, "info", "DONE", f"{made}, {format_usd(job.cost)} USD")
        return JobEnding(
            before=job,
            status=final_status(job),
            at=at,
            log=log,
            release=_release(job, at) if job.reserved else None,
            month_correction=job.run_spent - job.run_reserved,
        )

    def _announce(self, job: Job) -> None:
        counts = job.counts
        self.events.emit(
            f"job.{job.status}",
            f"evt_{job.job_id}_{job.run}",
            {
                "account_id": job.tenant,
                "job_id": job.job_id,
                "run": job.run,
                "status": job.status,
                "finished_at": rfc3339(job.finished_at) if job.finished_at else None,
                "total": counts.total,
                "succeeded": counts.succeeded,
                "failed": counts.failed,
                "skipped": counts.skipped,
                "cancelled": counts.cancelled,
                "unknown": counts.unknown,
                "cost": format_usd(job.cost),
                "unknown_costs": job.unknown_costs,
                "name": job.name,
                "content_ids": list(job.content_ids),
                "notify_email": job.notify_email,
                **asdict(job.origin),
            },
        )


def final_status(job: Job) -> JobStatus:
    """Return the final status of a job from its images; skipped images do not count.

    A cancel that came after the last image does not count.
    """
    counts = job.counts
    if job.status == "cancelling" and counts.cancelled:
        return "cancelled"
    if counts.succeeded == 0:
        return "failed"
    complete = counts.succeeded + counts.skipped == counts.total
    return "succeeded" if complete else "partially_succeeded"


def _release(job: Job, at: datetime) -> LedgerEntry:
    return LedgerEntry(
        tenant=job.tenant,
        job_id=job.job_id,
        entry_id=release_id(job.run),
        type="release",
        at=at,
        run=job.run,
        amount=job.reserved,
        basis="estimated",
        operation=job.operation,
    )
