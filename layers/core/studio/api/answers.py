"""The shapes of the answers, as pydantic models, for the contract.

Never imported by the function: documents are written by ``documents`` and ``offers`` as plain
dictionaries, and the tests hold every real answer against the schemas made from here.
"""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic.config import JsonDict

from studio.assets.model import AssetKind, OutputFormat, SourceType
from studio.jobs.model import ItemStatus, JobStatus, Quality, Stage
from studio.ledger.model import EntryType
from studio.money import Basis
from studio.operations.model import OperationId, Produces
from studio.providers.catalogue import State
from studio.providers.port import Role
from studio.renditions.model import Fit, Gravity

Currency = Literal["USD"]
Level = Literal["info", "warning", "error"]


def _drop_default(schema: JsonDict) -> None:
    del schema["default"]


def _sometimes() -> Any:  # noqa: ANN401 - a default of any type
    """Mark a member that some documents leave out."""
    return Field(default=None, json_schema_extra=_drop_default)


class Answer(BaseModel):
    """Base of all shapes: nothing is sent that the contract does not name."""

    model_config = ConfigDict(extra="forbid")


class FieldProblem(Answer):
    """One wrong field: RFC 6901 pointer into the body, a stable code and a sentence."""

    pointer: str
    code: str
    detail: str


class Problem(Answer):
    """An error, RFC 9457. ``code`` is stable; ``retryable``: whether a repeat may succeed."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    code: str
    request_id: str
    retryable: bool
    errors: list[FieldProblem] = _sometimes()
    legacy_type: Literal["ValidationError", "ExecutionError"] = _sometimes()
    budget: Literal["monthly"] = _sometimes()
    currency: Currency = _sometimes()
    limit: str = _sometimes()
    committed: str = _sometimes()
    requested: str = _sometimes()


class Money(Answer):
    """Decimal dollars with six places."""

    amount: str
    currency: Currency


class Cost(Answer):
    """A cost and how it is known; the amount is null exactly when it is unknown."""

    amount: str | None
    currency: Currency
    basis: Basis
    price_version: str = _sometimes()


class Health(Answer):
    """The function runs."""

    status: Literal["ok"]
    version: str
    region: str


class Limits(Answer):
    """What the caller's account may do; ``monthly`` is null where no limit is kept."""

    monthly: Money | None
    images_per_job: int
    variations: int


class Me(Answer):
    """The caller."""

    id: str
    email: str | None
    account_id: str
    limits: Limits


class Phase(Answer):
    """A phase of the work: its label while it runs, its name as a step, its band of percent."""

    id: Stage
    label: str
    step_label: str
    start: int = Field(alias="from")
    end: int = Field(alias="to")


class OperationInput(Answer):
    """A file or a value that an operation takes, by its place in the job body."""

    name: str
    kind: str
    need: Literal["optional", "required"]


class Operation(Answer):
    """Something the studio can do; ``async``: it is a job."""

    id: str
    studio: str
    title: str
    description: str
    produces: Produces
    is_async: bool = Field(alias="async")
    prompt: Literal["none", "optional", "required"]
    mask: Literal["none", "optional", "required"]
    inputs: list[OperationInput]
    one_of: list[str]
    providers: list[str]
    models: dict[str, list[str]]
    phases: list[Phase]


class OperationDetail(Operation):
    """An operation with the JSON Schema of its job body."""

    input_schema: dict[str, Any] = Field(alias="schema")


class OperationList(Answer):
    """All operations."""

    data: list[Operation]


class Range(Answer):
    """Limits, both included."""

    min: int
    max: int


class Parameters(Answer):
    """Which parameters a model takes; null: not at all."""

    seed: bool
    negative_prompt: bool
    steps: Range | None
    guidance: Range | None


class SizeRange(Answer):
    """Sides and areas in pixels."""

    multiple_of: int
    min_side: int
    max_side: int
    min_pixels: int
    max_pixels: int


