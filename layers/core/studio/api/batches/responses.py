"""Response shapes of batch imports and batches."""

from typing import Literal

from typing_extensions import TypedDict

from studio.api.http.responses import Money, Page
from studio.domain.batches.model import BatchStatus, ImportStatus, RowStatus


class RowError(TypedDict):
    """One error in a table. ``row`` counts as a spreadsheet does: the header is row 1."""

    row: int | None
    column: str | None
    code: str
    detail: str


class ImportCounts(TypedDict):
    """Number of rows of a table, and of images that its valid rows make."""

    rows: int
    valid: int
    faulty: int
    images: int


class EstimatedSum(Money):
    """The estimated cost. ``unknown_images`` counts the images without a known price."""

    unknown_images: int


class BatchImport(TypedDict):
    """A table and the result of its validation. ``errors`` lists the first ones.

    ``ignored_columns`` are the first 200 columns that mean nothing. ``nearest_columns`` has for
    some of them the known column that they are most like. ``encoding`` is how the file was read.
    ``warnings`` say so if the file itself does not, with words to compare.
    """

    id: str
    name: str | None
    status: ImportStatus
    counts: ImportCounts
    estimate: EstimatedSum
    delimiter: str | None
    encoding: str | None
    mapping: dict[str, str]
    ignored_columns: list[str]
    nearest_columns: dict[str, str]
    errors: list[RowError]
    warnings: list[str]
    batch_id: str | None
    created_by: str
    created_at: str
    links: dict[str, str]


class BatchImportList(TypedDict):
    """A page of imports, newest first."""

    data: list[BatchImport]
    page: Page


class ImportRow(TypedDict):
    """One row. ``prompt`` is its beginning. ``estimate`` is null where a price is unknown."""

    row: int
    status: Literal["valid", "faulty"]
    prompt: str | None
    images: int
    estimate: str | None
    errors: list[RowError]
    warnings: list[str]


class ImportRowList(TypedDict):
    """A page of rows, in the order of the table."""

    data: list[ImportRow]
    page: Page


class LineCounts(TypedDict):
    """The rows (jobs) of a batch by status.

    When a cancelled batch ends, the rows that have not started count as ``cancelled``. A redrive
    does not run them. Import their rows again to run them.
    """

    total: int
    waiting: int
    running: int
    succeeded: int
    partially_succeeded: int
    failed: int
    cancelled: int


class BatchImageCounts(TypedDict):
    """Images of the jobs that have ended, by status. ``total`` counts those of all rows."""

    total: int
    succeeded: int
    failed: int
    skipped: int
    cancelled: int
    unknown: int


class BatchCost(Money):
    """The cost of the jobs that have ended. ``unknown_entries`` counts the unpriced calls."""

    unknown_entries: int


class BatchCounters(TypedDict):
    """The progress, the counts and the cost of a batch."""

    percent: int
    jobs: LineCounts
    images: BatchImageCounts
    cost: BatchCost


class Batch(BatchCounters):
    """The jobs of an import."""

    id: str
    import_id: str
    name: str | None
    status: BatchStatus
    run: int
    concurrency: int
    estimate: EstimatedSum
    created_by: str
    created_at: str
    finished_at: str | None
    links: dict[str, str]


class BatchList(TypedDict):
    """A page of batches, newest first."""

    data: list[Batch]
    page: Page


class BatchProgress(BatchCounters):
    """The progress of a batch. Its size does not depend on the number of rows."""

    batch_id: str
    state: BatchStatus
    run: int


class LineProblem(TypedDict):
    """Reason why a row has no job."""

    code: str
    detail: str


class BatchLine(TypedDict):
    """One row that has started. ``images`` and ``cost`` are null until its job ends."""

    row: int
    status: RowStatus
    job_id: str | None
    images: BatchImageCounts | None
    cost: BatchCost | None
    problem: LineProblem | None


class BatchLineList(TypedDict):
    """A page of rows, in the order of the table."""

    data: list[BatchLine]
    page: Page
