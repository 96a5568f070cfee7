"""Starts the execution of a queued run, also on behalf of a repeated request."""

import logging

from studio.domain.jobs.model import Job, execution_name
from studio.errors import UnavailableError
from studio.ports.jobs import JobStore, Workflow

logger = logging.getLogger(__name__)


def start(workflow: Workflow, job: Job, name: str = "") -> None:
    """Start an execution of a run; if that fails, the sweeper starts it later.

    Args:
        workflow: The state machine.
        job: The job in its run.
        name: Name of the execution, empty for the first one of the run.
    """
    name = name or execution_name(job.job_id, job.run)
    try:
        workflow.start(name, tenant=job.tenant, job_id=job.job_id, run=job.run)
    except UnavailableError:
        logger.warning("job %s waits until the sweeper starts it", job.job_id)


def resume(jobs: JobStore, workflow: Workflow, tenant: str, job_id: str) -> None:
    """Start the execution of a job whose first request did not start it.

    A job that is still queued may have an execution already; then nothing changes.
    """
    job = jobs.get(tenant, job_id)
    if job.status == "queued":
        start(workflow, job)