class Sizes(Answer):
    """What a model makes by itself: a list, or a range. Other sizes are cut from these."""

    fixed: list[str]
    range: SizeRange | None
    max_ratio: int


class RetiredModel(Answer):
    """A name that is no more; its successor is used."""

    id: str
    title: str
    state: State
    ends: str | None
    successor: str | None


class Sources(Answer):
    """How many pictures a model can start from; 0 where it takes none."""

    max: int
    roles: list[Role]


class Model(RetiredModel):
    """A model that can be asked; ``prompt_max`` in characters."""

    operations: list[str]
    prompt_max: int
    qualities: dict[Quality, str]
    parameters: Parameters
    sizes: Sizes
    sources: Sources
    inputs: list[str]
    price_known: bool


class Provider(Answer):
    """Who makes images."""

    id: str
    title: str
    default_model: str
    defaults: dict[str, dict[Quality, str]]
    checked_at: str
    price_version: str
    rate_per_minute: int | None
    models: list[Model]
    retired: list[RetiredModel]


class ProviderList(Answer):
    """All providers."""

    data: list[Provider]


class ItemProvider(Answer):
    """Who makes an image."""

    id: str
    model: str


class ItemEstimate(Answer):
    """Cost of one image; ``job`` and ``item`` count from 1."""

    job: int
    item: int
    provider: ItemProvider
    size: str | None
    cost: Cost


class ChosenProvider(ItemProvider):
    """Who would make the images of a job, and why; ``job`` counts from 1."""

    job: int
    reason: str


class Budget(Answer):
    """The account's month; null where no limit is kept."""

    limit: Money | None
    committed: Money | None


class Estimate(Answer):
    """What jobs would cost at most, and what would make them be refused."""

    total: Cost
    basis: Basis
    per_item: list[ItemEstimate]
    provider_choice: list[ChosenProvider]
    warnings: list[str]
    budget: Budget


class Counts(Answer):
    """How many images ended in each way."""

    total: int
    succeeded: int
    failed: int
    skipped: int
    cancelled: int
    unknown: int


class Percents(Answer):
    """How far a job is."""

    percent: int
    images_percent: int


class JobCost(Money):
    """Sum of the settled entries; ``reserved`` is still held for work to come."""

    basis: Literal["settled", "unknown"]
    unknown_entries: int
    reserved: str
    max_cost: str | None


class JobLinks(Answer):
    """Paths of what belongs to a job."""

    progress: str
    items: str
    logs: str
    ledger: str


class Legacy(Answer):
    """The job in the words of the earlier system, for its pollers."""

    task_id: str
    task_state: Literal["PENDING", "PROGRESS", "SUCCESS", "FAILURE"]


class RecipeUsed(Answer):
    """The recipe that a job was made by, as it was then."""

    id: str
    version: int


class Source(Answer):
    """A picture that an image is made from; both null where its bytes came with the order."""

    role: Role
    asset_id: str | None
    url: str | None


class JobProvider(Answer):
    """Who makes a job's images; ``asked`` is the provider that was named, or ``auto``."""

    asked: str
    chosen: ItemProvider
    reason: str


class Job(Answer):
    """A job without its items."""

    id: str
    operation: str
    name: str | None
    status: JobStatus
    run: int
    counts: Counts
    progress: Percents
    cost: JobCost
    provider: JobProvider | None
    labels: dict[str, str]
    warnings: list[str]
    folder: str | None
    recipe: RecipeUsed | None
    batch_id: str | None
    schedule_id: str | None
    created_by: str
    created_at: str
    started_at: str | None
    finished_at: str | None
    links: JobLinks
    legacy: Legacy


class Page(Answer):
    """Where a list goes on; null on its last page."""

    next_cursor: str | None
    limit: int


class JobList(Answer):
    """A page of jobs."""

    data: list[Job]
    page: Page


class FocalPoint(Answer):
    """The part of a picture that matters, from 0 to 1 of its width and height."""

    x: float
    y: float


class Framing(Answer):
    """How a picture comes into a shape that it does not have."""

    fit: Fit
    gravity: Gravity
    focal_point: FocalPoint | None
    background: str


