"""Routes that price, start, repeat and stop work."""

import json
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from studio.api.http.dependencies import Dependencies
from studio.api.http.messages import Headers, Request, Response, json_response
from studio.api.http.request_body import MAX_ORDER_BYTES, idempotency_key, preferred_wait, read_body
from studio.api.http.serializers import Document, money
from studio.api.jobs import estimates, serializers
from studio.api.jobs.routes import job_id_of
from studio.domain.jobs.model import Job
from studio.domain.ledger.model import budget_month
from studio.domain.orders.plan import Plan, check_limits, obstacle_warnings
from studio.domain.orders.plan_job import plan_job
from studio.domain.orders.request import JobRequest
from studio.errors import CostUnknownError, IdempotentReplay, MaxCostExceededError, prefix_pointers
from studio.money import format_usd
from studio.services.jobs.cancel_job import CancelJob
from studio.services.jobs.create_job import CreateJob, KeyUse
from studio.services.jobs.redrive_job import RedriveJob

if TYPE_CHECKING:
    from studio.services.orders.intake import JobRequestIntake

_FIRST_PAUSE, _LONGEST_PAUSE = 0.2, 1.0


def estimate_jobs(request: Request, deps: Dependencies) -> Response:
    """Price job bodies by the rules that POST /v1/jobs goes by; writes nothing."""
    from studio.api.jobs.requests import EstimateBody
    from studio.services.orders.reading import read

    caller, intake = request.caller(), deps.intake()
    document = dict(read_body(request).document)
    if isinstance(jobs := document.get("jobs"), list):
        document["jobs"] = [_over_recipe(caller.tenant, intake, *job) for job in enumerate(jobs)]
    plans: list[Plan] = []
    warnings: list[str] = []
    for index, body in enumerate(read(EstimateBody, json.dumps(document)).jobs):
        with prefix_pointers(f"/jobs/{index}"):
            order = intake.preview(caller.tenant, body, created_by=caller.subject)
            plans.append(plan_job(replace(order, limited=deps.monthly_limit is not None)))
        said = dict.fromkeys(_warnings(order, plans[-1], deps.monthly_limit))
        warnings += [f"job {index + 1}: {text}" for text in said]
    committed = _committed(caller.tenant, deps)
    warnings += _month_warnings(plans, committed, deps.monthly_limit)
    return json_response(estimates.estimate(plans, warnings, _budget(committed, deps)))


def create_job(request: Request, deps: Dependencies) -> Response:
    """Accept an order: checked, priced, reserved and recorded before the answer."""
    caller, key = request.caller(), idempotency_key(request)
    body = read_body(request, limit=MAX_ORDER_BYTES)
    service = CreateJob(deps.jobs, deps.workflow(), deps.now, deps.monthly_limit, _job_text)

    def create() -> Job:
        order = deps.intake().order(
            caller.tenant, body.document, created_by=caller.subject, seed_source=key
        )
        return service.run(caller.tenant, order, _key_use(request, key, body.hash))

    return _accept(request, deps, create)


def redrive_job(request: Request, deps: Dependencies) -> Response:
    """Run images of an ended job again: the failed ones, or those that are named."""
    from studio.api.jobs.requests import RedriveBody, selection_of
    from studio.services.orders.order import dollars
    from studio.services.orders.reading import read

    tenant, job_id, key = request.caller().tenant, job_id_of(request), idempotency_key(request)
    body = read_body(request, optional=True)
    wanted = read(RedriveBody, body.text)
    selection, max_cost = selection_of(wanted), dollars(wanted.max_cost)
    service = RedriveJob(deps.jobs, deps.workflow(), deps.now, deps.monthly_limit, _job_text)
    key_use = _key_use(request, key, body.hash)
    return _accept(request, deps, lambda: service.run(tenant, job_id, selection, max_cost, key_use))


def cancel_job(request: Request, deps: Dependencies) -> Response:
    """Stop what has not started; what is done stays."""
    from studio.api.jobs.requests import CancelBody
    from studio.services.orders.reading import read

    tenant, job_id = request.caller().tenant, job_id_of(request)
    read(CancelBody, read_body(request, optional=True).text)
    job = CancelJob(deps.jobs, deps.now).run(tenant, job_id)
    return Response(202, _job_text(job), _come_back(job_id))


