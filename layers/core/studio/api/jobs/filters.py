"""Reading the filters of the list of jobs."""

from typing import cast, get_args

from studio.api.http.messages import Request
from studio.api.http.request_body import known_words, time_of
from studio.domain.jobs.model import JobStatus
from studio.domain.jobs.wanted import WantedJobs
from studio.domain.operations.model import OperationId
from studio.errors import MalformedRequestError
from studio.ids import FOLDER_NAME, is_id


def wanted_jobs(request: Request) -> tuple[WantedJobs, list[str]]:
    """Return which jobs a request wants, and the same as words that name a cursor's list.

    Raises:
        MalformedRequestError: a filter is not of the form that it needs.
    """
    wanted = WantedJobs(
        statuses=tuple(
            cast("list[JobStatus]", known_words(request, "status", get_args(JobStatus)))
        ),
        operations=tuple(known_words(request, "operation", get_args(OperationId))),
        batch_id=_batch_id(request),
        folder=_folder(request),
        labels=tuple(_label(text) for text in sorted(set(request.query.get("label", [])))),
        created_from=time_of(request, "created_after"),
        created_until=time_of(request, "created_before"),
    )
    words = [
        f"{name}={value}"
        for name, values in sorted(request.query.items())
        if name not in ("limit", "cursor")
        for value in sorted(set(values))
    ]
    return wanted, words


def _batch_id(request: Request) -> str | None:
    batch_id = request.query_param("batch_id")
    if batch_id is not None and not is_id("bat", batch_id):
        raise MalformedRequestError("batch_id must be the id of a batch")
    return batch_id


def _folder(request: Request) -> str | None:
    folder = request.query_param("folder")
    if folder is not None and not FOLDER_NAME.fullmatch(folder):
        raise MalformedRequestError("folder must be the name of a folder")
    return folder


def _label(text: str) -> tuple[str, str | None]:
    """Read ``name:value``, or ``name`` for any value."""
    name, colon, value = text.partition(":")
    if not name:
        raise MalformedRequestError("label must be a name, or name:value")
    return name, value if colon else None
