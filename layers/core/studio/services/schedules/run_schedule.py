"""RunSchedule: start the job or the batch of a schedule.

The scheduler may fire twice, and a worker may crash at any point. A run is claimed by its time, its
budget is counted once, and its job is created under a key of the run. So a repeat continues where
the first try stopped, and there is one job.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from studio.clock import Clock, parse_rfc3339
from studio.domain.jobs.model import Origin
from studio.domain.ledger.model import budget_month
from studio.domain.orders.faults import (
    ORDER_FAULT_CODE,
    ORDER_FAULT_MESSAGE,
    ORDER_FAULTS,
    ORDER_REFUSALS,
)
from studio.domain.orders.plan import check_limits, check_usable
from studio.domain.orders.plan_job import plan_job
from studio.domain.orders.request import JobRequest
from studio.domain.schedules.model import Run, Schedule, job_body
from studio.errors import (
    BudgetExceededError,
    CostUnknownError,
    FieldError,
    MaxCostExceededError,
    NotFoundError,
    OrderExpiredError,
)
from studio.ids import is_id
from studio.money import format_usd
from studio.ports.jobs import JobStore, Replayed, Workflow
from studio.ports.schedules import ScheduleStore
from studio.services.jobs.create_job import CreateJob
from studio.services.jobs.key_use import KeyUse
from studio.services.jobs.start_execution import resume

if TYPE_CHECKING:
    from studio.services.batches.submit_import import SubmitImport
    from studio.services.orders.intake import JobRequestIntake

SCHEDULE_KEY = "schedule"
# A try takes at most a minute, and Lambda begins the next within two minutes.
_LEASE = timedelta(minutes=10)

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class RunSchedule:
    """The service behind the target and behind POST /v1/schedules/{id}/run.

    Attributes:
        intake, submit: Built when a run first orders a job or a batch, because their modules are
            slow to import.
        monthly_limit: Micro-dollars a tenant may commit in a month, None for no limit.
    """

    schedules: ScheduleStore
    jobs: JobStore
    workflow: Workflow
    intake: "Callable[[], JobRequestIntake]"
    submit: "Callable[[], SubmitImport]"
    now: Clock
    monthly_limit: int | None

    def fired(self, tenant: str, schedule_id: str, scheduled_at: str) -> Run:
        """Run a schedule whose time has come, and return the run.

        Args:
            tenant: The owner of the schedule.
            schedule_id: Its name.
            scheduled_at: RFC 3339 time for which it was set; the current minute is taken if
                the scheduler did not fill in its placeholder.

        Raises:
            NotFoundError: the schedule was deleted.
        """
        at = _time_of(scheduled_at, self.now())
        schedule = self.schedules.get(tenant, schedule_id)
        return self._start(schedule, Run(tenant, schedule_id, at, "schedule", SCHEDULE_KEY))

    def by_hand(self, tenant: str, schedule_id: str, key: str) -> Run:
        """Run a schedule now and return the run; a repeated key returns the same run.

        Raises:
            NotFoundError: the tenant has no such schedule.
        """
        schedule = self.schedules.get(tenant, schedule_id)
        at = self.schedules.first_asked(tenant, schedule_id, key, self.now())
        return self._start(schedule, Run(tenant, schedule_id, at, "manual", key))

    def _start(self, schedule: Schedule, wanted: Run) -> Run:
        run = self.schedules.claim(wanted, self.now() + _LEASE)
        if run.outcome != "starting":
            self._resume(run)
            return run
        # An order that an earlier try made counts, whatever refuses the order now.
        earlier = self._earlier(run)
        if earlier is None and run.trigger == "schedule" and not schedule.enabled:
            return self._let_go(_disabled(run))
        try:
            answer = earlier or self._order_work(schedule, run)
        except BudgetExceededError as error:
            return self._let_go(_over_budget(run, error.limit))
        except ORDER_REFUSALS as error:
            code, message = error.code, error.recorded_message
            return self._let_go(replace(run, outcome="failed", code=code, message=message))
        except ORDER_FAULTS:
            logger.exception("schedule %s at %s: the order failed", run.schedule_id, run.name)
            code, message = ORDER_FAULT_CODE, ORDER_FAULT_MESSAGE
            return self._let_go(replace(run, outcome="failed", code=code, message=message))
        started = replace(_ordered(run, answer), outcome="started")
        if earlier is not None:
            self._resume(started)
        return self._finish(started)

    def _resume(self, run: Run) -> None:
        """Start the execution of the run's job or batch, if an earlier try did not start it."""
        if run.job_id is not None:
            resume(self.jobs, self.workflow, run.tenant, run.job_id)
        elif run.batch_id is not None:
            from studio.services.batches.submit_import import resume_batch

            submit = self.submit()
            if submit.workflow is not None:
                resume_batch(submit.batches, submit.workflow, run.tenant, run.batch_id)

    def _earlier(self, run: Run) -> str | None:
        """Return the id of the job or batch that an earlier try of the run ordered."""
        key = _key(run)
        replayed = self.jobs.check_idempotency_key(
            run.tenant, key.scope, key.key, key.body_hash, self.now()
        )
        return None if replayed is None else replayed.answer

    def _order_work(self, schedule: Schedule, run: Run) -> str:
        """Order the schedule's job or batch and return its id."""
        if schedule.import_id is None:
            return self._job(schedule, run)
        return self._batch(schedule, run, schedule.import_id)

    def _job(self, schedule: Schedule, run: Run) -> str:
        order = self._order(schedule, run)
        self._hold(schedule, run, plan_job(order).reserve)
        service = CreateJob(
            self.jobs, self.workflow, self.now, self.monthly_limit, lambda job: job.job_id
        )
        made = service.run(run.tenant, order, _key(run))
        return made.answer if isinstance(made, Replayed) else made.job_id

    def _batch(self, schedule: Schedule, run: Run, import_id: str) -> str:
        try:
            return self._submit(schedule, run, import_id)
        except NotFoundError as error:
            raise OrderExpiredError(error.recorded_message) from error

    def _submit(self, schedule: Schedule, run: Run, import_id: str) -> str:
        from studio.services.batches.submit_import import Submission

        submit = self.submit()
        totals = submit.imports.get(run.tenant, import_id).totals
        if totals.unpriced and schedule.budget.per_month is not None:
            raise CostUnknownError(
                f"{totals.unpriced} of {totals.images} images have no known price, "
                "so no budget can be kept"
            )
        _check_run(schedule, totals.estimate)
        self._hold(schedule, run, totals.estimate)
        submission = Submission(max_cost=schedule.budget.per_run, schedule_id=schedule.schedule_id)
        created_by = f"schedule:{schedule.schedule_id}"
        batch = submit.run(run.tenant, import_id, submission, _key(run), created_by)
        return batch.answer if isinstance(batch, Replayed) else batch.batch_id

    def _order(self, schedule: Schedule, run: Run) -> JobRequest:
        order = self.intake().job_request(
            schedule.tenant,
            job_body(schedule),
            created_by=f"schedule:{schedule.schedule_id}",
            seed_source=run.name,
            origin=Origin(schedule_id=schedule.schedule_id),
        )
        limits = (order.max_cost, schedule.budget.per_run)
        max_cost = min((limit for limit in limits if limit is not None), default=None)
        # The plan of the budget and the plan of the job must make the same choice.
        limited = schedule.budget.per_month is not None or self.monthly_limit is not None
        order = replace(order, max_cost=max_cost, limited=limited)
        plan = plan_job(order)
        check_usable(plan)
        _check_run(schedule, plan.reserve)
        check_limits(plan, max_cost=max_cost, monthly_limit=schedule.budget.per_month)
        return order

    def _hold(self, schedule: Schedule, run: Run, amount: int) -> None:
        """Count a run's estimate in its month.

        Raises:
            BudgetExceededError: the schedule's limit of the month would be exceeded.
        """
        limit = schedule.budget.per_month
        if limit is None:
            return
        if not self.schedules.hold(run, budget_month(run.at), amount, limit):
            raise BudgetExceededError(limit=limit, committed=limit, requested=amount)

    def _let_go(self, run: Run) -> Run:
        logger.warning(
            "schedule %s at %s: %s, %s", run.schedule_id, run.name, run.outcome, run.code
        )
        return self._finish(run)

    def _finish(self, run: Run) -> Run:
        return self.schedules.finish(run, budget_month(run.at))


