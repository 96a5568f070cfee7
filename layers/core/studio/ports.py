"""What the services need from the outside, as Protocols; ``adapters`` implements them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from studio.assets.model import Asset
from studio.jobs.model import ImageSpec, Item, ItemStatus, Job, JobStatus, LogLine, Stage
from studio.ledger.model import LedgerEntry
from studio.providers.port import Credentials
from studio.recipes.model import Recipe
from studio.renditions.model import Rendition


@dataclass(frozen=True, slots=True)
class Idempotency:
    """A caller's key for one request and the answer it will get again.

    Attributes:
        scope: Route and caller the key belongs to; the same key elsewhere is another key.
        answer: The JSON document of the first answer.
    """

    tenant: str
    scope: str
    key: str
    body_hash: str
    answer: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Reservation:
    """Money to hold before work starts: the ledger entry, and the month's limit if there is one.

    ``entry.amount`` is the amount in micro-dollars; ``limit`` is None where no limit is kept.
    """

    entry: LedgerEntry
    month: str
    limit: int | None


@dataclass(frozen=True, slots=True)
class ItemEnding:
    """How an image ends: everything that one transaction writes.

    Attributes:
        before: The item as it was read; the write holds only if it still has this attempt.
        status, error: How it ended.
        asset: The record of the finished picture, exactly when it succeeded.
        renditions: What else was made of it.
        settlement: The ledger entry of a call that was, or may have been, paid.
        log: Line for the job's log.
        keep_attempt_open: The call's bytes are parked and good: a redrive goes on from them
            instead of paying again.
    """

    before: Item
    status: ItemStatus
    at: datetime
    log: LogLine
    error_code: str | None = None
    error_message: str | None = None
    error_retryable: bool = False
    asset: Asset | None = None
    renditions: tuple[Rendition, ...] = ()
    settlement: LedgerEntry | None = None
    keep_attempt_open: bool = False

    @property
    def keeps_handle(self) -> bool:
        """Whether a redrive may ask the provider what became of the call."""
        return self.keep_attempt_open or self.status == "unknown"


@dataclass(frozen=True, slots=True)
class JobEnding:
    """How a run ends: final status, what is given back, and the month's correction."""

    before: Job
    status: JobStatus
    at: datetime
    log: LogLine
    release: LedgerEntry | None
    month_correction: int


@dataclass(frozen=True, slots=True)
class JobPage:
    """One page of jobs, newest first; ``next_after`` is the id to continue behind."""

    jobs: Sequence[Job]
    next_after: str | None


@dataclass(frozen=True, slots=True)
class AssetPage:
    """One page of assets, newest first; ``next_after`` is the id to continue behind."""

    assets: Sequence[Asset]
    next_after: str | None


