"""Routes of schedules."""

from hashlib import sha256
from typing import TYPE_CHECKING, cast

from studio.api.http import pagination
from studio.api.http.dependencies import Dependencies
from studio.api.http.messages import Request, Response, Route, json_response
from studio.api.http.pagination import page_of, page_response
from studio.api.http.preconditions import require_match
from studio.api.http.request_body import idempotency_key, read_body
from studio.api.http.serializers import Document
from studio.api.schedules import serializers
from studio.domain.schedules.model import Budget, Schedule, Timing, TimingKind
from studio.errors import FieldError, InvalidRequestError, NotFoundError
from studio.ids import RECIPE_ID
from studio.services.schedules.run_schedule import RunSchedule

if TYPE_CHECKING:
    from studio.api.schedules.requests import ScheduleBody
    from studio.services.batches.submit_import import SubmitImport

_KINDS: tuple[TimingKind, ...] = ("at", "cron", "rate")


def list_schedules(request: Request, deps: Dependencies) -> Response:
    """List the tenant's schedules in the order of their names."""
    page = page_of(request, deps)
    found = deps.schedules.page(request.caller().tenant, page.limit, page.after)
    data = [serializers.schedule(schedule) for schedule in found.schedules]
    return page_response(request, deps, page, data, found.next_after)


def get_schedule(request: Request, deps: Dependencies) -> Response:
    """Give a schedule."""
    found = deps.schedules.get(request.caller().tenant, _schedule_id(request))
    return json_response(serializers.schedule(found))


def put_schedule(request: Request, deps: Dependencies) -> Response:
    """Save a schedule and set the clock; its job is checked as if it were ordered now."""
    from studio.api.schedules.requests import ScheduleBody
    from studio.services.orders.reading import read
    from studio.services.schedules.save_schedule import SaveSchedule

    schedule_id = _schedule_id(request)
    sent = read_body(request)
    body = read(ScheduleBody, sent.text)
    current = _current(request, deps, schedule_id)
    require_match(request, serializers.schedule(current) if current else None)
    # As it was written: null takes a member of the recipe away.
    changes = cast("Document", sent.document.get("changes", {}))
    service = SaveSchedule(
        deps.schedules,
        deps.schedule_target(),
        deps.intake(),
        deps.imports,
        deps.blobs,
        deps.now,
    )
    wanted = _wanted(request, deps, body, changes, current)
    saved = service.run(wanted, current)
    document = serializers.schedule(saved.schedule) | {"warnings": list(saved.warnings)}
    return json_response(document, status=200 if current else 201)


def delete_schedule(request: Request, deps: Dependencies) -> Response:
    """Take a schedule away and stop its clock. Its jobs stay as they are."""
    from studio.services.schedules.delete_schedule import DeleteSchedule

    tenant, schedule_id = request.caller().tenant, _schedule_id(request)
    current = deps.schedules.get(tenant, schedule_id)
    require_match(request, serializers.schedule(current))
    DeleteSchedule(deps.schedules, deps.schedule_target()).run(current)
    return Response(204)


def run_schedule(request: Request, deps: Dependencies) -> Response:
    """Start what a schedule orders now, whether it is enabled or not."""
    from studio.api.schedules.requests import RunBody
    from studio.services.orders.reading import read

    caller, key = request.caller(), idempotency_key(request)
    read(RunBody, read_body(request, optional=True).text)
    service = RunSchedule(
        deps.schedules,
        deps.jobs,
        deps.workflow(),
        deps.intake,
        deps.imports,
        lambda: _submit(deps),
        deps.now,
        deps.monthly_limit,
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
    data = [serializers.run(run) for run in found.runs]
    return page_response(request, deps, page, data, found.next_after)


def _submit(deps: Dependencies) -> "SubmitImport":
    from studio.services.batches.submit_import import SubmitImport

    return SubmitImport(
        deps.imports(),
        deps.batches(),
        deps.jobs,
        deps.ledger,
        deps.blobs(),
        deps.batch_workflow(),
        deps.now,
        deps.monthly_limit,
        lambda batch: batch.batch_id,
    )


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
    changes: Document,
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
        "Recipes that run by the clock, by name",
        "ScheduleList",
        query=pagination.PARAMETERS,
    ),
    Route("GET", _SCHEDULE, get_schedule, "One schedule", "Schedule"),
    Route(
        "PUT",
        _SCHEDULE,
        put_schedule,
        "Have a recipe run once at a time, or again and again",
        "SavedSchedule",
        body="ScheduleBody",
        also=201,
        guarded=True,
    ),
    Route(
        "DELETE", _SCHEDULE, delete_schedule, "Take a schedule away", None, status=204, guarded=True
    ),
    Route(
        "GET",
        f"{_SCHEDULE}/runs",
        list_runs,
        "When a schedule ran, newest first",
        "ScheduleRunList",
        query=pagination.PARAMETERS,
    ),
    Route(
        "POST",
        f"{_SCHEDULE}/run",
        run_schedule,
        "Start what a schedule orders now",
        "ScheduleRun",
        body="RunBody",
        body_required=False,
        status=202,
        keyed=True,
    ),
)