def _check_run(schedule: Schedule, estimate: int) -> None:
    """Check a run's estimate against the schedule's own limit, in micro-dollars.

    Raises:
        MaxCostExceededError: the estimate is above the limit; the message names it.
    """
    limit = schedule.budget.per_run
    if limit is not None and estimate > limit:
        detail = (
            f"the estimate of {format_usd(estimate)} USD is above the schedule's budget.per_run "
            f"of {format_usd(limit)} USD"
        )
        raise MaxCostExceededError(FieldError("/budget/per_run", MaxCostExceededError.code, detail))


def _key(run: Run) -> KeyUse:
    # The schedule may change between two tries of a run, so only the key decides.
    return KeyUse(run.order_scope, run.name, body_hash=run.name)


def _ordered(run: Run, answer: str) -> Run:
    if is_id("bat", answer):
        return replace(run, batch_id=answer)
    return replace(run, job_id=answer)


def _disabled(run: Run) -> Run:
    message = "The schedule was disabled."
    return replace(run, outcome="skipped", code="disabled", message=message)


def _over_budget(run: Run, limit: int) -> Run:
    message = (
        f"The month's limit of {format_usd(limit)} USD would be exceeded; "
        "the next month (UTC) starts from zero."
    )
    return replace(run, outcome="skipped", code=BudgetExceededError.code, message=message)


def _time_of(text: str, now: datetime) -> datetime:
    # The local AWS does not replace the placeholder.
    if text.startswith("<"):
        return now.replace(second=0, microsecond=0)
    return parse_rfc3339(text).astimezone(UTC)