class JobStore(Protocol):
    """Jobs, their items, and every transaction that moves them."""

    def create(
        self, job: Job, items: Sequence[Item], reservation: Reservation, idempotency: Idempotency
    ) -> None:
        """Write a new job, its items, its reservation and the caller's key in one transaction.

        Raises:
            IdempotentReplay, IdempotencyKeyReusedError, IdempotencyInProgressError: the key
                was used before.
            BudgetExceededError: the month's limit would be passed; nothing was written.
        """
        ...

    def recall(self, tenant: str, scope: str, key: str, body_hash: str, at: datetime) -> None:
        """Return if the key is new, or was used so long ago that it has expired.

        Raises:
            IdempotentReplay, IdempotencyKeyReusedError: the key was used before.
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

    def page(
        self, tenant: str, statuses: Sequence[JobStatus], limit: int, after: str | None
    ) -> JobPage:
        """Return jobs of a tenant, newest first, of any of the statuses (none given: all)."""
        ...

    def start(self, job: Job, at: datetime, log: LogLine) -> bool:
        """Move a queued job to running; False if it is no longer queued in this run."""
        ...

    def begin_attempt(self, item: Item, at: datetime, deadline: datetime, log: LogLine) -> bool:
        """Write the attempt before its call; False if the item moved meanwhile.

        It is the next attempt, or the same one where that is still open after a redrive.
        """
        ...

    def enter_stage(
        self, tenant: str, job_id: str, number: int, attempt: int, stage: Stage
    ) -> Item | None:
        """Record the stage of a running attempt and return the item; None if it has ended."""
        ...

    def put_back(self, item: Item, log: LogLine) -> bool:
        """Queue an item again whose call the provider put off; nothing was paid."""
        ...

    def switch_provider(self, item: Item, spec: ImageSpec, log: LogLine) -> bool:
        """Queue an item again for somebody else to make; False if it moved meanwhile.

        Nothing was paid: its open attempt, if it has one, is closed.
        """
        ...

    def keep_handle(self, item: Item, handle: str, deadline: datetime) -> bool:
        """Record the provider's handle of a call that goes on, and until when it may."""
        ...

    def finish_item(self, ending: ItemEnding) -> bool:
        """End an item in one transaction: asset, item, job counters, ledger; False if it ended.

        A repeat after a lost answer returns False and changes nothing.
        """
        ...

    def cancel(self, job: Job, queued: Sequence[Item], at: datetime, log: LogLine) -> bool:
        """Cancel the queued items and mark the job; False if one of them started meanwhile."""
        ...

    def redrive(
        self,
        job: Job,
        items: Sequence[Item],
        reservation: Reservation,
        idempotency: Idempotency,
        at: datetime,
        log: LogLine,
    ) -> None:
        """Queue ended items again in a new run, in one transaction.

        Raises:
            IdempotentReplay, IdempotencyKeyReusedError, IdempotencyInProgressError,
            BudgetExceededError: as in ``create``.
            StateConflictError: the job or an item moved meanwhile.
        """
        ...

    def finish(self, ending: JobEnding) -> bool:
        """End a run; False if it ended before."""
        ...

    def open_jobs(
        self, limit: int, after: tuple[str, str] | None = None
    ) -> Sequence[tuple[str, str]]:
        """Return (tenant, job id) of jobs that have not ended, oldest first.

        Args:
            limit: How many at most.
            after: The one to continue behind, None for the first.
        """
        ...


class AssetStore(Protocol):
    """Records of finished pictures; they are written by ``JobStore.finish_item``."""

    def get(self, tenant: str, asset_id: str) -> Asset:
        """Return an asset.

        Raises:
            NotFoundError: the tenant has no such asset.
        """
        ...

    def get_many(self, tenant: str, asset_ids: Collection[str]) -> Mapping[str, Asset]:
        """Return those of up to 100 assets that the tenant has, by id."""
        ...

    def of_uploads(self, tenant: str, upload_ids: Collection[str]) -> Mapping[str, str]:
        """Return the asset ids of those of up to 100 uploads that are registered."""
        ...

    def page(self, tenant: str, limit: int, after: str | None) -> AssetPage:
        """Return assets of a tenant, newest first."""
        ...


@dataclass(frozen=True, slots=True)
class RecipePage:
    """One page of recipes in the order of their names; ``next_after`` as in ``JobPage``."""

    recipes: Sequence[Recipe]
    next_after: str | None


class RecipeStore(Protocol):
    """Recipes, every version of each; stores of their own keep personas and templates so."""

    def get(self, tenant: str, recipe_id: str, version: int | None = None) -> Recipe:
        """Return a version of a recipe, the newest where none is named.

        An old version is there even after its recipe was deleted: a job may name it.

        Raises:
            NotFoundError: the tenant has no such recipe or version.
        """
        ...

    def page(self, tenant: str, limit: int, after: str | None) -> RecipePage:
        """Return the newest versions of a tenant's recipes."""
        ...

    def put(self, recipe: Recipe, replaces: int | None) -> Recipe:
        """Write a recipe and return it with its version: one more than its last one.

        ``replaces`` is the version that it takes the place of, None for a name that is free.

        Raises:
            PreconditionFailedError: the recipe moved meanwhile; nothing was written.
        """
        ...

    def delete(self, tenant: str, recipe_id: str, version: int) -> None:
        """Take a recipe away; its name is free again and its versions count on.

        Raises:
            PreconditionFailedError: it is not at this version any more.
        """
        ...


class LedgerStore(Protocol):
    """The ledger's read side; entries are written by the transactions of ``JobStore``."""

    def entries(self, tenant: str, job_id: str) -> Sequence[LedgerEntry]:
        """Return the entries of a job in the order of their ids."""
        ...

    def committed(self, tenant: str, month: str) -> int:
        """Micro-dollars spent or held in a month."""
        ...


