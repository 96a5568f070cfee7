"""Shapes of answers about imports and batches, for the contract."""

from typing import Literal

from studio.api.http.responses import Answer, Page
from studio.domain.batches.model import BatchStatus, ImportStatus, LineStatus


class RowError(Answer):
    """What is wrong in a table. ``row`` is the spreadsheet's number: the header is row 1."""

    row: int | None
    column: str | None
    code: str
    detail: str


class ImportCounts(Answer):
    """Rows of a table, and the images of the valid ones."""

    rows: int
    valid: int
    faulty: int
    images: int


class EstimatedSum(Answer):
    """What is known of a cost beforehand; ``unknown_images`` have no known price."""

    amount: str
    currency: Literal["USD"]
    unknown_images: int


class BatchImport(Answer):
    """A table and what its check found; nothing has run. ``errors`` are the first ones."""

    id: str
    name: str | None
    status: ImportStatus
    counts: ImportCounts
    estimate: EstimatedSum
    delimiter: str | None
    mapping: dict[str, str]
    ignored_columns: list[str]
    errors: list[RowError]
    batch_id: str | None
    created_by: str
    created_at: str
    links: dict[str, str]


class BatchImportList(Answer):
    """A page of imports."""

    data: list[BatchImport]
    page: Page


class ImportRow(Answer):
    """One row; ``prompt`` is its beginning and ``estimate`` null where it is not known."""

    row: int
    status: Literal["valid", "faulty"]
    prompt: str | None
    images: int
    estimate: str | None
    errors: list[RowError]
    warnings: list[str]


class ImportRowList(Answer):
    """A page of rows."""

    data: list[ImportRow]
    page: Page


class LineCounts(Answer):
    """Lines (jobs) of a batch by their state.

    When a cancelled batch has ended, the lines that had not started count as ``cancelled``: no
    redrive runs them. Import their rows again for that.
    """

    total: int
    waiting: int
    running: int
    succeeded: int
    partially_succeeded: int
    failed: int
    cancelled: int


class BatchImageCounts(Answer):
    """Images of jobs that have ended, by how; ``total`` is of all lines."""

    total: int
    succeeded: int
    failed: int
    skipped: int
    cancelled: int
    unknown: int


class BatchCost(Answer):
    """What ended jobs have cost; ``unknown_entries`` are paid calls without a known amount."""

    amount: str
    currency: Literal["USD"]
    unknown_entries: int


class Batch(Answer):
    """The jobs of an import."""

    id: str
    import_id: str
    name: str | None
    status: BatchStatus
    run: int
    concurrency: int
    percent: int
    jobs: LineCounts
    images: BatchImageCounts
    estimate: EstimatedSum
    cost: BatchCost
    created_by: str
    created_at: str
    finished_at: str | None
    links: dict[str, str]


class BatchList(Answer):
    """A page of batches."""

    data: list[Batch]
    page: Page


class BatchProgress(Answer):
    """The small document that clients poll; as large for ten lines as for ten thousand."""

    batch_id: str
    state: BatchStatus
    run: int
    percent: int
    jobs: LineCounts
    images: BatchImageCounts
    cost: BatchCost


class LineProblem(Answer):
    """Why no job could be made of a line."""

    code: str
    detail: str


class BatchLine(Answer):
    """One line that has started; ``images`` and ``cost`` are there once its job has ended."""

    row: int
    status: LineStatus
    job_id: str | None
    images: BatchImageCounts | None
    cost: BatchCost | None
    problem: LineProblem | None


class BatchLineList(Answer):
    """A page of lines."""

    data: list[BatchLine]
    page: Page
