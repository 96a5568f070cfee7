"""Routes that price, start, repeat and stop work."""

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from studio.api.http.dependencies import Backend
from studio.api.http.messages import Call, Headers, Reply, json_reply
from studio.api.http.request_body import MAX_ORDER_BYTES, idempotency_key, preferred_wait, read_body
from studio.api.http.serializers import Document, money
from studio.api.jobs import serializers
from studio.api.jobs.routes import job_id_of
from studio.domain.jobs.model import Job
from studio.domain.ledger.model import budget_month
from studio.domain.orders.plan_image import JobOrder
from studio.domain.orders.plan_job import Plan, check_limits, plan_job
from studio.errors import CostUnknownError, IdempotentReplay, MaxCostExceededError, pointing_below
from studio.services.jobs.cancel_job import CancelJob
from studio.services.jobs.create_job import CreateJob, KeyUse
from studio.services.jobs.redrive_job import RedriveJob

if TYPE_CHECKING:
    from studio.services.orders.intake import OrderDesk

_FIRST_PAUSE, _LONGEST_PAUSE = 0.2, 1.0


def estimate_jobs(call: Call, backend: Backend) -> Reply:
    """Price job bodies by the rules that POST /v1/jobs goes by; writes nothing."""
    from studio.api.jobs.requests import EstimateBody
    from studio.services.orders.order import pointing_into
    from studio.services.orders.reading import read

    caller, desk = call.caller(), backend.desk()
    document = dict(read_body(call).document)
    if isinstance(jobs := document.get("jobs"), list):
        document["jobs"] = [_over_recipe(caller.tenant, desk, *job) for job in enumerate(jobs)]
    plans: list[Plan] = []
    warnings: list[str] = []
    for index, body in enumerate(read(EstimateBody, json.dumps(document)).jobs):
        with pointing_below(f"/jobs/{index}"), pointing_into(body):
            order = desk.preview(caller.tenant, body, created_by=caller.subject)
            plans.append(plan_job(replace(order, limited=backend.monthly_limit is not None)))
        said = dict.fromkeys(_warnings(order, plans[-1], backend.monthly_limit))
        warnings += [f"job {index + 1}: {text}" for text in said]
    return json_reply(serializers.estimate(plans, warnings, _budget(caller.tenant, backend)))


def create_job(call: Call, backend: Backend) -> Reply:
    """Accept an order: checked, priced, reserved and recorded before the answer."""
    from studio.services.orders.order import pointing_into

    caller, key = call.caller(), idempotency_key(call)
    body = read_body(call, limit=MAX_ORDER_BYTES)
    service = CreateJob(
        backend.jobs, backend.workflow(), backend.now, backend.monthly_limit, _job_text
    )

    def create() -> Job:
        taken = backend.desk().order(
            caller.tenant, body.document, created_by=caller.subject, seed_source=key
        )
        with pointing_into(taken.body):
            return service.run(caller.tenant, taken.order, _key_use(call, key, body.hash))

    return _accept(call, backend, create)


def redrive_job(call: Call, backend: Backend) -> Reply:
    """Run images of an ended job again: the failed ones, or those that are named."""
    from studio.api.jobs.requests import RedriveBody, selection_of
    from studio.services.orders.order import dollars
    from studio.services.orders.reading import read

    tenant, job_id, key = call.caller().tenant, job_id_of(call), idempotency_key(call)
    body = read_body(call, optional=True)
    wanted = read(RedriveBody, body.text)
    selection, max_cost = selection_of(wanted), dollars(wanted.max_cost)
    service = RedriveJob(
        backend.jobs, backend.workflow(), backend.now, backend.monthly_limit, _job_text
    )
    key_use = _key_use(call, key, body.hash)
    return _accept(call, backend, lambda: service.run(tenant, job_id, selection, max_cost, key_use))


def cancel_job(call: Call, backend: Backend) -> Reply:
    """Stop what has not started; what is done stays."""
    from studio.api.jobs.requests import CancelBody
    from studio.services.orders.reading import read

    tenant, job_id = call.caller().tenant, job_id_of(call)
    read(CancelBody, read_body(call, optional=True).text)
    job = CancelJob(backend.jobs, backend.now).run(tenant, job_id)
    return Reply(202, _job_text(job), _come_back(job_id))


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


def _accept(call: Call, backend: Backend, act: Callable[[], Job]) -> Reply:
    """Answer what spends money: 202, or 200 where the caller waited long enough for the end."""
    try:
        job = act()
    except IdempotentReplay as replay:
        headers = {**_come_back(json.loads(replay.answer)["id"]), "Idempotency-Replayed": "true"}
        return Reply(202, replay.answer, headers)
    seconds = preferred_wait(call)
    if seconds is not None:
        tenant, job_id = job.tenant, job.job_id
        job = wait_for_end(job, lambda: backend.jobs.get(tenant, job_id), seconds)
        if job.finished_at is not None:
            headers = {"Location": _path(job_id), "Preference-Applied": f"wait={seconds}"}
            return Reply(200, _job_text(job), headers)
    return Reply(202, _job_text(job), _come_back(job.job_id))


def _key_use(call: Call, key: str, body_hash: str) -> KeyUse:
    return KeyUse(f"{call.method} {call.path} {call.caller().subject}", key, body_hash)


def _job_text(job: Job) -> str:
    return json.dumps(serializers.job(job), separators=(",", ":"))


def _path(job_id: str) -> str:
    return f"/v1/jobs/{job_id}"


def _come_back(job_id: str) -> Headers:
    return {"Location": _path(job_id), "Retry-After": "1"}


def _over_recipe(tenant: str, desk: "OrderDesk", index: int, job: object) -> object:
    """Lay a job of an estimate over its recipe; what is no job at all is refused later."""
    if not isinstance(job, dict):
        return job
    with pointing_below(f"/jobs/{index}"):
        return desk.over_recipe(tenant, job)[0]


def _warnings(order: JobOrder, plan: Plan, monthly_limit: int | None) -> Iterator[str]:
    """Everything to know before ordering, also what would make POST /v1/jobs refuse."""
    yield from plan.said
    try:
        check_limits(plan, max_cost=order.max_cost, monthly_limit=monthly_limit)
    except MaxCostExceededError as error:
        yield error.fields[0].detail
    except CostUnknownError as error:
        yield str(error)


def _budget(tenant: str, backend: Backend) -> Document:
    if backend.monthly_limit is None:
        return {"limit": None, "committed": None}
    committed = backend.ledger.committed(tenant, budget_month(backend.now()))
    return {
        "limit": money(backend.monthly_limit),
        "committed": money(committed),
    }
