"""StartJob: start a queued run and return the images to make."""

from dataclasses import dataclass
from typing import TypedDict

from studio.clock import Clock
from studio.domain.jobs.model import LogLine
from studio.domain.jobs.words import words_of
from studio.ports.jobs import JobStore


class Queue(TypedDict):
    """Numbers of the images to make, in order."""

    items: list[int]


@dataclass(frozen=True, slots=True)
class StartJob:
    """The service behind the state StartJob."""

    jobs: JobStore
    now: Clock

    def run(self, tenant: str, job_id: str, run: int) -> Queue:
        """Mark the job as running and return its queue; a repeat changes nothing."""
        job, items = self.jobs.load(tenant, job_id)
        waiting = [item.number for item in items if item.status in ("queued", "running")]
        if job.run != run or job.finished_at is not None:
            return {"items": []}
        at = self.now()
        words = words_of(job.operation)
        message = f"Preparing to {words.verb} {words.count(len(waiting))}"
        self.jobs.start(job, at, LogLine(at, "info", "PREP", message))
        return {"items": waiting}