def wait_for_end(
    job: Job,
    read: Callable[[], Job],
    seconds: float,
    *,
    sleep: Callable[[float], None] = time.sleep,
    clock: Callable[[], float] = time.monotonic,
) -> Job:
    """Read a job again and again until it has ended or the seconds are over.

    Args:
        job: As it is now.
        read: Reads it again.
        seconds: How long at most.
        sleep: Waits so many seconds.
        clock: Seconds of a clock that never goes back.

    Returns:
        The job as it was read last.
    """
    until, pause = clock() + seconds, _FIRST_PAUSE
    while job.finished_at is None and (left := until - clock()) > 0:
        sleep(min(pause, left))
        job = read()
        pause = min(2 * pause, _LONGEST_PAUSE)
    return job


def _accept(request: Request, deps: Dependencies, act: Callable[[], Job]) -> Response:
    """Answer what spends money: 202, or 200 where the caller waited long enough for the end."""
    try:
        job = act()
    except IdempotentReplay as replay:
        headers = {**_come_back(json.loads(replay.answer)["id"]), "Idempotency-Replayed": "true"}
        return Response(202, replay.answer, headers)
    seconds = preferred_wait(request)
    if seconds is not None:
        tenant, job_id = job.tenant, job.job_id
        job = wait_for_end(job, lambda: deps.jobs.get(tenant, job_id), seconds)
        if job.finished_at is not None:
            headers = {"Location": _path(job_id), "Preference-Applied": f"wait={seconds}"}
            return Response(200, _job_text(job), headers)
    return Response(202, _job_text(job), _come_back(job.job_id))


def _key_use(request: Request, key: str, body_hash: str) -> KeyUse:
    return KeyUse(f"{request.method} {request.path} {request.caller().subject}", key, body_hash)


def _job_text(job: Job) -> str:
    return json.dumps(serializers.job(job), separators=(",", ":"))


def _path(job_id: str) -> str:
    return f"/v1/jobs/{job_id}"


def _come_back(job_id: str) -> Headers:
    return {"Location": _path(job_id), "Retry-After": "1"}


def _over_recipe(tenant: str, intake: "JobRequestIntake", index: int, job: object) -> object:
    """Lay a job of an estimate over its recipe; what is no job at all is refused later."""
    if not isinstance(job, dict):
        return job
    with prefix_pointers(f"/jobs/{index}"):
        return intake.merge_recipe(tenant, job)[0]


def _warnings(order: JobRequest, plan: Plan, monthly_limit: int | None) -> Iterator[str]:
    """Everything to know before ordering, also what would make POST /v1/jobs refuse."""
    yield from plan.all_warnings
    yield from obstacle_warnings(plan)
    try:
        check_limits(plan, max_cost=order.max_cost, monthly_limit=monthly_limit)
    except MaxCostExceededError as error:
        yield error.fields[0].detail
    except CostUnknownError as error:
        yield str(error)


def _month_warnings(
    plans: Sequence[Plan], committed: int, monthly_limit: int | None
) -> Iterator[str]:
    """Say that the month has no room for what the jobs would hold."""
    held = sum(plan.reserve for plan in plans)
    if monthly_limit is not None and committed + held > monthly_limit:
        left = max(monthly_limit - committed, 0)
        yield (
            f"the month's limit leaves {format_usd(left)} USD, "
            f"and these jobs would hold {format_usd(held)} USD"
        )


def _committed(tenant: str, deps: Dependencies) -> int:
    """Return what the month has spent or holds; 0 where no limit is kept."""
    if deps.monthly_limit is None:
        return 0
    return deps.ledger.committed(tenant, budget_month(deps.now()))


def _budget(committed: int, deps: Dependencies) -> Document:
    if deps.monthly_limit is None:
        return {"limit": None, "committed": None}
    return {
        "limit": money(deps.monthly_limit),
        "committed": money(committed),
    }
