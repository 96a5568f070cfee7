"""RedriveJob: run failed images of an ended job again, and pay only for those."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Literal, get_args

from studio.clock import Clock
from studio.domain.catalogue.catalogue import account_providers, keyed_providers
from studio.domain.jobs.log import shortened
from studio.domain.jobs.model import ContentClaim, Item, Job, LogLine
from studio.domain.jobs.words import images
from studio.domain.ledger.model import budget_month
from studio.domain.orders.estimate import reestimate
from studio.domain.orders.plan import check_limits, check_usable, disabled_sentence
from studio.domain.orders.replan import is_paid, replan
from studio.errors import (
    FieldError,
    InvalidRequestError,
    ProviderDisabledError,
    StateConflictError,
)
from studio.money import Cost
from studio.ports.contents import ContentStore
from studio.ports.credentials import KeyRegister
from studio.ports.jobs import Idempotency, JobStore, Replayed, Workflow
from studio.services.jobs.create_job import reservation
from studio.services.jobs.key_use import KEY_KEPT, KeyUse
from studio.services.jobs.redrive_contents import RedriveContents, Remaining
from studio.services.jobs.start_execution import start

Redrivable = Literal["failed", "unknown", "cancelled"]


@dataclass(frozen=True, slots=True)
class Selection:
    """The images to run again: by how they ended, or by their numbers."""

    statuses: Collection[Redrivable] = frozenset[Redrivable]({"failed"})
    numbers: Collection[int] = ()


@dataclass(frozen=True, slots=True)
class RedriveJob:
    """The service behind POST /v1/jobs/{id}/redrive; attributes as in ``CreateJob``.

    Attributes:
        keys: Tells which providers have no key or are switched off; None if all can be used.
        contents: The contents of jobs; None where no job has any.
    """

    jobs: JobStore
    workflow: Workflow | None
    now: Clock
    monthly_limit: int | None
    answer: Callable[[Job], str]
    keys: KeyRegister | None = None
    contents: ContentStore | None = None

    def run(
        self, tenant: str, job_id: str, selection: Selection, max_cost: int | None, key: KeyUse
    ) -> Job | Replayed:
        """Queue the selected images in a new run of the job, and return the job.

        Args:
            tenant: The tenant of the caller's token.
            job_id: The ended job.
            selection: The images to run. An image of unknown outcome runs only if it is selected.
            max_cost: The new limit for the whole job in micro-dollars, None to keep the old one.
            key: The caller's Idempotency-Key.

        Returns:
            The job in its new run; the first answer if the key was used before for the same body.

        Raises:
            NotFoundError: the tenant has no such job.
            StateConflictError: the job still runs, the selection is empty, it names an image that
                ended well, or other jobs have made the slots of all its images since.
            InvalidRequestError: the selection names an image that the job does not have. Or a
                model has ended, or a source is too large or too small for it.
            CredentialsMissingError, ProviderDisabledError, MaxCostExceededError, CostUnknownError,
            BudgetExceededError: as in ``CreateJob``.
            IdempotencyKeyReusedError, WriteConflictError: as in create.
        """
        # The first request changes the job, so the key is checked before the job's state.
        job, items = self.jobs.load(tenant, job_id)
        at = self.now()
        replayed = self.jobs.check_idempotency_key(tenant, key.scope, key.key, key.body_hash, at)
        if replayed is not None:
            return replayed
        left = self._remaining(job, _select(job, items, selection))
        selected = [_requeued(item) for item in left.items]
        job = _warned(_prepared(left.job, max_cost), left.notes, at)
        job, reserve = self._planned(job, items, selected, at)
        reopened = _next_run(job, selected, reserve, at)
        replayed = self._write(job, selected, reopened, key, at, left.claims)
        if replayed is not None:
            return replayed
        if self.workflow is not None:
            start(self.workflow, reopened)
        return reopened

    def _remaining(self, job: Job, selected: list[Item]) -> Remaining:
        """Return what is left of a selection, see ``RedriveContents``."""
        if self.contents is None or not job.content_ids:
            return Remaining(job, selected)
        return RedriveContents(self.contents).remaining(job, selected)

    def _planned(
        self, job: Job, items: tuple[Item, ...], selected: list[Item], at: datetime
    ) -> tuple[Job, int]:
        """Return the job with the warnings of its new run, and the micro-dollars to reserve.

        Raises:
            InvalidRequestError, CredentialsMissingError, ProviderDisabledError: an image cannot be
                made any more.
            MaxCostExceededError, CostUnknownError: a limit forbids it.
        """
        self._check_enabled(job.tenant, selected)
        plan = replan(selected, at.astimezone(UTC).date(), self._unconfigured(job.tenant, selected))
        check_usable(plan)
        check_limits(plan, max_cost=_left(job, items), monthly_limit=self.monthly_limit)
        return _warned(job, plan.warnings, at), plan.reserve

    def _check_enabled(self, tenant: str, items: list[Item]) -> None:
        """Refuse images whose new calls could go to a provider that is switched off.

        Raises:
            ProviderDisabledError: names the provider.
        """
        asked = account_providers(_providers([item for item in items if not is_paid(item)]))
        if self.keys is None or not asked:
            return
        for provider in sorted(self.keys.disabled(tenant, asked)):
            raise ProviderDisabledError(disabled_sentence(provider))

    def _unconfigured(self, tenant: str, items: list[Item]) -> frozenset[str]:
        """Return the providers of images and their substitutes that have no key."""
        keyed = keyed_providers(_providers(items))
        if self.keys is None or not keyed:
            return frozenset()
        return self.keys.missing(tenant, keyed)

    def _write(
        self,
        job: Job,
        selected: list[Item],
        reopened: Job,
        key: KeyUse,
        at: datetime,
        claims: tuple[ContentClaim, ...],
    ) -> Replayed | None:
        """Write the new run with its reservation, its claims and the caller's key."""
        answer = self.answer(reopened)
        return self.jobs.redrive(
            job,
            selected,
            reservation(reopened, self.monthly_limit, at),
            Idempotency(job.tenant, key.scope, key.key, key.body_hash, answer, at + KEY_KEPT),
            at,
            LogLine(at, "info", "INIT", f"Redrive of {images(len(selected))}"),
            claims,
        )


