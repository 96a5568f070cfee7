"""CreateJob: reserve the money and write everything in one transaction, then start the workflow.

It makes two AWS calls. If the second one fails, the job stays queued and the sweeper starts it.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from studio.clock import Clock
from studio.domain.jobs.model import Counts, Item, ItemError, Job, LogLine
from studio.domain.jobs.words import images
from studio.domain.ledger.model import LedgerEntry, budget_month, reserve_id
from studio.domain.orders.plan import (
    Plan,
    PlannedImage,
    check_limits,
    check_usable,
    pointer_of_all,
)
from studio.domain.orders.plan_job import plan_job
from studio.domain.orders.pointers import locate_fields
from studio.domain.orders.request import JobRequest
from studio.errors import InvalidRequestError
from studio.ids import new_id
from studio.ports.jobs import Idempotency, JobStore, Replayed, Reservation, Workflow
from studio.services.jobs.key_use import KEY_KEPT, KeyUse
from studio.services.jobs.start_execution import start


@dataclass(frozen=True, slots=True)
class CreateJob:
    """The service behind POST /v1/jobs.

    Attributes:
        workflow: None if the caller starts the job's execution itself.
        monthly_limit: Micro-dollars a tenant may commit in a month, None for no limit.
        answer: Returns the JSON document of the first answer, which a replay repeats.
    """

    jobs: JobStore
    workflow: Workflow | None
    now: Clock
    monthly_limit: int | None
    answer: Callable[[Job], str]

    def run(self, tenant: str, order: JobRequest, key: KeyUse) -> Job | Replayed:
        """Create the job of an order and return it.

        Returns:
            The new job; the first answer if the key was used before for the same body.

        Raises:
            InvalidRequestError: see ``plan_job``; or the store takes no transaction of that size.
            NothingToGenerateError, CostUnknownError: see ``plan_job``.
            CredentialsMissingError: the provider has no key.
            BudgetExceededError: the month's limit would be exceeded.
            IdempotencyKeyReusedError: the key was used before for another body.
            StateConflictError: another open job makes images of the same content.
            WriteConflictError: other requests write the same records; nothing was written.
        """
        plan = plan_job(replace(order, limited=order.limited or self.monthly_limit is not None))
        check_usable(plan)
        check_limits(plan, max_cost=order.max_cost, monthly_limit=self.monthly_limit)
        at = self.now()
        job = _job(tenant, order, plan, at)
        items = [_item(job, number, image, at) for number, image in enumerate(plan.images, 1)]
        idempotency = Idempotency(
            tenant, key.scope, key.key, key.body_hash, self.answer(job), at + KEY_KEPT
        )
        held = reservation(job, self.monthly_limit, at)
        try:
            replayed = self.jobs.create(job, items, held, idempotency, order.claims)
        except InvalidRequestError as error:
            # The store counts more bytes than the plan: the member is the same.
            place = pointer_of_all([image.pointers for image in order.images])
            raise InvalidRequestError(*locate_fields(error.fields, {"": place})) from error
        if replayed is not None:
            return replayed
        if self.workflow is not None:
            start(self.workflow, job)
        return job


def reservation(job: Job, limit: int | None, at: datetime) -> Reservation:
    """Return the reservation for the job's current run."""
    entry = LedgerEntry(
        tenant=job.tenant,
        job_id=job.job_id,
        entry_id=reserve_id(job.run),
        type="reserve",
        at=at,
        run=job.run,
        amount=job.run_reserved,
        basis="estimated",
        operation=job.operation,
    )
    return Reservation(entry, job.budget_month, limit)


def _job(tenant: str, order: JobRequest, plan: Plan, at: datetime) -> Job:
    skipped = sum(image.skipped for image in plan.images)
    message = f"Queued {images(len(plan.images))}"
    return Job(
        tenant=tenant,
        job_id=new_id("job", at),
        operation=order.operation,
        name=order.name,
        created_at=at,
        created_by=order.created_by,
        counts=Counts(total=len(plan.images), skipped=skipped),
        budget_month=budget_month(at),
        max_cost=order.max_cost,
        reserved=plan.reserve,
        run_reserved=plan.reserve,
        labels=dict(order.labels),
        warnings=tuple(dict.fromkeys((*order.notes, *plan.all_warnings))),
        origin=order.origin,
        choice=plan.choice,
        notify_email=order.notify_email,
        content_ids=tuple(claim.content_id for claim in order.claims),
        log=(
            LogLine(at, "info", "INIT", message),
            *(LogLine(at, "warning", "INIT", text) for text in order.notes),
        ),
    )


def _item(job: Job, number: int, image: PlannedImage, at: datetime) -> Item:
    # Asset ids sort by time, so a millisecond between them keeps the order of the queue.
    item = Item(
        tenant=job.tenant,
        job_id=job.job_id,
        number=number,
        spec=image.spec,
        asset_id=new_id("ast", at + timedelta(milliseconds=number)),
        estimate=image.estimate,
        log=tuple(LogLine(at, "warning", "INIT", text, number) for text in image.spec.warnings),
    )
    if image.skipped:
        error = ItemError("no-prompt", "The image has no prompt and was skipped.")
        line = LogLine(at, "warning", "INIT", f"Skipped ({error.code}): {error.message}", number)
        return replace(item, status="skipped", error=error, log=(*item.log, line))
    return item
