"""Redrive a job: only what failed runs again, and only that is paid for."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from typing import Literal

from studio.clock import Clock
from studio.domain.jobs.model import Item, Job, LogLine
from studio.domain.jobs.progress import images
from studio.domain.ledger.model import budget_month
from studio.domain.orders.estimate import reestimate
from studio.domain.orders.plan import Plan, PlannedImage, check_limits
from studio.errors import FieldError, InvalidRequestError, StateConflictError
from studio.money import Cost
from studio.ports.jobs import Idempotency, JobStore, Workflow
from studio.services.jobs.create_job import KEY_KEPT, KeyUse, reservation, start

Redrivable = Literal["failed", "unknown", "cancelled"]


@dataclass(frozen=True, slots=True)
class Selection:
    """Which images to run again: by how they ended, or by number (their owner's own word)."""

    statuses: Collection[Redrivable] = frozenset[Redrivable]({"failed"})
    numbers: Collection[int] = ()


@dataclass(frozen=True, slots=True)
class RedriveJob:
    """The service behind POST /v1/jobs/{id}/redrive; attributes as in ``CreateJob``."""

    jobs: JobStore
    workflow: Workflow | None
    now: Clock
    monthly_limit: int | None
    answer: Callable[[Job], str]

    def run(
        self, tenant: str, job_id: str, selection: Selection, max_cost: int | None, key: KeyUse
    ) -> Job:
        """Queue the selected images in a new run.

        Args:
            tenant: From the caller's token.
            job_id: The ended job.
            selection: Which images; one whose outcome is unknown is only run if asked for.
            max_cost: New limit for the whole job in micro-dollars, None to keep the old one.
            key: The caller's Idempotency-Key.

        Raises:
            NotFoundError: the tenant has no such job.
            StateConflictError: the job still runs, or nothing fits the selection.
            InvalidRequestError: a number that the job does not have.
            MaxCostExceededError, CostUnknownError, BudgetExceededError: limits, as in create.
            IdempotentReplay, IdempotencyKeyReusedError, IdempotencyInProgressError: the key
                was used before.
        """
        job, items = self.jobs.load(tenant, job_id)
        # A replay finds the job moved by the first request, so the key is looked at before it.
        at = self.now()
        self.jobs.recall(tenant, key.scope, key.key, key.body_hash, at)
        chosen = [_reopened(item) for item in _choose(job, items, selection)]
        limit = job.max_cost if max_cost is None else max_cost
        plan = Plan(tuple(PlannedImage(item.spec, item.estimate) for item in chosen), ())
        room = None if limit is None else max(limit - job.cost - _held(items), 0)
        check_limits(plan, max_cost=room, monthly_limit=self.monthly_limit)
        reopened = replace(
            job,
            run=job.run + 1,
            status="queued",
            max_cost=limit,
            budget_month=budget_month(at),
            reserved=plan.reserve,
            run_reserved=plan.reserve,
            run_spent=0,
            finished_at=None,
            counts=replace(
                job.counts,
                failed=job.counts.failed - _count(chosen, "failed"),
                unknown=job.counts.unknown - _count(chosen, "unknown"),
                cancelled=job.counts.cancelled - _count(chosen, "cancelled"),
            ),
        )
        self.jobs.redrive(
            replace(job, max_cost=limit),
            chosen,
            reservation(reopened, self.monthly_limit, at),
            Idempotency(
                tenant, key.scope, key.key, key.body_hash, self.answer(reopened), at + KEY_KEPT
            ),
            at,
            LogLine(at, "info", "INIT", f"Redrive of {images(len(chosen))}"),
        )
        if self.workflow is not None:
            start(self.workflow, reopened)
        return reopened


def _choose(job: Job, items: tuple[Item, ...], selection: Selection) -> list[Item]:
    if job.finished_at is None:
        raise StateConflictError(f"the job has not ended: {job.status}")
    missing = set(selection.numbers) - {item.number for item in items}
    if missing:
        raise InvalidRequestError(
            FieldError("/items", "unknown-item", f"the job has no image {sorted(missing)[0]}")
        )
    wanted: Collection[str] = (
        ("failed", "unknown", "cancelled") if selection.numbers else selection.statuses
    )
    chosen = [
        item
        for item in items
        if item.status in wanted and (not selection.numbers or item.number in selection.numbers)
    ]
    if not chosen:
        raise StateConflictError("no image of the job is to be run again")
    return chosen


def _reopened(item: Item) -> Item:
    """How an image goes into its next run.

    One whose paid bytes are still parked costs nothing more. One whose outcome is unknown is
    looked for once more before it is paid again.
    """
    if item.status == "unknown":
        return replace(item, attempt_open=True, estimate=reestimate(item.spec))
    booked = item.attempt_open and item.settled_attempt == item.attempt
    if booked and not _is_unknown(item.cost):
        return replace(item, estimate=Cost(0, "estimated"))
    # Its last run may have held nothing, and prices change.
    return replace(item, estimate=reestimate(item.spec))


def _held(items: tuple[Item, ...]) -> int:
    """Micro-dollars of calls that may have been paid: they count until somebody knows better."""
    return sum(item.estimate.known_micros for item in items if _is_unknown(item.cost))


def _is_unknown(cost: Cost | None) -> bool:
    return cost is not None and cost.micros is None


def _count(items: list[Item], status: str) -> int:
    return sum(item.status == status for item in items)