def _providers(items: list[Item]) -> list[str]:
    """Return the providers of images and those of their substitutes."""
    return [
        provider
        for item in items
        for provider in (item.spec.provider, *(one.provider for one in item.spec.substitutes))
    ]


def _prepared(job: Job, max_cost: int | None) -> Job:
    """Return an ended job with a short log and its new limit, if there is one."""
    return replace(
        job, log=shortened(job.log), max_cost=job.max_cost if max_cost is None else max_cost
    )


def _warned(job: Job, warnings: tuple[str, ...], at: datetime) -> Job:
    """Return a job with warnings, which its log has too."""
    return replace(
        job,
        warnings=tuple(dict.fromkeys((*job.warnings, *warnings))),
        log=(*job.log, *(LogLine(at, "warning", "INIT", text) for text in warnings)),
    )


def _next_run(job: Job, selected: list[Item], reserve: int, at: datetime) -> Job:
    """Return an ended job as its next run begins; ``reserve`` is in micro-dollars."""
    counts = job.counts
    return replace(
        job,
        run=job.run + 1,
        status="queued",
        budget_month=budget_month(at),
        reserved=reserve,
        run_reserved=reserve,
        run_spent=0,
        finished_at=None,
        counts=replace(
            counts,
            failed=counts.failed - _count(selected, "failed"),
            unknown=counts.unknown - _count(selected, "unknown"),
            cancelled=counts.cancelled - _count(selected, "cancelled"),
        ),
    )


def _select(job: Job, items: tuple[Item, ...], selection: Selection) -> list[Item]:
    if job.finished_at is None:
        raise StateConflictError(f"the job has not ended: {job.status}")
    if selection.numbers:
        return _named(items, set(selection.numbers))
    selected = [item for item in items if item.status in selection.statuses]
    if not selected:
        raise StateConflictError(_nothing_to_run(items, selection))
    return selected


def _named(items: tuple[Item, ...], numbers: Collection[int]) -> list[Item]:
    """Return the images with some numbers; each of them must be able to run again."""
    named = [item for item in items if item.number in numbers]
    ended = [item for item in named if item.status not in get_args(Redrivable)]
    states = ", ".join(f"image {item.number} {item.status}" for item in ended)
    missing = sorted(set(numbers) - {item.number for item in items})
    if missing:
        detail = (
            f"the job has {len(items)} images and none with the number "
            f"{', '.join(map(str, missing))}"
        )
        if ended:
            detail += f", and of the others some cannot be run again: {states}"
        raise InvalidRequestError(FieldError("/items", "unknown-item", detail))
    if ended:
        which = "none" if len(ended) == len(named) else "not all"
        raise StateConflictError(f"{which} of the named images can be run again: {states}")
    return named


def _nothing_to_run(items: tuple[Item, ...], selection: Selection) -> str:
    """Return why a selection is empty, and which value of ``only`` would select images."""
    others = [
        f"{count} with only: {status}"
        for status in get_args(Redrivable)
        if (count := sum(item.status == status for item in items))
    ]
    hint = f"; images that can be run again: {', '.join(others)}" if others else ""
    return f"no image of the job ended as {' or '.join(sorted(selection.statuses))}{hint}"


def _requeued(item: Item) -> Item:
    """Return an image with its estimate for the next run.

    An image whose paid result is still stored costs nothing more. If the outcome of its call is
    unknown, the next run looks for the result before it pays for a new call. A long log is cut.
    """
    item = replace(item, log=shortened(item.log))
    if item.status == "unknown":
        return replace(item, attempt_open=True, estimate=reestimate(item.spec))
    if is_paid(item):
        return replace(item, estimate=Cost(0, "estimated"))
    # The last run may have reserved nothing, and prices change.
    return replace(item, estimate=reestimate(item.spec))


def _left(job: Job, items: tuple[Item, ...]) -> int | None:
    """Return what is left of the job's own limit in micro-dollars, None without a limit.

    The estimates of calls with an unknown cost count as spent.
    """
    if job.max_cost is None:
        return None
    unknown = sum(item.estimate.known_micros for item in items if _is_unknown(item.cost))
    return max(job.max_cost - job.cost - unknown, 0)


def _is_unknown(cost: Cost | None) -> bool:
    return cost is not None and cost.micros is None


def _count(items: list[Item], status: str) -> int:
    return sum(item.status == status for item in items)
