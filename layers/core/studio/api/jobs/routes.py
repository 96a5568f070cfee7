"""Routes that read jobs: one DynamoDB call each, two for the list."""

import re
from typing import cast, get_args

from studio.api.http.dependencies import Backend
from studio.api.http.messages import Call, Reply, json_reply
from studio.api.http.pagination import page_of, page_reply
from studio.api.http.request_body import known_words
from studio.api.jobs import serializers
from studio.clock import parse_rfc3339, rfc3339
from studio.domain.jobs.model import JobStatus
from studio.errors import MalformedRequestError, NotFoundError
from studio.ids import is_id

_NUMBER = re.compile(r"[1-9][0-9]{0,3}")
_LEVELS = ("info", "warning", "error")


def job_id_of(call: Call) -> str:
    """Return the job id of the path.

    Raises:
        NotFoundError: it has not the shape of one, so there cannot be such a job.
    """
    job_id = call.params["job_id"]
    if not is_id("job", job_id):
        raise NotFoundError("no such job")
    return job_id


def list_jobs(call: Call, backend: Backend) -> Reply:
    """List the tenant's jobs, newest first."""
    statuses = cast("list[JobStatus]", known_words(call, "status", get_args(JobStatus)))
    page = page_of(call, backend, statuses)
    found = backend.jobs.page(call.caller().tenant, statuses, page.limit, page.after)
    data = [serializers.job(job) for job in found.jobs]
    return page_reply(call, backend, page, data, found.next_after, statuses)


def get_job(call: Call, backend: Backend) -> Reply:
    """Give a job without its items."""
    return json_reply(serializers.job(backend.jobs.get(call.caller().tenant, job_id_of(call))))


def get_progress(call: Call, backend: Backend) -> Reply:
    """Give the small document that clients poll."""
    job, items = backend.jobs.load(call.caller().tenant, job_id_of(call))
    return json_reply(serializers.job_progress(job, items))


def list_items(call: Call, backend: Backend) -> Reply:
    """List a job's images in their order."""
    page = page_of(call, backend)
    _, items = backend.jobs.load(call.caller().tenant, job_id_of(call))
    behind = [item for item in items if page.after is None or item.number > int(page.after)]
    data = behind[: page.limit]
    next_after = str(data[-1].number) if len(behind) > page.limit else None
    return page_reply(call, backend, page, [serializers.item(item) for item in data], next_after)


def get_item(call: Call, backend: Backend) -> Reply:
    """Give one image of a job."""
    tenant, job_id, number = call.caller().tenant, job_id_of(call), call.params["item"]
    if not _NUMBER.fullmatch(number):
        raise NotFoundError("no such image")
    return json_reply(serializers.item(backend.jobs.get_item(tenant, job_id, int(number))))


def list_logs(call: Call, backend: Backend) -> Reply:
    """List a job's log lines in the order of time."""
    levels = known_words(call, "level", _LEVELS)
    after = _after(call)
    job, items = backend.jobs.load(call.caller().tenant, job_id_of(call))
    lines = serializers.logs(job, items)
    return json_reply(
        {
            "data": [
                line
                for line in lines
                if (not levels or line["level"] in levels) and str(line["at"]) > after
            ]
        }
    )


def list_ledger(call: Call, backend: Backend) -> Reply:
    """List a job's ledger entries and their sums."""
    job_id = job_id_of(call)
    entries = backend.ledger.entries(call.caller().tenant, job_id)
    if not entries:
        # The transaction that writes a job writes its first entry too.
        raise NotFoundError(f"no job {job_id}")
    return json_reply(serializers.ledger(entries))


def _after(call: Call) -> str:
    """Read ``after`` as the log writes times, so that they compare as text; "" for always."""
    text = call.one("after")
    if text is None:
        return ""
    try:
        at = parse_rfc3339(text)
    except ValueError as error:
        raise MalformedRequestError("after must be a time such as 2026-01-31T12:00:00Z") from error
    if at.tzinfo is None:
        raise MalformedRequestError("after must say its offset from UTC, or Z")
    return rfc3339(at)
