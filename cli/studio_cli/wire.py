"""The API's documents as the CLI reads them: only the members it uses."""

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
    """Decimal dollars with their basis; the amount is null exactly when it is unknown."""

    amount: str | None
    currency: str
    basis: NotRequired[str]
    unknown_entries: NotRequired[int]


class Counts(TypedDict):
    """How many images of a job ended in each way."""

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
    """Who makes the picture."""

    id: str
    model: str | None


class Output(TypedDict):
    """The file format of a finished picture, and the names of its other files."""

    format: str
    renditions: list[str]


class Problem(TypedDict):
    """Why an image failed, and whether another try may help."""

    code: str
    detail: str
    retryable: bool


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
    cost: Cost | None
    problem: Problem | None
    started_at: str | None
    finished_at: str | None


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


class Progress(TypedDict):
    """The small document that is polled while a job runs."""

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
    """A finished picture."""

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
    """One movement of money."""

    id: str
    type: Literal["reserve", "settle", "release", "adjust"]
    run: int
    item: int | None
    amount: str | None
    reservation_used: str


class LedgerTotals(TypedDict):
    """The service's own sums over a job's entries."""

    reserved: str
    settled: str
    released: str
    held: str
    unknown_entries: int


class Ledger(TypedDict):
    """All entries of a job and their sums."""

    data: list[LedgerEntry]
    totals: LedgerTotals


class Page(TypedDict):
    """Where a list goes on."""

    next_cursor: str | None
    limit: int


class Jobs(TypedDict):
    """A page of jobs."""

    data: list[Job]
    page: Page


class Items(TypedDict):
    """A page of a job's images."""

    data: list[Item]
    page: Page


class Assets(TypedDict):
    """A page of assets."""

    data: list[Asset]
    page: Page