class Output(Framing):
    """The files that were ordered: the picture's own, and the names of the others."""

    format: OutputFormat
    quality: int
    max_bytes: int | None
    renditions: list[str]
    safe_zones: bool
    contact_sheet: bool
    embed_recipe: bool


class ItemProblem(Answer):
    """Why an image failed."""

    code: str
    detail: str
    retryable: bool


class MadeBy(ItemProvider):
    """Who makes an image; ``asked`` and ``why`` where that is not who was asked first."""

    asked: ItemProvider | None
    why: str | None
    fallback: list[ItemProvider]


class Item(Answer):
    """One image of a job; ``original_prompt`` is the caller's where others' words joined it."""

    item: int
    status: ItemStatus
    stage: Stage
    label: str | None
    type: str | None
    position: int | None
    title: str | None
    prompt: str | None
    original_prompt: str | None
    persona: str | None
    template: str | None
    negative_prompt: str | None
    operation: OperationId
    input: dict[str, str | int | bool]
    size: str | None
    quality: Quality
    output: Output
    provider: MadeBy
    seed: int | None
    sources: list[Source]
    strength: str | None
    attempts: int
    asset_id: str | None
    estimate: Cost
    cost: Cost | None
    problem: ItemProblem | None
    warnings: list[str]
    started_at: str | None
    finished_at: str | None


class ItemList(Answer):
    """A page of a job's images."""

    data: list[Item]
    page: Page


class Result(Answer):
    """One image in the progress document."""

    image_id: str | None
    index: int
    label: str
    type: str | None
    position: int | None
    content_title: str | None
    status: ItemStatus
    stage: Stage
    stage_label: str
    progress: int
    provider: str
    model: str
    image_url: str | None
    error: str | None
    error_code: str | None
    cost: Cost | None
    started_at: str | None
    finished_at: str | None


class Progress(Answer):
    """The small document that clients poll."""

    job_id: str
    state: JobStatus
    phase: Stage
    phase_label: str
    percent: int
    images_percent: int
    message: str
    current_image: int | None
    total_images: int
    completed: int
    failed: int
    skipped: int
    cancelled: int
    unknown: int
    cost: Money
    results: list[Result]
    legacy: Legacy


class LogLine(Answer):
    """One line of a job's log; ``item`` is null for the job itself."""

    at: str
    level: Level
    phase: Stage
    item: int | None
    message: str


class LogList(Answer):
    """Log lines in the order of time."""

    data: list[LogLine]


class LedgerEntry(Answer):
    """One movement of money."""

    id: str
    type: EntryType
    at: str
    run: int
    item: int | None
    attempt: int | None
    amount: str | None
    currency: Currency
    basis: Basis
    reservation_used: str
    price_version: str | None
    provider: str | None
    model: str | None
    provider_request_id: str | None


class LedgerTotals(Answer):
    """Sums over the entries of a job."""

    currency: Currency
    reserved: str
    settled: str
    released: str
    held: str
    unknown_entries: int


class Ledger(Answer):
    """A job's entries and their sums."""

    data: list[LedgerEntry]
    totals: LedgerTotals


class File(Answer):
    """One encoded picture."""

    media_type: str
    bytes: int
    width: int | None
    height: int | None
    duration_ms: int | None
    sha256: str


class AssetLinks(Answer):
    """Paths of an asset's files."""

    content: str
    thumbnail: str
    renditions: str


class Asset(File):
    """A picture; ``recipe`` is everything that made it. An uploaded one has no job or cost."""

    id: str
    kind: AssetKind
    operation: str
    job_id: str | None
    item: int | None
    label: str | None
    title: str | None
    thumbnail: File
    cost: Cost | None
    recipe: dict[str, str | int | None]
    source_type: SourceType | None
    signed_by: str | None
    created_at: str
    links: AssetLinks


class AssetList(Answer):
    """A page of assets."""

    data: list[Asset]
    page: Page
