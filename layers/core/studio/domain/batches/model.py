"""An import (a checked table), a batch (its jobs), and a row of a batch."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, NamedTuple

from studio.domain.jobs.model import NO_DEFAULTS, Counts, OrderDefaults

MAX_CONCURRENCY = 10
KEPT_ERRORS = 10

ImportStatus = Literal["validating", "validated", "invalid"]
RowStatus = Literal["waiting", "running", "succeeded", "partially_succeeded", "failed", "cancelled"]
BatchStatus = Literal[
    "queued", "running", "cancelling", "succeeded", "partially_succeeded", "failed", "cancelled"
]


class RowError(NamedTuple):
    """An error in a table: its row as a spreadsheet numbers it (the header is 1) and its column.

    Attributes:
        row: None for an error of the whole table.
        column: The column's header, or the missing member; None for an error of the whole row.
    """

    row: int | None
    column: str | None
    code: str
    detail: str


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums over the rows of an import.

    Attributes:
        estimate: Micro-dollars of the valid rows' images with a known price.
        unpriced: Images of valid rows without a known price.
    """

    valid: int = 0
    faulty: int = 0
    images: int = 0
    estimate: int = 0
    unpriced: int = 0

    @property
    def rows(self) -> int:
        """Number of rows of the table."""
        return self.valid + self.faulty


@dataclass(frozen=True, slots=True)
class BatchImport:
    """A table of orders and the result of its check.

    Attributes:
        source: Key of the table's file.
        delimiter: The caller's, or the detected one; None before the check.
        encoding: The detected one; None before the check.
        mapping: Member by header, for headers that differ from their members' names.
        defaults: A partial job body that each row is merged over.
        ignored: Headers of columns that are no member.
        warnings: What a person should look at, such as a guessed encoding.
        errors: The first errors; an ``invalid`` import has exactly one.
        batch_id: The batch that the import was submitted as.
        kept: Whether a schedule runs the import, so that it never expires.
    """

    tenant: str
    import_id: str
    name: str | None
    source: str
    created_at: datetime
    created_by: str
    status: ImportStatus = "validating"
    delimiter: str | None = None
    encoding: str | None = None
    mapping: Mapping[str, str] = field(default_factory=dict)
    defaults: Mapping[str, object] = field(default_factory=dict)
    totals: Totals = Totals()
    ignored: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    errors: tuple[RowError, ...] = ()
    batch_id: str | None = None
    kept: bool = False

    def key(self, name: str) -> str:
        """Return the key of one of the import's files; those in ``kept`` never expire."""
        place = "kept" if self.kept else "imports"
        return f"{place}/{self.tenant}/{self.import_id}/{name}"


@dataclass(frozen=True, slots=True)
class RowCounts:
    """Number of rows of a batch in each state; always equal to its records of rows."""

    running: int = 0
    succeeded: int = 0
    partially_succeeded: int = 0
    failed: int = 0
    cancelled: int = 0

    @property
    def ended(self) -> int:
        """Number of rows that need no more work."""
        return self.succeeded + self.partially_succeeded + self.failed + self.cancelled


@dataclass(frozen=True, slots=True)
class Batch:
    """The jobs of an import and their progress.

    Attributes:
        total: How many rows there are: the valid ones of the import.
        concurrency: How many rows run at once; a run has as many lane files.
        estimate, unpriced: As in ``Totals``.
        run: 1, then one more for each redrive.
        schedule_id: The schedule that started it; only such an import becomes many batches.
        defaults: What the account's settings gave orders when it was submitted.
        stopped: Whether this run was cancelled.
        dropped: Whether an earlier run was cancelled; rows not started then never start.
        rows: Rows by state; rows that have not started are in none.
        images: Images of ended rows by outcome; its ``total`` counts all rows.
        cost: Micro-dollars of ended rows with a known cost.
        unknown_costs: Paid calls of ended rows without a known cost.
    """

    tenant: str
    batch_id: str
    import_id: str
    name: str | None
    created_at: datetime
    created_by: str
    total: int
    images: Counts
    estimate: int = 0
    unpriced: int = 0
    concurrency: int = 1
    run: int = 1
    stopped: bool = False
    dropped: bool = False
    finished_at: datetime | None = None
    notify_email: str | None = None
    schedule_id: str | None = None
    defaults: OrderDefaults = NO_DEFAULTS
    rows: RowCounts = RowCounts()
    cost: int = 0
    unknown_costs: int = 0

    @property
    def waiting(self) -> int:
        """Number of rows that have not started and still may."""
        return 0 if self._settled else self._unstarted

    @property
    def cancelled(self) -> int:
        """Number of rows that ended cancelled or never start because of a cancel."""
        return self.rows.cancelled + self._unstarted - self.waiting

    @property
    def _unstarted(self) -> int:
        return self.total - self.rows.running - self.rows.ended

    @property
    def _settled(self) -> bool:
        """True if the rows that have not started never will."""
        return self.dropped or (self.stopped and self.finished_at is not None)

    @property
    def status(self) -> BatchStatus:
        """Status of the batch, derived from its counters so that both always agree."""
        if self.finished_at is None:
            if self.stopped:
                return "cancelling"
            return "queued" if self._unstarted == self.total else "running"
        if self.rows.running:
            # One of its jobs was redriven alone.
            return "running"
        if self.stopped:
            return "cancelled"
        if self.rows.succeeded == self.total:
            return "succeeded"
        made = self.rows.succeeded + self.rows.partially_succeeded
        return "partially_succeeded" if made else "failed"

    @property
    def percent(self) -> int:
        """Percentage of rows that need no more work."""
        return 100 * (self.total - self.rows.running - self.waiting) // self.total

    def key(self, name: str) -> str:
        """Return the key of one of the batch's files."""
        return f"batches/{self.tenant}/{self.batch_id}/{name}"


@dataclass(frozen=True, slots=True)
class BatchRow:
    """One row of a batch that has started at least once.

    Attributes:
        number: The row of the table.
        job_id: None if no job could be created.
        images, cost, unknown_costs: Those of its job, once that has ended.
    """

    number: int
    status: RowStatus
    job_id: str | None = None
    images: Counts | None = None
    cost: int = 0
    unknown_costs: int = 0
    error_code: str | None = None
    error_message: str | None = None


def execution_name(batch_id: str, run: int) -> str:
    """Return the name of a run's Step Functions execution; a repeated start has the same name."""
    return batch_id if run == 1 else f"{batch_id}-run{run}"
