"""Types of the API's documents, with only the members that the CLI uses."""

from typing import Literal, NotRequired, TypedDict

JobStatus = Literal[
    "queued", "running", "cancelling", "succeeded", "partially_succeeded", "failed", "cancelled"
]
ItemStatus = Literal["queued", "running", "succeeded", "failed", "skipped", "cancelled", "unknown"]
Stage = Literal["INIT", "PREP", "AI_CALL", "PARSE", "SAVE", "DONE"]

ENDED_JOB: frozenset[JobStatus] = frozenset(
    {"succeeded", "partially_succeeded", "failed", "cancelled"}
)
ENDED_ITEM: frozenset[ItemStatus] = frozenset(
    {"succeeded", "failed", "skipped", "cancelled", "unknown"}
)


class Cost(TypedDict):
    """Decimal dollars with their basis; an unknown amount is null."""

    amount: str | None
    currency: str
    basis: NotRequired[str]
    unknown_entries: NotRequired[int]


class Counts(TypedDict):
    """The number of images of a job, in all and by final status."""

    total: int
    succeeded: int
    failed: int
    skipped: int
    cancelled: int
    unknown: int


class Job(TypedDict):
    """A job without its items."""

    id: str
    name: str | None
    status: JobStatus
    run: int
    counts: Counts
    cost: Cost
    warnings: list[str]
    created_at: str


class Provider(TypedDict):
    """The provider and the model of an image."""

    id: str
    model: str | None


class Output(TypedDict):
    """The file format of a finished image, and the names of its renditions."""

    format: str
    renditions: list[str]


class Problem(TypedDict):
    """Reason why an image failed, and whether another attempt may succeed."""

    code: str
    detail: str
    retryable: bool


class Money(TypedDict):
    """Decimal dollars."""

    amount: str
    currency: str


class Item(TypedDict):
    """One image of a job."""

    item: int
    status: ItemStatus
    label: str | None
    prompt: str | None
    size: str | None
    output: Output
    provider: Provider
    asset_id: str | None
    content_image_id: str | None
    estimate: Cost
    cost: Cost | None
    problem: Problem | None
    started_at: str | None
    finished_at: str | None


class ItemEstimate(TypedDict):
    """The estimated cost of one image; it is held at most."""

    item: int
    provider: Provider
    size: str | None
    likely: Cost
    held: Cost


class Held(Money):
    """Money that a job reserves; an image without a known price reserves nothing."""

    unpriced: int


class ChosenProvider(Provider):
    """The provider that the studio chooses, and why."""

    reason: str


class Budget(TypedDict):
    """The account's month; both are null without a limit."""

    limit: Money | None
    committed: Money | None


class Estimate(TypedDict):
    """The price of jobs. ``warnings`` name what would refuse them."""

    likely: Cost
    held: Held
    per_item: list[ItemEstimate]
    provider_choice: list[ChosenProvider]
    warnings: list[str]
    budget: Budget


class Month(TypedDict):
    """The money of the account in this month; ``limit`` is null without a monthly limit."""

    spent: Money
    reserved: Money
    limit: Money | None


class Me(TypedDict):
    """The account of the caller and its month."""

    account_id: str
    month: Month


class LogLine(TypedDict):
    """One line of a job's log; ``item`` is null for the job itself."""

    at: str
    level: Literal["info", "warning", "error"]
    phase: Stage
    item: int | None
    message: str


class Waiting(TypedDict):
    """Reason why an image waits for its provider, and until when."""

    reason: str
    until: str
    provider: str


class Result(TypedDict):
    """One image in the progress document."""

    index: int
    label: str
    status: ItemStatus
    stage: Stage
    stage_label: str
    provider: str
    model: str | None
    error: str | None
    started_at: str | None
    waiting: Waiting | None


class Progress(TypedDict):
    """The progress of a job, polled while it runs."""

    job_id: str
    state: JobStatus
    message: str
    total_images: int
    completed: int
    failed: int
    skipped: int
    cancelled: int
    unknown: int
    cost: Cost
    results: list[Result]


class Asset(TypedDict):
    """A finished image."""

    id: str
    job_id: str | None
    label: str | None
    media_type: str
    bytes: int
    width: int | None
    height: int | None
    sha256: str
    created_at: str


class LedgerEntry(TypedDict):
    """One entry of the ledger."""

    id: str
    type: Literal["reserve", "settle", "release", "adjust"]
    run: int
    item: int | None
    attempt: int | None
    at: str
    amount: str | None
    basis: str
    reservation_used: str
    provider: str | None
    model: str | None


class LedgerTotals(TypedDict):
    """The service's own sums over a job's entries."""

    reserved: str
    settled: str
    released: str
    held: str
    unknown_entries: int


class Page(TypedDict):
    """The cursor of the next page."""

    next_cursor: str | None
    limit: int


class Ledger(TypedDict):
    """A page of the entries of a job, and the sums of all of them."""

    data: list[LedgerEntry]
    totals: LedgerTotals
    page: Page


class Jobs(TypedDict):
    """A page of jobs."""

    data: list[Job]
    page: Page


class Assets(TypedDict):
    """A page of assets."""

    data: list[Asset]
    page: Page
