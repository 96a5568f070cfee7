"""Filter of a list of jobs."""

from dataclasses import dataclass
from datetime import datetime

from studio.domain.jobs.model import Job, JobStatus


@dataclass(frozen=True, slots=True)
class WantedJobs:
    """Properties that the jobs of a list have in common; an empty member lets every job pass.

    Attributes:
        statuses, operations: The job has one of them.
        labels: Pairs of a label and its value, None for any value; the job has one of them.
        created_from, created_until: The job was created in this time; the end is left out.
    """

    statuses: tuple[JobStatus, ...] = ()
    operations: tuple[str, ...] = ()
    batch_id: str | None = None
    folder: str | None = None
    labels: tuple[tuple[str, str | None], ...] = ()
    created_from: datetime | None = None
    created_until: datetime | None = None

    @property
    def needs_records(self) -> bool:
        """True if only the whole record of a job tells that it is wanted."""
        return bool(self.batch_id or self.folder or self.labels)

    def takes(self, job: Job) -> bool:
        """Tell whether a job is wanted."""
        return (
            (not self.statuses or job.status in self.statuses)
            and (not self.operations or job.operation in self.operations)
            and (self.batch_id is None or job.origin.batch_id == self.batch_id)
            and (self.folder is None or job.origin.folder == self.folder)
            and (not self.labels or any(_has(job, *label) for label in self.labels))
            and (self.created_from is None or job.created_at >= self.created_from)
            and (self.created_until is None or job.created_at < self.created_until)
        )


EVERY_JOB = WantedJobs()
"""All jobs of a tenant."""


def _has(job: Job, name: str, value: str | None) -> bool:
    return name in job.labels and value in (None, job.labels[name])
