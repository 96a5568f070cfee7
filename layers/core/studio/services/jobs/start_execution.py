"""Starts the execution of a queued run, also on behalf of a repeated request."""

import logging

from studio.domain.jobs.model import Job, execution_name
from studio.errors import UnavailableError
from studio.ports.jobs import JobStore, Workflow

logger = logging.getLogger(__name__)


def start(workflow: Workflow, job: Job) -> None:
    """Start the execution of a queued run; if that fails, the sweeper starts it later."""
    try:
        workflow.start(
            execution_name(job.job_id, job.run), tenant=job.tenant, job_id=job.job_id, run=job.run
        )
    except UnavailableError:
        logger.warning("job %s stays queued until the sweeper starts it", job.job_id)


def resume(jobs: JobStore, workflow: Workflow, tenant: str, job_id: str) -> None:
    """Start the execution of a job whose first request did not start it.

    A job that is still queued may have an execution already; then nothing changes.
    """
    job = jobs.get(tenant, job_id)
    if job.status == "queued":
        start(workflow, job)
