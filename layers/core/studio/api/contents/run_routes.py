"""Routes of the queue of contents and of the jobs that make their images."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from studio import wiring
from studio.api.contents import serializers
from studio.api.contents.routes import loaded
from studio.api.http.accepted import key_use
from studio.api.http.dependencies import Dependencies
from studio.api.http.messages import Request, Response, Route, json_response
from studio.api.http.request_body import Body, idempotency_key, known_words, read_body
from studio.api.jobs.commands import accept, job_text
from studio.domain.contents.names import CONTENT_ID
from studio.errors import InvalidRequestError, NoIdsProvidedError, NotFoundError

if TYPE_CHECKING:
    from studio.api.jobs import responses as jobs
    from studio.services.contents.start_run import Preview, Selection, StartRun
    from studio.services.orders.origins import Member, MemberOrigin


def get_queue(request: Request, deps: Dependencies) -> Response:
    """Show what a run would make at present, in its order and with its cost; writes nothing."""
    from studio.services.contents.start_run import selection_of

    caller, content_id = request.caller(), request.params["content_id"]
    force = bool(known_words(request, "force", ("1",)))
    ids = request.query.get("image_id") or [content_id]
    found = loaded(request, deps)
    selection = selection_of(ids, within=content_id, force=force)
    preview = _service(deps).preview(found, caller.subject, selection)
    estimate, warnings = _priced(preview, caller.tenant, deps)
    return json_response(serializers.queue(found.content, preview, estimate, warnings))


def start_content(request: Request, deps: Dependencies) -> Response:
    """Make the pending images of a content, or those that are named."""
    from studio.api.contents.requests import ContentRunBody
    from studio.services.contents.start_run import selection_of
    from studio.services.orders.reading import read

    key, content_id = idempotency_key(request), request.params["content_id"]
    sent = read_body(request, optional=True)
    body = read(ContentRunBody, sent.text)
    if not CONTENT_ID.fullmatch(content_id):
        raise NotFoundError("no such content")
    if body.image_ids is not None and not body.image_ids:
        raise NoIdsProvidedError("No IDs provided")
    ids = [content_id] if body.image_ids is None else body.image_ids
    selection = selection_of(ids, within=content_id, force=body.force)
    return _start(request, deps, selection, body.max_cost, key, sent)


def start_images(request: Request, deps: Dependencies) -> Response:
    """Make images of several contents in one job."""
    from studio.api.contents.requests import ContentImagesRunBody
    from studio.services.contents.start_run import selection_of
    from studio.services.orders.reading import read

    key, sent = idempotency_key(request), read_body(request, optional=True)
    body = read(ContentImagesRunBody, sent.text)
    if not body.ids:
        raise NoIdsProvidedError("No IDs provided")
    selection = selection_of(body.ids, within=body.content_id, force=body.force)
    return _start(request, deps, selection, body.max_cost, key, sent)


def _start(
    request: Request,
    deps: Dependencies,
    selection: "Selection",
    max_cost: str | None,
    key: str,
    sent: Body,
) -> Response:
    caller, use = request.caller(), key_use(request, key, sent.hash)
    service = _service(deps)
    return accept(
        request,
        deps,
        lambda: service.run(caller.tenant, caller.subject, selection, max_cost, use),
    )


def _priced(
    preview: "Preview", tenant: str, deps: Dependencies
) -> tuple["jobs.Estimate | None", Sequence[str]]:
    """Return what a run would cost, None if it would be refused, and what its job would say."""
    from studio.api.jobs.pricing import Priced, estimate_of, plan_of, warnings_of

    if preview.order is None:
        return None, preview.warnings
    try:
        plan = plan_of(preview.order, deps)
    except InvalidRequestError as error:
        return None, (*preview.warnings, str(error))
    chosen: MemberOrigin = "settings" if preview.settings.source == "stored" else "built-in"
    sized = any(one.item.size for one in preview.images)
    sources: dict[Member, MemberOrigin] = {
        "provider": chosen,
        "model": chosen,
        "format": chosen,
        "size": chosen if sized else "built-in",
        "quality": "built-in",
    }
    priced = Priced(preview.order, plan, sources)
    said = (*preview.warnings, *warnings_of(priced, deps.settings.monthly_limit))
    return estimate_of(tenant, [priced], deps), tuple(dict.fromkeys(said))


def _service(deps: Dependencies) -> "StartRun":
    return wiring.start_run(deps.settings, deps.intake, job_text)


_CONTENT = "/v1/contents/{content_id}"

ROUTES: tuple[Route, ...] = (
    Route(
        "GET",
        f"{_CONTENT}/queue",
        get_queue,
        "Show what a run of a content would make",
        "ContentQueue",
        role="viewer",
        query=frozenset({"image_id", "force"}),
    ),
    Route(
        "POST",
        f"{_CONTENT}/jobs",
        start_content,
        "Make the pending images of a content",
        "Job",
        body="ContentRunBody",
        body_required=False,
        status=202,
        spends=True,
        role="creator",
    ),
    Route(
        "POST",
        "/v1/content-images/jobs",
        start_images,
        "Make images of several contents in one job",
        "Job",
        body="ContentImagesRunBody",
        status=202,
        spends=True,
        role="creator",
    ),
)
