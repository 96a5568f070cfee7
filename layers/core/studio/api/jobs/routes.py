"""Routes that read jobs: one DynamoDB call each, two for the list."""

import re
from typing import TYPE_CHECKING

from studio.api.http import pagination
from studio.api.http.dependencies import Dependencies
from studio.api.http.links import signing
from studio.api.http.messages import Request, Response, Route, json_response
from studio.api.http.pagination import next_page, page_of, page_response
from studio.api.http.request_body import known_words, time_of
from studio.api.jobs import serializers
from studio.clock import rfc3339
from studio.errors import NotFoundError
from studio.ids import is_id

if TYPE_CHECKING:
    from studio.api.jobs import responses

_NUMBER = re.compile(r"[1-9][0-9]{0,3}")
JOB_FILTERS = frozenset(
    {"status", "operation", "batch_id", "folder", "label", "created_after", "created_before"}
)
_LEVELS = ("info", "warning", "error")


def job_id_of(request: Request) -> str:
    """Return the job id of the path.

    Raises:
        NotFoundError: it has not the shape of one, so there cannot be such a job.
    """
    job_id = request.params["job_id"]
    if not is_id("job", job_id):
        raise NotFoundError("no such job")
    return job_id


def list_jobs(request: Request, deps: Dependencies) -> Response:
    """List the tenant's jobs, newest first."""
    from studio.api.jobs.filters import wanted_jobs

    wanted, words = wanted_jobs(request)
    page = page_of(request, deps, words)
    found = deps.jobs.page(request.caller().tenant, wanted, page.limit, page.after)
    place = next_page(request, deps, page, found.next_after, words)
    return page_response(request, serializers.jobs(found.jobs, place, signing(deps)))


def get_job(request: Request, deps: Dependencies) -> Response:
    """Give a job without its items."""
    job, items = deps.jobs.load(request.caller().tenant, job_id_of(request))
    return json_response(serializers.job(job, items))


def get_progress(request: Request, deps: Dependencies) -> Response:
    """Give the small document that clients poll."""
    job, items = deps.jobs.load(request.caller().tenant, job_id_of(request))
    return json_response(serializers.job_progress(job, items, signing(deps)))


def list_items(request: Request, deps: Dependencies) -> Response:
    """List a job's images in their order."""
    page = page_of(request, deps)
    _, items = deps.jobs.load(request.caller().tenant, job_id_of(request))
    behind = [item for item in items if page.after is None or item.number > int(page.after)]
    data = behind[: page.limit]
    next_after = str(data[-1].number) if len(behind) > page.limit else None
    place = next_page(request, deps, page, next_after)
    return page_response(request, serializers.items(data, place, signing(deps)))


def get_item(request: Request, deps: Dependencies) -> Response:
    """Give one image of a job."""
    tenant, job_id, number = request.caller().tenant, job_id_of(request), request.params["item"]
    if not _NUMBER.fullmatch(number):
        raise NotFoundError("no such image")
    found = deps.jobs.get_item(tenant, job_id, int(number))
    return json_response(serializers.item(found, signing(deps)))


def list_logs(request: Request, deps: Dependencies) -> Response:
    """List a job's log lines in the order of time."""
    levels = known_words(request, "level", _LEVELS)
    after = _after(request)
    job, items = deps.jobs.load(request.caller().tenant, job_id_of(request))
    listed: responses.LogList = {
        "data": [
            line
            for line in serializers.log_lines(job, items)
            if (not levels or line["level"] in levels) and line["at"] > after
        ]
    }
    return json_response(listed)


def list_ledger(request: Request, deps: Dependencies) -> Response:
    """List a job's ledger entries in the order of events; the sums are those of all entries.

    All of them are read for each page: the sums and the order of events need them. That order is
    not the order of the keys. Only the answer is limited, and so stays below the 6 MB of Lambda.
    """
    from studio.api.jobs import cost_serializers
    from studio.domain.ledger.model import in_order

    page, job_id = page_of(request, deps), job_id_of(request)
    entries = in_order(deps.ledger.entries(request.caller().tenant, job_id))
    if not entries:
        # The transaction that writes a job writes its first entry too.
        raise NotFoundError(f"no job {job_id}")
    places = {entry.entry_id: place for place, entry in enumerate(entries, 1)}
    start = 0 if page.after is None else places[page.after]
    data = entries[start : start + page.limit]
    next_after = data[-1].entry_id if start + page.limit < len(entries) else None
    place = next_page(request, deps, page, next_after)
    return page_response(request, cost_serializers.ledger(data, entries, place))


def _after(request: Request) -> str:
    """Read ``after`` as the log writes times, so that they compare as text; "" for always."""
    at = time_of(request, "after")
    return "" if at is None else rfc3339(at)


_JOB = "/v1/jobs/{job_id}"

ROUTES: tuple[Route, ...] = (
    Route(
        "GET",
        "/v1/jobs",
        list_jobs,
        "List the jobs, newest first",
        "JobList",
        query=pagination.PARAMETERS | JOB_FILTERS,
        role="viewer",
    ),
    Route("GET", _JOB, get_job, "Return a job", "Job", role="viewer"),
    Route(
        "GET",
        f"{_JOB}/progress",
        get_progress,
        "Return the progress of a job",
        "Progress",
        role="viewer",
    ),
    Route(
        "GET",
        f"{_JOB}/items",
        list_items,
        "List the images of a job in their order",
        "ItemList",
        query=pagination.PARAMETERS,
        role="viewer",
    ),
    Route(
        "GET", f"{_JOB}/items/{{item}}", get_item, "Return an image of a job", "Item", role="viewer"
    ),
    Route(
        "GET",
        f"{_JOB}/logs",
        list_logs,
        "List the log lines of a job",
        "LogList",
        query=frozenset({"level", "after"}),
        role="viewer",
    ),
    Route(
        "GET",
        f"{_JOB}/ledger",
        list_ledger,
        "List the ledger entries of a job",
        "Ledger",
        query=pagination.PARAMETERS,
        role="viewer",
    ),
)
