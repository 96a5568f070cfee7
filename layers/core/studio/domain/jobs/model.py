"""A job, its images (items) and the attempts to make them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from studio.domain.assets.model import OutputFormat, SourceType
from studio.domain.operations.values import OptionValue, Quality, Role
from studio.domain.renditions.model import PLAIN, OutputPlan
from studio.money import Cost

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
    """A file that an image is made from.

    Attributes:
        role: What it is for.
        asset_id: The studio's own picture, None for one from elsewhere.
        url: Where it is to be fetched.
        key: Where its bytes are; None for a URL.
        media_type, bytes, width, height: Of a picture that the studio has checked and made
            itself; None for one that still has to be.
        source_type: What it says of where it comes from.
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
        recipe_id, recipe_version: The recipe that it was made by.
        folder: The folder (a shop's SKU) whose pictures it makes.
        batch_id, batch_line: Its place in a batch.
        schedule_id: The schedule that started it.
    """

    recipe_id: str | None = None
    recipe_version: int | None = None
    folder: str | None = None
    batch_id: str | None = None
    batch_line: int | None = None
    schedule_id: str | None = None


DIRECT = Origin()
"""The origin of a job that somebody just ordered."""


AUTO = "auto"
"""What a caller asks for who names no provider."""


@dataclass(frozen=True, slots=True)
class ProviderChoice:
    """Who makes the images of a job, and why.

    Attributes:
        asked: The provider that the caller named, or ``auto``.
        provider, model: Who was chosen.
        reason: Why, in a sentence.
    """

    asked: str
    provider: str
    model: str
    reason: str


@dataclass(frozen=True, slots=True)
class Substitute:
    """Who may make an image instead, and what of its order holds there; see ``ImageSpec``."""

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
    """Who was asked for an image that somebody else makes now.

    Attributes:
        provider, model: The one that was asked first.
        why: Why the last one that was asked did not make it, in words.
        attempt: The last attempt before the present one took over.
    """

    provider: str
    model: str
    why: str
    attempt: int


@dataclass(frozen=True, slots=True)
class ImageSpec:
    """One image as it was ordered; frozen at submit, the recipe of its asset.

    Attributes:
        width, height: Exact size of the finished picture in pixels; None for the size that the
            operation gives it.
        seed_generated: Whether the studio picked the seed and not the caller.
        output_quality: Encoder quality, 1 to 100.
        quality: The caller's level; the catalogue maps it to the provider's own words.
        sources: Pictures to start from, the first being the main one.
        strength: How far the image may leave its first source, decimal text from 0 to 1.
        folder: The folder that the result belongs to, beside its source.
        operation: What is done, an id of ``studio.domain.operations``.
        options: The operation's own inputs.
        type, position, title: What the picture is for in the caller's content, kept as given.
        warnings: What was changed or dropped of the order, in sentences.
        original_prompt: The caller's own words, where others were added to them.
        persona: Whose words those are, among them: ``id@version``.
        enhance_prompt: Whether the caller asked for enhancement.
        template: The one that the caller named: ``id@version``.
        substitutes: Who takes over, in this order, where nobody can have been paid.
        replaced: Who was asked first, where one of them did.
        output: How the picture is framed, and which files are made of it besides.
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
    operation: str = "generate"
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
    """Why an image failed: a stable code, a sentence for people, whether another try may help."""

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


@dataclass(frozen=True, slots=True)
class Item:
    """One image of a job and how far it is.

    Attributes:
        number: 1-based place in the queue.
        asset_id: Id that the finished picture will have, given at submit so that a repeated
            save writes the same record.
        run: The run of the job in which the item was queued last (a redrive starts a new run).
        attempt: Number of the newest provider call, 0 before the first. An attempt is written
            before its call, so a started attempt without a result is visible.
        attempt_open: Whether that call's result is still to be had, at the provider or parked.
        attempt_deadline: When the call of a crashed worker is certainly over.
        switches: How often a substitute took over.
        handle: The provider's name for a call that it took, as long as it may be asked for it.
        estimate: What was reserved for the item.
        settled_attempt: Newest attempt that is booked in the ledger; never booked again.
        cost: Sum of the item's settled calls; None while nothing was settled.
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
    attempt_deadline: datetime | None = None
    settled_attempt: int = 0
    switches: int = 0
    handle: str | None = None
    started_at: datetime | None = None
    finished_at: datetime | None = None
    cost: Cost | None = None
    error: ItemError | None = None
    log: tuple[LogLine, ...] = ()


@dataclass(frozen=True, slots=True)
class Counts:
    """How many images of a job ended in each way; always equal to the rows they count."""

    total: int
    succeeded: int = 0
    failed: int = 0
    skipped: int = 0
    cancelled: int = 0
    unknown: int = 0

    @property
    def finished(self) -> int:
        """Images that need no more work, however they ended."""
        return self.succeeded + self.failed + self.skipped + self.cancelled + self.unknown


@dataclass(frozen=True, slots=True)
class Job:
    """A request for images and the state of its work.

    Attributes:
        run: 1, then one more for each redrive; the execution is named after job and run.
        budget_month: ``YYYY-MM`` whose limit carries the current run's reservation.
        reserved: Micro-dollars still held for images of the current run.
        run_reserved, run_spent: What the current run reserved at its start and has spent or
            must hold (unknown outcomes) so far, for the final correction of the month.
        cost: Micro-dollars of all settled entries with a known amount.
        unknown_costs: How many settled entries have no known amount.
        choice: Who makes its images, and why.
        notify_email: Who is written to when the job has ended.
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
    """Name of the Step Functions execution of a run: the job id, so a repeat cannot run twice."""
    return job_id if run == 1 else f"{job_id}-run{run}"