class BlobStore(Protocol):
    """Bytes by key. ``facts`` are small strings kept with the bytes in the same write."""

    def park(self, key: str, data: bytes, facts: Mapping[str, str]) -> bool:
        """Write once; False if the key holds bytes already, which then stay."""
        ...

    def facts(self, key: str) -> Mapping[str, str] | None:
        """Return the facts kept with a key, None if nothing is there."""
        ...

    def read(self, key: str) -> tuple[bytes, Mapping[str, str]]:
        """Return bytes and facts.

        Raises:
            NotFoundError: nothing is there.
        """
        ...

    def part(self, key: str, at: int, size: int) -> bytes:
        """Return up to ``size`` bytes from ``at`` on; b"" behind the end.

        Raises:
            NotFoundError: nothing is there.
        """
        ...

    def find(self, prefix: str) -> str | None:
        """Return the first key that begins so, None if there is none."""
        ...

    def write(self, key: str, data: bytes, media_type: str) -> None:
        """Write, replacing what is there."""
        ...

    def copy(self, source: str, target: str) -> None:
        """Copy within the bucket, media type included.

        Raises:
            NotFoundError: nothing is there.
        """
        ...

    def url(self, key: str, *, seconds: int, download_name: str | None = None) -> str:
        """Return a URL that reads the key for so many seconds."""
        ...


@dataclass(frozen=True, slots=True)
class Fetched:
    """What a GET brought; ``url`` is where it came from in the end."""

    status: int
    media_type: str
    data: bytes
    url: str


@dataclass(frozen=True, slots=True)
class Answered:
    """What a POST was answered; ``body`` is cut at the length that was asked for."""

    status: int
    body: bytes
    milliseconds: int


class WebClient(Protocol):
    """Calls addresses that users name, and no others than public ones."""

    def check(self, url: str) -> None:
        """Refuse a URL that would not be called as things are now.

        Raises:
            TargetRefusedError: it is no https URL of a public host.
            TargetUnreachableError: its host cannot be resolved.
        """
        ...

    def get(self, url: str, *, max_bytes: int, seconds: float, accept: str) -> Fetched:
        """Fetch a document, whatever its status.

        Raises:
            TargetRefusedError: the address, or one that it redirects to, may not be called.
            TargetUnreachableError: no complete answer came in time.
            TargetTooLargeError: the answer is longer than ``max_bytes``.
        """
        ...

    def post(
        self,
        url: str,
        *,
        body: bytes,
        headers: Mapping[str, str],
        seconds: float,
        max_answer_bytes: int,
    ) -> Answered:
        """Send a document and read the beginning of the answer; no redirect is followed.

        Raises:
            TargetRefusedError: the address may not be called.
            TargetUnreachableError: no answer came in time; the document may have arrived.
        """
        ...


ExecutionState = Literal["running", "ended", "absent"]


class Workflow(Protocol):
    """The state machine that runs jobs."""

    def start(self, name: str, *, tenant: str, job_id: str, run: int) -> None:
        """Start an execution; a second start of the same name changes nothing.

        Raises:
            WorkflowUnavailableError: it could not be started now.
        """
        ...

    def state(self, name: str) -> ExecutionState:
        """Tell whether an execution is alive."""
        ...


class RunEnder(Protocol):
    """Where runs of jobs, or of batches, are ended beside whoever finds them over."""

    def end(self, tenant: str, owner_id: str, run: int) -> None:
        """Have a run ended and announced; what fails is tried again, and then a human is told."""
        ...


class EventSink(Protocol):
    """Where finished work is announced; delivery is at least once, ``event_id`` tells repeats."""

    def emit(self, event_type: str, event_id: str, detail: Mapping[str, object]) -> None:
        """Announce an event."""
        ...


class CredentialStore(Protocol):
    """Provider accounts: the tenant's own, else the stack's."""

    def get(self, provider: str, tenant: str) -> Credentials:
        """Return the account to use.

        Raises:
            CredentialsMissingError: neither is stored.
        """
        ...

    def account(self, provider: str, tenant: str) -> str:
        """Name the account (not its key) that ``get`` uses, for what is shared by its users."""
        ...
