"""An import (a table that was checked), a batch (its jobs), and a line of a batch."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from studio.domain.jobs.model import Counts

MAX_CONCURRENCY = 10
KEPT_ERRORS = 10

ImportStatus = Literal["validating", "validated", "invalid"]
LineStatus = Literal[
    "waiting", "running", "succeeded", "partially_succeeded", "failed", "cancelled"
]
BatchStatus = Literal[
    "queued", "running", "cancelling", "succeeded", "partially_succeeded", "failed", "cancelled"
]


@dataclass(frozen=True, slots=True)
class RowError:
    """What is wrong in a table: the spreadsheet's row number (the header is 1) and the column.

    Attributes:
        row: None where it is about the table as a whole.
        column: The column's header, or the member that is missing; None for a whole row.
    """

    row: int | None
    column: str | None
    code: str
    detail: str


@dataclass(frozen=True, slots=True)
class Totals:
    """What the rows of an import come to.

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
        """Rows of the table."""
        return self.valid + self.faulty


@dataclass(frozen=True, slots=True)
class BatchImport:
    """A table of orders and what its check found.

    Attributes:
        source: Key of the table's bytes.
        delimiter: As given, then as found.
        mapping: Header -> member, for headers that are not members' names.
        defaults: Part of a job body that lies under each row.
        ignored: Headers that name no member.
        errors: The first of all that is wrong; ``invalid`` imports have exactly one.
        batch_id: The batch that it became.
        kept: Whether a schedule runs it: record and files then stay for good.
    """

    tenant: str
    import_id: str
    name: str | None
    source: str
    created_at: datetime
    created_by: str
    status: ImportStatus = "validating"
    delimiter: str | None = None
    mapping: Mapping[str, str] = field(default_factory=dict)
    defaults: Mapping[str, object] = field(default_factory=dict)
    totals: Totals = Totals()
    ignored: tuple[str, ...] = ()
    errors: tuple[RowError, ...] = ()
    batch_id: str | None = None
    kept: bool = False

    def key(self, name: str) -> str:
        """Key of one of the import's files; only those in ``kept`` outlive the bucket's rule."""
        place = "kept" if self.kept else "imports"
        return f"{place}/{self.tenant}/{self.import_id}/{name}"


@dataclass(frozen=True, slots=True)
class LineCounts:
    """How many lines of a batch are in each state; always equal to the rows they count."""

    running: int = 0
    succeeded: int = 0
    partially_succeeded: int = 0
    failed: int = 0
    cancelled: int = 0

    @property
    def ended(self) -> int:
        """Lines that need no more work, however they ended."""
        return self.succeeded + self.partially_succeeded + self.failed + self.cancelled


@dataclass(frozen=True, slots=True)
class Batch:
    """The jobs of an import and how far they are.

    Attributes:
        total: Lines, which are the import's valid rows.
        concurrency: How many lines are worked on at once; as many lane files has a run.
        estimate, unpriced: As in ``Totals``.
        run: 1, then one more for each redrive.
        schedule_id: The schedule that started it; only such an import becomes many batches.
        stopped: Whether somebody cancelled the run.
        dropped: Whether somebody cancelled a run before it: lines not started then never start.
        lines: Lines by their state; those that have not started are in none.
        images: Images of lines that have ended, by how they ended; ``total`` is of all lines.
        cost: Micro-dollars of ended lines with a known amount.
        unknown_costs: Paid calls of ended lines without a known amount.
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
    lines: LineCounts = LineCounts()
    cost: int = 0
    unknown_costs: int = 0

    @property
    def waiting(self) -> int:
        """Lines that have not started and still may."""
        return 0 if self._settled else self._unstarted

    @property
    def cancelled(self) -> int:
        """Lines that ended cancelled, and those that a cancel lets never start."""
        return self.lines.cancelled + self._unstarted - self.waiting

    @property
    def _unstarted(self) -> int:
        return self.total - self.lines.running - self.lines.ended

    @property
    def _settled(self) -> bool:
        """Whether no line that has not started ever will."""
        return self.dropped or (self.stopped and self.finished_at is not None)

    @property
    def status(self) -> BatchStatus:
        """How the batch stands; from its counters, so that it cannot differ from them."""
        if self.finished_at is None:
            if self.stopped:
                return "cancelling"
            return "queued" if self._unstarted == self.total else "running"
        if self.lines.running:
            # One of its jobs was redriven by itself.
            return "running"
        if self.stopped:
            return "cancelled"
        if self.lines.succeeded == self.total:
            return "succeeded"
        made = self.lines.succeeded + self.lines.partially_succeeded
        return "partially_succeeded" if made else "failed"

    @property
    def percent(self) -> int:
        """Share of lines that need no more work."""
        return 100 * (self.total - self.lines.running - self.waiting) // self.total

    def key(self, name: str) -> str:
        """Key of one of the batch's files."""
        return f"batches/{self.tenant}/{self.batch_id}/{name}"


@dataclass(frozen=True, slots=True)
class BatchRow:
    """One line of a batch that was started once.

    Attributes:
        number: The row of the table.
        job_id: None where no job could be made of it.
        images, cost, unknown_costs: Of its job, once that has ended.
    """

    number: int
    status: LineStatus
    job_id: str | None = None
    images: Counts | None = None
    cost: int = 0
    unknown_costs: int = 0
    error_code: str | None = None
    error_message: str | None = None


def execution_name(batch_id: str, run: int) -> str:
    """Name of the Step Functions execution of a run, so a repeat cannot run twice."""
    return batch_id if run == 1 else f"{batch_id}-run{run}"
