"""Ports of jobs: their store and their workflow."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Literal, NamedTuple, Protocol

from studio.domain.assets.model import Asset
from studio.domain.jobs.model import (
    ContentClaim,
    Item,
    ItemError,
    ItemStatus,
    Job,
    JobStatus,
    LogLine,
    Stage,
    Waiting,
)
from studio.domain.ledger.model import LedgerEntry
from studio.domain.renditions.model import Rendition

if TYPE_CHECKING:
    from studio.domain.jobs.image_spec import ImageSpec
    from studio.domain.jobs.wanted import WantedJobs


class Idempotency(NamedTuple):
    """A caller's key for one request, and the answer that a repeat gets.

    Attributes:
        scope: Route and caller of the key; with another scope it is another key.
        answer: The JSON document of the first answer.
    """

    tenant: str
    scope: str
    key: str
    body_hash: str
    answer: str
    expires_at: datetime


class Replayed(NamedTuple):
    """The answer to a request whose Idempotency-Key was used before for the same body.

    Attributes:
        answer: The JSON document of the first answer.
    """

    answer: str


class Reservation(NamedTuple):
    """Money to reserve before work starts: the ledger entry and the month's limit.

    ``entry.amount`` is the amount in micro-dollars; ``limit`` is None for no limit.
    """

    entry: LedgerEntry
    month: str
    limit: int | None


@dataclass(frozen=True, slots=True)
class ItemEnding:
    """The end of an image: everything that one transaction writes.

    Attributes:
        before: The item as it was read; the write holds only if it still has this attempt.
        status: How it ended.
        error: Why it failed; None for a good end.
        asset: The record of the finished image; None unless the image succeeded.
        renditions: The other files of the image.
        settlement: The ledger entry of a call that was paid, or may be. An adjust entry also
            frees what the call holds of the month in which its run was reserved.
        log: Line for the job's log.
        keep_attempt_open: Whether the bytes of the call are stored and usable, so that a
            redrive continues with them and does not pay again.
    """

    before: Item
    status: ItemStatus
    at: datetime
    log: LogLine
    error: ItemError | None = None
    asset: Asset | None = None
    renditions: tuple[Rendition, ...] = ()
    settlement: LedgerEntry | None = None
    keep_attempt_open: bool = False

    @property
    def keeps_handle(self) -> bool:
        """True if a redrive may ask the provider what became of the call."""
        return self.keep_attempt_open or self.status == "unknown"


class JobEnding(NamedTuple):
    """The end of a run: its status, the money it releases, and the correction of the month."""

    before: Job
    status: JobStatus
    at: datetime
    log: LogLine
    release: LedgerEntry | None
    month_correction: int


class JobPage(NamedTuple):
    """One page of jobs, newest first; ``next_after`` is the id to continue behind."""

    jobs: Sequence[Job]
    next_after: str | None


class JobStore(Protocol):
    """Jobs, their items, and every transaction that moves them."""

    def create(
        self,
        job: Job,
        items: Sequence[Item],
        reservation: Reservation,
        idempotency: Idempotency,
        claims: Sequence[ContentClaim] = (),
    ) -> Replayed | None:
        """Write a new job, its items, its reservation and the caller's key in one transaction.

        The transaction also claims the contents of the job, until the run ends.

        Returns:
            None once all is written; the first answer if the key was used before for this body.

        Raises:
            IdempotencyKeyReusedError: the key was used before for another body.
            WriteConflictError: other requests write the same records; nothing was written.
            BudgetExceededError: the month's limit would be passed; nothing was written.
            StateConflictError: a content has changed since it was read, or another open job has
                claimed it, which the message names; nothing was written.
        """
        ...

    def check_idempotency_key(
        self, tenant: str, scope: str, key: str, body_hash: str, at: datetime
    ) -> Replayed | None:
        """Return the first answer to this key and body, None if the key is new or has expired.

        Raises:
            IdempotencyKeyReusedError: the key was used before for another body.
        """
        ...

    def get(self, tenant: str, job_id: str) -> Job:
        """Return a job.

        Raises:
            NotFoundError: the tenant has no such job.
        """
        ...

    def load(self, tenant: str, job_id: str) -> tuple[Job, tuple[Item, ...]]:
        """Return a job and all its items in one read.

        Raises:
            NotFoundError: the tenant has no such job.
        """
        ...

    def get_item(self, tenant: str, job_id: str, number: int) -> Item:
        """Return one item.

        Raises:
            NotFoundError: the job has no such item.
        """
        ...

    def page(self, tenant: str, wanted: "WantedJobs", limit: int, after: str | None) -> JobPage:
        """Return the wanted jobs of a tenant, newest first.

        The work for one page is limited: it may have fewer jobs than ``limit``, and others follow.
        """
        ...

    def start(self, job: Job, at: datetime, log: LogLine) -> bool:
        """Move a queued job to running; return False if it is not queued in this run."""
        ...

    def begin_attempt(self, item: Item, at: datetime, deadline: datetime, log: LogLine) -> bool:
        """Write the attempt before its call; return False if the item has changed.

        It is the next attempt, or the attempt that is still open after a redrive.
        """
        ...

    def enter_stage(
        self, tenant: str, job_id: str, number: int, attempt: int, stage: Stage
    ) -> Item | None:
        """Record the stage of a running attempt; return the item, or None if it has ended."""
        ...

    def requeue(self, item: Item, log: LogLine, waiting: Waiting | None = None) -> bool:
        """Queue an item again after the provider deferred its call; nothing was paid.

        It keeps its stage.
        """
        ...

    def note_wait(self, item: Item, waiting: Waiting, log: LogLine | None) -> bool:
        """Note why an item waits; return False if the item has changed.

        The next attempt, stage, provider or end of the item clears it.
        """
        ...

    def switch_provider(self, item: Item, spec: "ImageSpec", log: LogLine) -> bool:
        """Queue an item again for another provider; return False if the item has changed.

        Nothing was paid, so an open attempt is closed.
        """
        ...

    def save_provider_handle(self, item: Item, handle: str, deadline: datetime) -> bool:
        """Save the provider's handle of a running call and the deadline of the call."""
        ...

    def finish_item(self, ending: ItemEnding) -> bool:
        """End an item in one transaction: asset, item, job counters, ledger entry, and its slot.

        A slot that was changed since its order keeps its state, and its notice names the asset.

        Returns:
            False if it has ended before; a repeat changes nothing.
        """
        ...

    def cancel(self, job: Job, queued: Sequence[Item], at: datetime, log: LogLine) -> bool:
        """Cancel the queued items and mark the job; return False if one of them has started."""
        ...

    def redrive(
        self,
        job: Job,
        items: Sequence[Item],
        reservation: Reservation,
        idempotency: Idempotency,
        at: datetime,
        log: LogLine,
        claims: Sequence[ContentClaim] = (),
    ) -> Replayed | None:
        """Queue ended items again in a new run, in one transaction; returns as ``create``.

        The logs of job and items are written as given, because the caller may have cut them. The
        contents of the job are those of the claims from now on.

        Raises:
            IdempotencyKeyReusedError, WriteConflictError, BudgetExceededError: as in ``create``.
            StateConflictError: the job or an item has changed, or a content is gone, claimed by
                another job, or was part of another run since it was read.
        """
        ...

    def finish(self, ending: JobEnding) -> bool:
        """End a run and free its contents; return False if it has ended before."""
        ...

    def open_jobs(
        self, limit: int, after: tuple[str, str] | None = None
    ) -> Sequence[tuple[str, str]]:
        """Return (tenant, job id) of jobs that have not ended, oldest first.

        Args:
            limit: The largest number to return.
            after: The job to continue behind, None to begin at the first.
        """
        ...


class SweepCursor(Protocol):
    """Where a sweep of open jobs stopped, kept between sweeps."""

    def read(self) -> tuple[str, str] | None:
        """Return the tenant and id of the last job that was looked at, None for the beginning."""
        ...

    def write(self, after: tuple[str, str] | None) -> None:
        """Keep where the next sweep goes on, None for the beginning."""
        ...


ExecutionState = Literal["running", "ended", "absent"]


class Workflow(Protocol):
    """The state machine that runs jobs."""

    def start(self, name: str, *, tenant: str, job_id: str, run: int) -> None:
        """Start an execution; a second start of the same name changes nothing.

        Raises:
            UnavailableError: the state machine did not start it.
        """
        ...

    def state(self, name: str) -> ExecutionState:
        """Return whether an execution is running, has ended, or does not exist."""
        ...
