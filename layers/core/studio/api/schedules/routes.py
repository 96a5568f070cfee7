"""Routes of schedules."""

from collections.abc import Mapping
from hashlib import sha256
from typing import TYPE_CHECKING, cast

from studio import wiring
from studio.api.http import pagination
from studio.api.http.dependencies import Dependencies
from studio.api.http.messages import Request, Response, Route, json_response
from studio.api.http.pagination import next_page, page_of, page_response
from studio.api.http.preconditions import moving_etag, require_match
from studio.api.http.request_body import idempotency_key, read_body
from studio.api.schedules import serializers
from studio.domain.schedules.model import Budget, Schedule, Timing, TimingKind
from studio.errors import FieldError, InvalidRequestError, NotFoundError
from studio.ids import RECIPE_ID

if TYPE_CHECKING:
    from studio.api.schedules.requests import ScheduleBody

_KINDS: tuple[TimingKind, ...] = ("at", "cron", "rate")


def list_schedules(request: Request, deps: Dependencies) -> Response:
    """List the tenant's schedules in the order of their names."""
    page = page_of(request, deps)
    found = deps.schedules.page(request.caller().tenant, page.limit, page.after)
    place = next_page(request, deps, page, found.next_after)
    return page_response(request, serializers.schedules(found.schedules, place, deps.now()))


def get_schedule(request: Request, deps: Dependencies) -> Response:
    """Give a schedule. Its ETag changes with it and with its next times."""
    found = deps.schedules.get(request.caller().tenant, _schedule_id(request))
    document = serializers.schedule(found, deps.now())
    tag = moving_etag(serializers.stored(found), {"next_runs": document["next_runs"]})
    return json_response(document, headers={"ETag": tag})


def put_schedule(request: Request, deps: Dependencies) -> Response:
    """Save a schedule and set the clock; its job is checked as if it were ordered now."""
    from studio.api.schedules.requests import ScheduleBody
    from studio.services.orders.reading import read
    from studio.services.schedules.save_schedule import SaveSchedule

    schedule_id = _schedule_id(request)
    sent = read_body(request)
    body = read(ScheduleBody, sent.text)
    current = _current(request, deps, schedule_id)
    require_match(request, serializers.stored(current) if current else None)
    # As it was written: null takes a member of the recipe away.
    changes = cast("Mapping[str, object]", sent.document.get("changes", {}))
    service = SaveSchedule(
        deps.schedules,
        deps.schedule_target,
        deps.intake,
        lambda: deps.imports,
        lambda: deps.blobs,
        deps.now,
    )
    wanted = _wanted(request, deps, body, changes, current)
    saved = service.run(wanted, current)
    document = serializers.saved(saved, deps.now())
    return json_response(document, status=200 if current else 201)


def delete_schedule(request: Request, deps: Dependencies) -> Response:
    """Take a schedule away and stop its clock. Its jobs stay as they are."""
    from studio.services.schedules.delete_schedule import DeleteSchedule

    tenant, schedule_id = request.caller().tenant, _schedule_id(request)
    current = deps.schedules.get(tenant, schedule_id)
    require_match(request, serializers.stored(current))
    DeleteSchedule(deps.schedules, deps.schedule_target).run(current)
    return Response(204)


def run_schedule(request: Request, deps: Dependencies) -> Response:
    """Start what a schedule orders now, whether it is enabled or not."""
    from studio.api.schedules.requests import RunBody
    from studio.services.orders.reading import read
    from studio.services.schedules.run_schedule import RunSchedule

    caller, key = request.caller(), idempotency_key(request)
    read(RunBody, read_body(request, optional=True).text)
    service = RunSchedule(
        deps.schedules,
        deps.jobs,
        deps.workflow,
        lambda: deps.intake,
        lambda: wiring.submit_import(deps.settings, lambda batch: batch.batch_id),
        deps.now,
        deps.settings.monthly_limit,
    )
    own_key = sha256(f"{caller.subject} {key}".encode()).hexdigest()[:32]
    run = service.by_hand(caller.tenant, _schedule_id(request), own_key)
    started = f"/v1/jobs/{run.job_id}" if run.job_id else f"/v1/batches/{run.batch_id}"
    headers = {"Location": started, "Retry-After": "1"} if run.outcome == "started" else {}
    return json_response(serializers.run(run), status=202, headers=headers)


