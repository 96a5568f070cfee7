"""The shapes of the answers, as pydantic models, for the contract.

Never imported by the function: documents are written by ``documents`` and ``offers`` as plain
dictionaries, and the tests hold every real answer against the schemas made from here.
"""

from typing import Literal

from studio.api.http.responses import Answer, Cost, Currency, Framing, Money, Page
from studio.domain.assets.model import OutputFormat
from studio.domain.jobs.model import ItemStatus, JobStatus, Stage
from studio.domain.ledger.model import EntryType
from studio.domain.operations.model import OperationId
from studio.domain.operations.values import Quality, Role
from studio.money import Basis

Level = Literal["info", "warning", "error"]


class ItemProvider(Answer):
    """Who makes an image."""

    id: str
    model: str


class PriceOrigin(Answer):
    """Whose price an estimate is.

    ``table``: the studio's price table of that day; ``reported``: only the provider's answer says
    what a call cost; ``none``: no price is published.
    """

    provider: str
    model: str
    source: Literal["table", "reported", "none"]
    version: str | None
    checked_at: str | None


class ItemEstimate(Answer):
    """Cost of one image; ``job`` and ``item`` count from 1.

    ``likely`` is what it most likely costs. ``held`` is the most that it costs by any of its
    providers, and the same as ``cost``.
    """

    job: int
    item: int
    provider: ItemProvider
    size: str | None
    cost: Cost
    likely: Cost
    likely_price: PriceOrigin
    held: Cost
    held_price: PriceOrigin


class Held(Money):
    """What an order holds; ``unpriced`` images have no known price and hold nothing."""

    unpriced: int


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
    likely: Cost
    held: Held
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


class JobList(Answer):
    """A page of jobs."""

    data: list[Job]
    page: Page


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
