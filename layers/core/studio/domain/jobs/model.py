"""A job, its images (items) and the attempts to make them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

from studio.domain.assets.model import OutputFormat, SourceType
from studio.domain.operations.values import OptionValue, Quality, Role
from studio.domain.renditions.model import PLAIN, OutputPlan
from studio.money import Basis, Cost

if TYPE_CHECKING:
    from studio.domain.operations.model import OperationId

MAX_ITEMS = 50
MAX_VARIATIONS = 10
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
class SourceRef:
    """A source file of an image.

    Attributes:
        role: Its role.
        asset_id: The asset, None for a file from elsewhere.
        url: The address to fetch it from.
        key: The storage key of its bytes; None for a URL.
        media_type, bytes, width, height: Facts of an asset's file; None for a file that the studio
            has not checked yet.
        source_type: The digital source type that it states.
    """

    asset_id: str | None = None
    url: str | None = None
    key: str | None = None
    media_type: str | None = None
    bytes: int | None = None
    width: int | None = None
    height: int | None = None
    role: Role = "image"
    source_type: SourceType | None = None


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a job came from.

    Attributes:
        recipe_id, recipe_version: The recipe of its body.
        folder: The folder (a shop's SKU) that its images belong to.
        batch_id, batch_line: Its batch and line.
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


@dataclass(frozen=True, slots=True)
class Substitute:
    """A provider and model that may make an image instead, with the values that differ for it.

    Members are those of ``ImageSpec``.
    """

    provider: str
    model: str
    negative_prompt: str | None = None
    seed: int | None = None
    steps: int | None = None
    guidance: str | None = None
    strength: str | None = None
    options: Mapping[str, OptionValue] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    prompt: str | None = None
    original_prompt: str | None = None


@dataclass(frozen=True, slots=True)
class FallbackRecord:
    """The record of a substitution: which provider came first, and why it did not make the image.

    Attributes:
        provider, model: The first provider and model.
        why: Why the previous provider did not make the image, in words.
        attempt: The last attempt before the present provider took over.
    """

    provider: str
    model: str
    why: str
    attempt: int


@dataclass(frozen=True, slots=True)
class ImageSpec:
    """One image as it was ordered; it never changes and becomes the recipe of the asset.

    Attributes:
        width, height: Exact size of the finished picture in pixels; None if the operation decides.
        seed_generated: Whether the studio picked the seed and not the caller.
        output_quality: Encoder quality, 1 to 100.
        quality: The caller's quality level; the catalogue has the provider's word for it.
        sources: Source files, the main source image first.
        strength: How far the image may differ from its main source, decimal text from 0 to 1.
        folder: The folder of the result and its source.
        operation: Id of the operation, see ``studio.domain.operations``.
        options: The operation's own inputs.
        type, position, title: The caller's own facts about the image, kept unchanged.
        warnings: What the studio changed or left out, in sentences.
        original_prompt: The caller's prompt, if the studio added words to it.
        persona: The persona whose words were added, as ``id@version``.
        enhance_prompt: Whether the caller asked for enhancement.
        template: The template that the caller named, as ``id@version``.
        substitutes: The providers that may take over, in order, while nothing can have been paid.
        replaced: The record of a substitution, if there was one.
        output: How the picture is framed, and its further files.
    """

    prompt: str | None
    provider: str
    model: str
    width: int | None
    height: int | None
    quality: Quality = "standard"
    output_format: OutputFormat = "webp"
    output_quality: int = 80
    negative_prompt: str | None = None
    seed: int | None = None
    steps: int | None = None
    guidance: str | None = None
    sources: tuple[SourceRef, ...] = ()
    strength: str | None = None
    folder: str | None = None
    label: str | None = None
    type: str | None = None
    position: int | None = None
    title: str | None = None
    operation: "OperationId" = "generate"
    options: Mapping[str, OptionValue] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    original_prompt: str | None = None
    seed_generated: bool = False
    persona: str | None = None
    enhance_prompt: bool = False
    template: str | None = None
    substitutes: tuple[Substitute, ...] = ()
    replaced: FallbackRecord | None = None
    output: OutputPlan = PLAIN


@dataclass(frozen=True, slots=True)
class ItemError:
    """Why an image failed: a stable code, a sentence for people, and whether a retry may help."""

    code: str
    message: str
    retryable: bool = False


@dataclass(frozen=True, slots=True)
class LogLine:
    """One line of a job's log; ``item`` is 0 for the job itself."""

    at: datetime
    level: Literal["info", "warning", "error"]
    stage: Stage
    message: str
    item: int = 0


WaitReason = Literal[
    "breaker_open", "rate_limit", "provider_pending", "provider_throttled", "provider_unavailable"
]


@dataclass(frozen=True, slots=True)
class Waiting:
    """Why an image waits for its provider, and when the workflow looks again."""

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
    spec: ImageSpec
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
class Counts:
    """How many images of a job ended in each way; always equal to the number of rows."""

    total: int
    succeeded: int = 0
    failed: int = 0
    skipped: int = 0
    cancelled: int = 0
    unknown: int = 0

    @property
    def finished(self) -> int:
        """How many images need no more work."""
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


def members_of(value: Any) -> dict[str, Any]:  # noqa: ANN401 - any of the models
    """Return the members of a model by name; unlike ``asdict`` it copies none of them."""
    return {name: getattr(value, name) for name in value.__slots__}