def list_runs(request: Request, deps: Dependencies) -> Response:
    """List when a schedule ran and what came of it, newest first."""
    tenant, schedule_id = request.caller().tenant, _schedule_id(request)
    page = page_of(request, deps)
    deps.schedules.get(tenant, schedule_id)
    found = deps.schedules.runs(tenant, schedule_id, page.limit, page.after)
    place = next_page(request, deps, page, found.next_after)
    return page_response(request, serializers.runs(found.runs, place))


def _schedule_id(request: Request) -> str:
    schedule_id = request.params["schedule_id"]
    if not RECIPE_ID.fullmatch(schedule_id):
        raise NotFoundError("a schedule's name is of lower-case letters, digits and hyphens")
    return schedule_id


def _current(request: Request, deps: Dependencies, schedule_id: str) -> Schedule | None:
    try:
        return deps.schedules.get(request.caller().tenant, schedule_id)
    except NotFoundError:
        return None


def _wanted(
    request: Request,
    deps: Dependencies,
    body: "ScheduleBody",
    changes: Mapping[str, object],
    current: Schedule | None,
) -> Schedule:
    from studio.services.orders.order import dollars

    caller, at = request.caller(), deps.now()
    return Schedule(
        tenant=caller.tenant,
        schedule_id=_schedule_id(request),
        version=0,
        title=body.title,
        timing=_timing(body),
        enabled=body.enabled,
        recipe_id=body.recipe_id,
        import_id=body.import_id,
        changes=changes,
        budget=Budget(dollars(body.budget.per_run), dollars(body.budget.per_month)),
        created_at=current.created_at if current else at,
        updated_at=at,
        updated_by=caller.subject,
    )


def _timing(body: "ScheduleBody") -> Timing:
    texts = {"at": body.at, "cron": body.cron, "rate": body.rate}
    given = [(kind, text) for kind in _KINDS if (text := texts[kind]) is not None]
    if len(given) != 1:
        pointer = f"/{given[1][0]}" if given else "/at"
        detail = "Give exactly one of at, cron and rate"
        raise InvalidRequestError(FieldError(pointer, "exclusive", detail))
    ((kind, text),) = given
    return Timing(kind, text, body.timezone)


_SCHEDULE = "/v1/schedules/{schedule_id}"

ROUTES: tuple[Route, ...] = (
    Route(
        "GET",
        "/v1/schedules",
        list_schedules,
        "List the schedules by name",
        "ScheduleList",
        query=pagination.PARAMETERS,
        role="viewer",
    ),
    Route("GET", _SCHEDULE, get_schedule, "Return a schedule", "Schedule", role="viewer"),
    Route(
        "PUT",
        _SCHEDULE,
        put_schedule,
        "Save a schedule that runs once or repeatedly",
        "SavedSchedule",
        body="ScheduleBody",
        also=201,
        guarded=True,
        role="creator",
    ),
    Route(
        "DELETE",
        _SCHEDULE,
        delete_schedule,
        "Delete a schedule",
        None,
        status=204,
        guarded=True,
        role="creator",
    ),
    Route(
        "GET",
        f"{_SCHEDULE}/runs",
        list_runs,
        "List the runs of a schedule, newest first",
        "ScheduleRunList",
        query=pagination.PARAMETERS,
        role="viewer",
    ),
    Route(
        "POST",
        f"{_SCHEDULE}/run",
        run_schedule,
        "Run a schedule now",
        "ScheduleRun",
        body="RunBody",
        body_required=False,
        status=202,
        keyed=True,
        role="creator",
    ),
)
