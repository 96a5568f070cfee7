"""Routes that price, start, repeat and stop work."""

import json
import time
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from studio import wiring
from studio.api.http.accepted import accepted, key_use, replayed
from studio.api.http.dependencies import Dependencies
from studio.api.http.messages import Request, Response, Route, json_response, json_text
from studio.api.http.request_body import MAX_ORDER_BYTES, idempotency_key, preferred_wait, read_body
from studio.api.jobs import serializers
from studio.api.jobs.routes import job_id_of
from studio.domain.jobs.model import Job
from studio.domain.orders.pointers import locate_errors
from studio.ports.jobs import Replayed

if TYPE_CHECKING:
    from studio.services.orders.intake import JobRequestIntake

_JOBS = "/v1/jobs"
_FIRST_PAUSE, _LONGEST_PAUSE = 0.2, 1.0


def estimate_jobs(request: Request, deps: Dependencies) -> Response:
    """Price job bodies by the rules of POST /v1/jobs; writes nothing."""
    from studio.api.jobs.pricing import Priced, estimate_of, plan_of
    from studio.api.jobs.requests import EstimateBody
    from studio.services.orders.origins import origins
    from studio.services.orders.reading import read

    caller, intake = request.caller(), deps.intake
    document = dict(read_body(request).document)
    sent = jobs if isinstance(jobs := document.get("jobs"), list) else []
    complete: list[Any] = [_over_recipe(caller.tenant, intake, *job) for job in enumerate(sent)]
    if sent:
        document["jobs"] = complete
    priced: list[Priced] = []
    for index, body in enumerate(read(EstimateBody, json.dumps(document)).jobs):
        with locate_errors({"": f"/jobs/{index}"}):
            order = intake.preview(caller.tenant, body, created_by=caller.subject)
            plan = plan_of(order, deps)
        made_by = plan.choice.provider if plan.choice else ""
        sources = origins(sent[index], complete[index], order, made_by)
        priced.append(Priced(order, plan, sources))
    return json_response(estimate_of(caller.tenant, priced, deps))


def create_job(request: Request, deps: Dependencies) -> Response:
    """Accept an order: checked, priced, reserved and recorded before the answer."""
    caller, key = request.caller(), idempotency_key(request)
    body = read_body(request, limit=MAX_ORDER_BYTES)
    service = wiring.create_job(deps.settings, job_text)

    def create() -> Job | Replayed:
        order = deps.intake.job_request(
            caller.tenant, body.document, created_by=caller.subject, seed_source=key
        )
        return service.run(caller.tenant, order, key_use(request, key, body.hash))

    return accept(request, deps, create)


def redrive_job(request: Request, deps: Dependencies) -> Response:
    """Run images of an ended job again: the failed ones, or those that are named."""
    from studio.api.jobs.requests import RedriveBody, selection_of
    from studio.services.jobs.redrive_job import RedriveJob
    from studio.services.orders.order import dollars
    from studio.services.orders.reading import read

    tenant, job_id, key = request.caller().tenant, job_id_of(request), idempotency_key(request)
    body = read_body(request, optional=True)
    wanted = read(RedriveBody, body.text)
    selection, max_cost = selection_of(wanted), dollars(wanted.max_cost)
    service = RedriveJob(
        deps.jobs,
        deps.workflow,
        deps.now,
        deps.settings.monthly_limit,
        job_text,
        keys=deps.intake.keys,
        contents=deps.contents,
    )
    use = key_use(request, key, body.hash)
    return accept(request, deps, lambda: service.run(tenant, job_id, selection, max_cost, use))


def cancel_job(request: Request, deps: Dependencies) -> Response:
    """Cancel the images that have not started; finished images stay."""
    from studio.api.jobs.requests import CancelBody
    from studio.services.jobs.cancel_job import CancelJob
    from studio.services.orders.reading import read

    tenant, job_id = request.caller().tenant, job_id_of(request)
    read(CancelBody, read_body(request, optional=True).text)
    job = CancelJob(deps.jobs, deps.finish_job, deps.now).run(tenant, job_id)
    return accepted(_path(job_id), job_text(job))


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


def accept(request: Request, deps: Dependencies, act: Callable[[], Job | Replayed]) -> Response:
    """Answer what spends money: 202, or 200 if the job ends while the caller waits.

    A repeat finishes what the first request left: it starts the execution of a queued job.
    """
    from studio.services.jobs.start_execution import resume

    job = act()
    if isinstance(job, Replayed):
        start = partial(resume, deps.jobs, deps.workflow, request.caller().tenant)
        return replayed(job, _JOBS, start)
    seconds = preferred_wait(request)
    if seconds is not None:
        tenant, job_id = job.tenant, job.job_id
        job = wait_for_end(job, lambda: deps.jobs.get(tenant, job_id), seconds)
        if job.finished_at is not None:
            headers = {"Location": _path(job_id), "Preference-Applied": f"wait={seconds}"}
            return Response(200, job_text(job), headers)
    return accepted(_path(job.job_id), job_text(job))


def job_text(job: Job) -> str:
    """Return the JSON document of a job, which a repeat of its request gets again."""
    # A job at the start of a run or at its end waits for no provider; else its images know.
    still = job.status == "queued" or job.finished_at is not None
    return json_text(serializers.job(job, () if still else None))


def _path(job_id: str) -> str:
    return f"{_JOBS}/{job_id}"


def _over_recipe(tenant: str, intake: "JobRequestIntake", index: int, job: object) -> object:
    """Merge a job of an estimate with its recipe; the parser refuses what is no job."""
    if not isinstance(job, dict):
        return job
    with locate_errors({"": f"/jobs/{index}"}):
        return intake.merge_recipe(tenant, job)[0]


_JOB = f"{_JOBS}/{{job_id}}"

ROUTES: tuple[Route, ...] = (
    Route(
        "POST",
        "/v1/estimates",
        estimate_jobs,
        "Estimate the cost of jobs; nothing runs",
        "Estimate",
        body="EstimateBody",
        role="viewer",
    ),
    Route(
        "POST",
        _JOBS,
        create_job,
        "Start a job",
        "Job",
        body="JobBody",
        status=202,
        spends=True,
        role="creator",
    ),
    Route(
        "POST",
        f"{_JOB}/cancel",
        cancel_job,
        "Stop what has not started",
        "Job",
        body="CancelBody",
        body_required=False,
        status=202,
        role="creator",
    ),
    Route(
        "POST",
        f"{_JOB}/redrive",
        redrive_job,
        "Run failed or selected images of an ended job again",
        "Job",
        body="RedriveBody",
        body_required=False,
        status=202,
        spends=True,
        role="creator",
    ),
)
