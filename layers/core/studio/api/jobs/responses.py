"""Response shapes of jobs, logs, estimates and ledgers; of images: ``image_responses``."""

from typing import Literal, NotRequired

from typing_extensions import TypedDict

from studio.api.http.responses import Cost, Currency, Money, Page
from studio.api.jobs.image_responses import Item, ItemProvider, Result, Waiting
from studio.domain.jobs.model import JobStatus, Stage
from studio.domain.ledger.model import EntryType
from studio.money import Basis
from studio.services.orders.origins import MemberOrigin

Level = Literal["info", "warning", "error"]
LegacyState = Literal["PENDING", "PROGRESS", "SUCCESS", "FAILURE"]


class PriceOrigin(TypedDict):
    """The provider and model whose price an estimate is.

    ``table``: the studio's price table, of the version and day that it names. ``reported``: the
    provider reports the cost after a call. ``none``: no price is published.
    """

    provider: str
    model: str
    source: Literal["table", "reported", "none"]
    version: str | None
    checked_at: str | None


class ItemEstimate(TypedDict):
    """The estimated cost of one image. ``job`` and ``item`` count from 1.

    ``likely`` is the most likely cost. ``held`` equals ``cost``: the highest cost by any of its
    providers.
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
    """Money that jobs hold. ``unpriced`` counts images without a known price; they hold nothing."""

    unpriced: int


class ChosenProvider(ItemProvider):
    """The provider that a job would use, and the reason. ``job`` counts from 1."""

    job: int
    reason: str


class Budget(TypedDict):
    """The account's limit and spending of the month. Both are null without a limit."""

    limit: Money | None
    committed: Money | None


class MemberSources(TypedDict):
    """Origins of the values of a job. ``job`` counts from 1.

    The first of these that gives a value counts: ``body``, ``recipe``, ``template``, the stored
    ``settings`` of the account, ``built-in`` (a default, or the automatic choice).
    """

    job: int
    provider: MemberOrigin
    model: MemberOrigin
    format: MemberOrigin
    size: MemberOrigin
    quality: MemberOrigin


class Estimate(TypedDict):
    """The highest cost of jobs. ``warnings`` name what would make the API refuse them."""

    total: Cost
    basis: Basis
    likely: Cost
    held: Held
    per_item: list[ItemEstimate]
    provider_choice: list[ChosenProvider]
    sources: list[MemberSources]
    warnings: list[str]
    budget: Budget


class Counts(TypedDict):
    """Number of images of a job, and of those that ended with each status."""

    total: int
    succeeded: int
    failed: int
    skipped: int
    cancelled: int
    unknown: int


class Percents(TypedDict):
    """The progress of a job in percent, in all and by finished images."""

    percent: int
    images_percent: int


class JobCost(Money):
    """The settled cost of a job. ``reserved`` is held for work that has not ended."""

    basis: Literal["settled", "unknown"]
    unknown_entries: int
    reserved: str
    max_cost: str | None


class JobLinks(TypedDict):
    """Paths of a job's subresources."""

    progress: str
    items: str
    logs: str
    ledger: str


class Legacy(TypedDict):
    """The job in the terms of the earlier API."""

    task_id: str
    task_state: LegacyState


class RecipeUsed(TypedDict):
    """The recipe of a job, by the version that made it."""

    id: str
    version: int


class JobProvider(TypedDict):
    """The provider of a job. ``asked`` is the provider that the request names, or ``auto``."""

    asked: str
    chosen: ItemProvider
    reason: str


class JobOrigin(TypedDict):
    """Origin of a job: folder, recipe, batch and schedule."""

    folder: str | None
    recipe: RecipeUsed | None
    batch_id: str | None
    schedule_id: str | None


class Job(JobOrigin):
    """A job without its images. A list leaves out ``waiting``; read the single job for it.

    ``content_ids`` are the contents that it makes images for.
    """

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
    content_ids: list[str]
    created_by: str
    created_at: str
    started_at: str | None
    finished_at: str | None
    waiting: NotRequired[Waiting | None]
    links: JobLinks
    legacy: Legacy


class ListedJob(Job):
    """A job in a list.

    ``thumbnail_url`` shows its newest finished image. It is signed and valid for at least ten
    minutes, and null before the first image.
    """

    thumbnail_url: str | None


class JobList(TypedDict):
    """A page of jobs, newest first."""

    data: list[ListedJob]
    page: Page


class ItemList(TypedDict):
    """A page of a job's images, in their order."""

    data: list[Item]
    page: Page


class Progress(TypedDict):
    """The progress of a job, for clients that poll."""

    job_id: str
    state: JobStatus
    phase: Stage
    phase_label: str
    percent: int
    images_percent: int
    message: str
    waiting: Waiting | None
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


class LogLine(TypedDict):
    """One line of a job's log. ``item`` is null for the job itself."""

    at: str
    level: Level
    phase: Stage
    item: int | None
    message: str


class LogList(TypedDict):
    """Log lines, oldest first."""

    data: list[LogLine]


class LedgerEntry(TypedDict):
    """One ledger entry: a reservation, settlement, release or adjustment.

    ``duration_ms`` is the time from the start of the call until its result was there.
    """

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
    operation: str | None
    duration_ms: int | None


class LedgerTotals(TypedDict):
    """The sums of a job's entries, in decimal dollars."""

    currency: Currency
    reserved: str
    settled: str
    released: str
    held: str
    unknown_entries: int


class Ledger(TypedDict):
    """A page of a job's entries in the order of events; ``totals`` are the sums of all entries."""

    data: list[LedgerEntry]
    totals: LedgerTotals
    page: Page
