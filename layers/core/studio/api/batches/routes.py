"""Routes of batches."""

from collections.abc import Callable
from functools import partial

from studio.api.batches import serializers
from studio.api.http import pagination
from studio.api.http.accepted import accepted, key_use, replayed
from studio.api.http.dependencies import Dependencies
from studio.api.http.messages import Request, Response, Route, json_response, json_text
from studio.api.http.pagination import next_page, page_of, page_response
from studio.api.http.request_body import idempotency_key, read_body
from studio.domain.batches.model import Batch
from studio.errors import NotFoundError
from studio.ids import is_id
from studio.ports.jobs import Replayed

_BATCHES = "/v1/batches"


def list_batches(request: Request, deps: Dependencies) -> Response:
    """List the tenant's batches, newest first."""
    page = page_of(request, deps)
    found = deps.batches.page(request.caller().tenant, page.limit, page.after)
    place = next_page(request, deps, page, found.next_after)
    return page_response(request, serializers.batches(found.batches, place))


def get_batch(request: Request, deps: Dependencies) -> Response:
    """Give a batch without its rows."""
    return json_response(serializers.batch(_batch(request, deps)))


def get_batch_progress(request: Request, deps: Dependencies) -> Response:
    """Give the small document that clients poll."""
    return json_response(serializers.progress(_batch(request, deps)))


def list_batch_jobs(request: Request, deps: Dependencies) -> Response:
    """List the rows that have started, in the order of the table."""
    page, batch = page_of(request, deps), _batch(request, deps)
    after = None if page.after is None else int(page.after)
    found = deps.batches.rows(batch.tenant, batch.batch_id, page.limit, after)
    next_after = None if found.next_after is None else str(found.next_after)
    place = next_page(request, deps, page, next_after)
    return page_response(request, serializers.batch_rows(found.rows, place))


def cancel_batch(request: Request, deps: Dependencies) -> Response:
    """Cancel the rows that have not started; finished rows stay."""
    from studio.api.batches.requests import BatchActionBody
    from studio.services.batches.cancel_batch import CancelBatch
    from studio.services.jobs.cancel_job import CancelJob
    from studio.services.orders.reading import read

    tenant, batch_id = request.caller().tenant, _batch_id(request)
    read(BatchActionBody, read_body(request, optional=True).text)
    service = CancelBatch(deps.batches, CancelJob(deps.jobs, deps.finish_job, deps.now))
    return accepted(_path(batch_id), batch_text(service.run(tenant, batch_id)))


def redrive_batch(request: Request, deps: Dependencies) -> Response:
    """Run rows that failed or never started again."""
    from studio.api.batches.requests import BatchActionBody
    from studio.services.batches.redrive_batch import RedriveBatch
    from studio.services.orders.reading import read

    tenant, batch_id, key = request.caller().tenant, _batch_id(request), idempotency_key(request)
    sent = read_body(request, optional=True)
    read(BatchActionBody, sent.text)
    service = RedriveBatch(
        deps.batches,
        deps.jobs,
        deps.blobs,
        deps.batch_workflow,
        deps.now,
        batch_text,
    )
    use = key_use(request, key, sent.hash)
    return accept(request, deps, lambda: service.run(tenant, batch_id, use))


def accept(request: Request, deps: Dependencies, act: Callable[[], Batch | Replayed]) -> Response:
    """Answer what starts a run of a batch.

    A repeat gets the first answer again, and starts the execution of a batch that is queued.
    """
    from studio.services.batches.submit_import import resume_batch

    batch = act()
    if isinstance(batch, Replayed):
        tenant = request.caller().tenant
        start = partial(resume_batch, deps.batches, deps.batch_workflow, tenant)
        return replayed(batch, _BATCHES, start)
    return accepted(_path(batch.batch_id), batch_text(batch))


def batch_text(batch: Batch) -> str:
    """Write the document of a batch."""
    return json_text(serializers.batch(batch))


def _batch(request: Request, deps: Dependencies) -> Batch:
    return deps.batches.get(request.caller().tenant, _batch_id(request))


def _batch_id(request: Request) -> str:
    batch_id = request.params["batch_id"]
    if not is_id("bat", batch_id):
        raise NotFoundError("no such batch")
    return batch_id


def _path(batch_id: str) -> str:
    return f"{_BATCHES}/{batch_id}"


_BATCH = f"{_BATCHES}/{{batch_id}}"

ROUTES: tuple[Route, ...] = (
    Route(
        "GET",
        _BATCHES,
        list_batches,
        "List the batches, newest first",
        "BatchList",
        query=pagination.PARAMETERS,
        role="viewer",
    ),
    Route(
        "GET",
        _BATCH,
        get_batch,
        "Return a batch with its counts, estimate and cost",
        "Batch",
        role="viewer",
    ),
    Route(
        "GET",
        f"{_BATCH}/progress",
        get_batch_progress,
        "Return the progress of a batch",
        "BatchProgress",
        role="viewer",
    ),
    Route(
        "GET",
        f"{_BATCH}/jobs",
        list_batch_jobs,
        "List the started rows with their jobs",
        "BatchLineList",
        query=pagination.PARAMETERS,
        role="viewer",
    ),
    Route(
        "POST",
        f"{_BATCH}/cancel",
        cancel_batch,
        "Stop what has not started",
        "Batch",
        body="BatchActionBody",
        body_required=False,
        status=202,
        role="creator",
    ),
    Route(
        "POST",
        f"{_BATCH}/redrive",
        redrive_batch,
        "Run failed and unstarted rows again",
        "Batch",
        body="BatchActionBody",
        body_required=False,
        status=202,
        keyed=True,
        role="creator",
    ),
)
