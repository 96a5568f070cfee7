"""A job, its images (items) and the attempts to make them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Literal, NamedTuple

from studio.money import Basis, Cost

if TYPE_CHECKING:
    from studio.domain.assets.model import OutputFormat
    from studio.domain.jobs.image_spec import ImageSpec

MAX_ITEMS = 50
MAX_VARIATIONS = 10
MAX_PROMPT = 32_000
MAX_NEGATIVE_PROMPT = 4_000

JobStatus = Literal[
    "queued", "running", "cancelling", "succeeded", "partially_succeeded", "failed", "cancelled"
]
ItemStatus = Literal["queued", "running", "succeeded", "failed", "skipped", "cancelled", "unknown"]
Stage = Literal["INIT", "PREP", "AI_CALL", "PARSE", "SAVE", "DONE"]

TERMINAL_ITEM: frozenset[ItemStatus] = frozenset(
    {"succeeded", "failed", "skipped", "cancelled", "unknown"}
)


@dataclass(frozen=True, slots=True)
class Origin:
    """Origin of a job.

    Attributes:
        recipe_id, recipe_version: The recipe of its body.
        folder: The folder (a shop's SKU) that its images belong to.
        batch_id, batch_line: Its batch, and its row in the table.
        schedule_id: The schedule that started it.
    """

    recipe_id: str | None = None
    recipe_version: int | None = None
    folder: str | None = None
    batch_id: str | None = None
    batch_line: int | None = None
    schedule_id: str | None = None


DIRECT = Origin()
"""The origin of a job that a caller ordered directly."""


class ContentClaim(NamedTuple):
    """A content that a new job makes images for, as it was read.

    Attributes:
        version: The version of the content.
        runs: How many runs of jobs it had been part of.
    """

    content_id: str
    version: int
    runs: int


AUTO = "auto"
"""The provider that a caller asks for who leaves the choice to the studio."""


@dataclass(frozen=True, slots=True)
class ProviderChoice:
    """The provider and model of a job's images, and the reason for the choice.

    Attributes:
        asked: The provider that the caller named, or ``auto``.
        provider, model: The choice.
        reason: The reason, in a sentence.
    """

    asked: str
    provider: str
    model: str
    reason: str


class ItemError(NamedTuple):
    """Failure of an image: a stable code, a sentence for people, and whether a retry may help."""

    code: str
    message: str
    retryable: bool = False


class LogLine(NamedTuple):
    """One line of a job's log; ``item`` is 0 for the job itself."""

    at: datetime
    level: Literal["info", "warning", "error"]
    stage: Stage
    message: str
    item: int = 0


WaitReason = Literal[
    "breaker_open", "rate_limit", "provider_pending", "provider_throttled", "provider_unavailable"
]


class Waiting(NamedTuple):
    """Reason why an image waits for its provider, and when the workflow looks again."""

    reason: WaitReason
    until: datetime


@dataclass(frozen=True, slots=True)
class Item:
    """One image of a job and its progress.

    Attributes:
        number: Its place in the queue, from 1.
        asset_id: Id of its asset. It is given at submit, so a repeated save writes the same record.
        run: The run of the job that queued it last; a redrive starts a new run.
        attempt: Number of the newest provider call, 0 before the first. An attempt is recorded
            before its call, so a started attempt without a result is visible.
        attempt_open: Whether that call's result can still be had, at the provider or in storage.
        called_at: When that call began.
        attempt_deadline: When the call has surely ended, even if its worker crashed.
        switches: How often a substitute took over.
        handle: The provider's id for an accepted call, while the provider can be asked for it.
        estimate: The reserved cost.
        settled_attempt: The newest attempt that the ledger has settled; no attempt settles twice.
        settled_basis: How the cost of that attempt is known; None before the first.
        cost: Sum of its settled calls; None before the first.
        known_cost, unknown_costs: Micro-dollars of its settled calls with a known amount, and how
            many have none.
        waiting: Why it waits; None while work goes on.
    """

    tenant: str
    job_id: str
    number: int
    spec: "ImageSpec"
    asset_id: str
    estimate: Cost
    status: ItemStatus = "queued"
    stage: Stage = "INIT"
    run: int = 1
    attempt: int = 0
    attempt_open: bool = False
    called_at: datetime | None = None
    attempt_deadline: datetime | None = None
    settled_attempt: int = 0
    settled_basis: Basis | None = None
    switches: int = 0
    handle: str | None = None
    started_at: datetime | None = None
    finished_at: datetime | None = None
    cost: Cost | None = None
    known_cost: int = 0
    unknown_costs: int = 0
    error: ItemError | None = None
    waiting: Waiting | None = None
    log: tuple[LogLine, ...] = ()


@dataclass(frozen=True, slots=True)
class OrderDefaults:
    """Defaults of an order from the account's stored settings; None for no default."""

    provider: str | None = None
    model: str | None = None
    output_format: "OutputFormat | None" = None


NO_DEFAULTS = OrderDefaults()


@dataclass(frozen=True, slots=True)
class Counts:
    """Number of images of a job that ended in each way; always equal to the number of rows."""

    total: int
    succeeded: int = 0
    failed: int = 0
    skipped: int = 0
    cancelled: int = 0
    unknown: int = 0

    @property
    def finished(self) -> int:
        """Number of images that need no more work."""
        return self.succeeded + self.failed + self.skipped + self.cancelled + self.unknown


@dataclass(frozen=True, slots=True)
class Job:
    """A request for images and its progress.

    Attributes:
        run: 1, then one more for each redrive; job and run name the execution.
        budget_month: The month (``YYYY-MM``) whose limit holds the current run's reservation.
        reserved: Micro-dollars still reserved for images of the current run.
        run_reserved, run_spent: Micro-dollars that the current run reserved at its start, and that
            it has spent or keeps for unknown outcomes. Their difference corrects the month at the
            end.
        cost: Micro-dollars of all settled entries with a known amount.
        unknown_costs: How many settled entries have no known amount.
        choice: The provider of its images, and the reason.
        notify_email: The address that gets a mail when the job ends.
        latest_asset_id: The asset of its newest finished image, None before the first.
        content_ids: The contents that it makes images for. While it is open, no other job does.
    """

    tenant: str
    job_id: str
    operation: str
    name: str | None
    created_at: datetime
    created_by: str
    counts: Counts
    status: JobStatus = "queued"
    run: int = 1
    budget_month: str = ""
    max_cost: int | None = None
    reserved: int = 0
    run_reserved: int = 0
    run_spent: int = 0
    cost: int = 0
    unknown_costs: int = 0
    started_at: datetime | None = None
    finished_at: datetime | None = None
    updated_at: datetime | None = None
    labels: Mapping[str, str] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    origin: Origin = DIRECT
    choice: ProviderChoice | None = None
    notify_email: str | None = None
    latest_asset_id: str | None = None
    content_ids: tuple[str, ...] = ()
    log: tuple[LogLine, ...] = ()


def execution_name(job_id: str, run: int) -> str:
    """Return the name of a run's Step Functions execution; a repeated start has the same name."""
    return job_id if run == 1 else f"{job_id}-run{run}"


def resumed_name(job_id: str, run: int) -> str:
    """Return the name of the execution that continues the calls of a run that died."""
    return f"{execution_name(job_id, run)}-resumed"


def awaits_result(item: Item) -> bool:
    """Tell whether an item has a started call that is neither answered nor booked."""
    return item.status == "running" and item.attempt_open and item.settled_attempt != item.attempt
