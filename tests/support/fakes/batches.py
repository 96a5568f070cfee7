"""ImportStore, BatchStore and what surrounds them in memory.

What a job's own moves do to its row is here too: ``fakes.stores`` calls it in each.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, cast

from studio.domain.batches.model import (
    Batch,
    BatchImport,
    BatchRow,
    RowCounts,
    RowStatus,
    execution_name,
)
from studio.domain.jobs.model import Counts, Job, JobStatus
from studio.errors import (
    IdempotencyKeyReusedError,
    NotFoundError,
    StateConflictError,
    UnavailableError,
)
from studio.ports.batches import BatchPage, ImportPage, RowPage
from studio.ports.jobs import ExecutionState, Idempotency, Replayed

if TYPE_CHECKING:
    from tests.support.fakes.stores import Memory

Key = tuple[str, str]
_IMAGES = ("succeeded", "failed", "skipped", "cancelled", "unknown")


@dataclass
class Batches:
    """Batches and their rows, beside the jobs in the same memory."""

    batches: dict[Key, Batch] = field(default_factory=dict)
    rows: dict[Key, dict[int, BatchRow]] = field(default_factory=dict)

    def begin_row(self, job: Job) -> None:
        """Check and write what a new job does to its batch."""
        place = _place(job)
        if place is None:
            return
        key, number = place
        batch, row = self.batches[key], self.rows[key].get(number)
        if batch.finished_at is not None or batch.stopped:
            raise StateConflictError("the batch takes no row now")
        if row is not None and row.status != "waiting":
            raise StateConflictError("the row has started")
        self.rows[key][number] = BatchRow(number, "running", job.job_id)
        self.count(key, running=1)

    def end_row(self, job: Job, status: JobStatus) -> None:
        """Write what the end of a job does to its batch."""
        place = _place(job)
        if place is None:
            return
        key, number = place
        ended = replace(
            self.rows[key][number],
            status=cast("RowStatus", status),
            images=job.counts,
            cost=job.cost,
            unknown_costs=job.unknown_costs,
        )
        self.rows[key][number] = ended
        self.count(key, running=-1, **{status: 1})
        self._sum(key, job, 1)

    def reopen_row(self, job: Job) -> None:
        """Write what a new run of an ended job does to its batch."""
        place = _place(job)
        if place is None:
            return
        key, number = place
        batch = self.batches[key]
        if batch.stopped and batch.finished_at is None:
            raise StateConflictError("the batch is being cancelled")
        self.rows[key][number] = BatchRow(number, "running", job.job_id)
        self.count(key, running=1, **{job.status: -1})
        self._sum(key, job, -1)

    def count(self, key: Key, **changes: int) -> None:
        """Change the counters of a batch's rows."""
        batch = self.batches[key]
        now = {name: getattr(batch.rows, name) + by for name, by in changes.items()}
        self.batches[key] = replace(batch, rows=replace(batch.rows, **now))

    def _sum(self, key: Key, job: Job, sign: int) -> None:
        batch = self.batches[key]
        images = {
            name: getattr(batch.images, name) + sign * getattr(job.counts, name) for name in _IMAGES
        }
        self.batches[key] = replace(
            batch,
            images=Counts(batch.images.total, **images),
            cost=batch.cost + sign * job.cost,
            unknown_costs=batch.unknown_costs + sign * job.unknown_costs,
        )


@dataclass
class FakeImportStore:
    """ImportStore."""

    imports: dict[Key, BatchImport] = field(default_factory=dict)

    def put(self, value: BatchImport) -> None:
        assert (value.tenant, value.import_id) not in self.imports
        self.imports[value.tenant, value.import_id] = value

    def get(self, tenant: str, import_id: str) -> BatchImport:
        if (tenant, import_id) not in self.imports:
            raise NotFoundError(import_id)
        return self.imports[tenant, import_id]

    def page(self, tenant: str, limit: int, after: str | None) -> ImportPage:
        found = [
            value
            for (owner, import_id), value in sorted(
                self.imports.items(), key=lambda pair: pair[0], reverse=True
            )
            if owner == tenant and (after is None or import_id < after)
        ]
        kept = found[:limit]
        return ImportPage(kept, kept[-1].import_id if len(found) > limit else None)

    def finish(self, value: BatchImport) -> bool:
        if self.get(value.tenant, value.import_id).status != "validating":
            return False
        self.imports[value.tenant, value.import_id] = value
        return True

    def keep(self, value: BatchImport) -> bool:
        found = self.imports.get((value.tenant, value.import_id))
        if found is None or found.status != "validated":
            return False
        self.imports[value.tenant, value.import_id] = replace(found, kept=True)
        return True


@dataclass
class FakeBatchStore:
    """BatchStore."""

    memory: "Memory"
    imports: FakeImportStore

    def create(self, batch: Batch, idempotency: Idempotency) -> Replayed | None:
        replayed = self._replayed(idempotency, batch.created_at)
        if replayed is not None:
            return replayed
        key, source = _key(batch), (batch.tenant, batch.import_id)
        value = self.imports.imports.get(source)
        if (
            key in self._all.batches
            or value is None
            or value.status != "validated"
            or (value.batch_id is not None and batch.schedule_id is None)
        ):
            raise StateConflictError("the import was submitted before")
        self.imports.imports[source] = replace(value, batch_id=batch.batch_id)
        self._claim(idempotency)
        fresh = replace(batch, rows=RowCounts(), images=Counts(batch.images.total))
        self._all.batches[key] = fresh
        self._all.rows[key] = {}
        return None

    def get(self, tenant: str, batch_id: str) -> Batch:
        if (tenant, batch_id) not in self._all.batches:
            raise NotFoundError(batch_id)
        return self._all.batches[tenant, batch_id]

    def page(self, tenant: str, limit: int, after: str | None) -> BatchPage:
        keys = sorted(self._all.batches, reverse=True)
        found = [
            self._all.batches[key]
            for key in keys
            if key[0] == tenant and (after is None or key[1] < after)
        ]
        kept = found[:limit]
        return BatchPage(kept, kept[-1].batch_id if len(found) > limit else None)

    def row(self, tenant: str, batch_id: str, number: int) -> BatchRow | None:
        return self._all.rows.get((tenant, batch_id), {}).get(number)

    def rows(self, tenant: str, batch_id: str, limit: int, after: int | None) -> RowPage:
        rows = self._all.rows.get((tenant, batch_id), {})
        found = [rows[number] for number in sorted(rows) if after is None or number > after]
        kept = found[:limit]
        return RowPage(kept, kept[-1].number if len(found) > limit else None)

    def refuse(self, batch: Batch, number: int, code: str, message: str) -> bool:
        row = self.row(batch.tenant, batch.batch_id, number)
        if not self._open(batch) or (row is not None and row.status != "waiting"):
            return False
        refused = BatchRow(number, "failed", error_code=code, error_message=message)
        self._all.rows[_key(batch)][number] = refused
        self._all.count(_key(batch), failed=1)
        return True

    def reopen(self, batch: Batch, number: int) -> bool:
        row = self.row(batch.tenant, batch.batch_id, number)
        if not self._open(batch) or row is None or row.status != "failed" or row.job_id:
            return False
        self._all.rows[_key(batch)][number] = BatchRow(number, "waiting")
        self._all.count(_key(batch), failed=-1)
        return True

    def stop(self, batch: Batch) -> bool:
        if not self._open(batch):
            return False
        self._change(batch, stopped=True)
        return True

    def finish(self, batch: Batch, at: datetime) -> bool:
        if not self._open(batch) or self._all.batches[_key(batch)].rows.running:
            return False
        self._change(batch, finished_at=at)
        return True

    def redrive(
        self, batch: Batch, lanes: int, idempotency: Idempotency, at: datetime
    ) -> Replayed | None:
        replayed = self._replayed(idempotency, at)
        if replayed is not None:
            return replayed
        row = self._all.batches[_key(batch)]
        if row.finished_at is None or row.run != batch.run:
            raise StateConflictError("the batch moved meanwhile")
        self._claim(idempotency)
        self._change(
            batch,
            run=batch.run + 1,
            concurrency=lanes,
            finished_at=None,
            stopped=False,
            dropped=row.stopped or row.dropped,
        )
        return None

    def open_batches(self, limit: int, after: Key | None = None) -> Sequence[Key]:
        keys = [key for key, batch in self._all.batches.items() if batch.finished_at is None]
        found = [key for key in keys if after is None or key[1] > after[1]]
        return sorted(found, key=lambda key: key[1])[:limit]

    @property
    def _all(self) -> Batches:
        return self.memory.batches

    def _open(self, batch: Batch) -> bool:
        row = self._all.batches[_key(batch)]
        return row.finished_at is None and row.run == batch.run

    def _change(self, batch: Batch, **changes: object) -> None:
        row = self._all.batches[_key(batch)]
        self._all.batches[_key(batch)] = replace(row, **changes)  # type: ignore[arg-type]

    def _replayed(self, idempotency: Idempotency, at: datetime) -> Replayed | None:
        found = self.memory.keys.get((idempotency.tenant, idempotency.scope, idempotency.key))
        if found is None or found.expires_at < at:
            return None
        if found.body_hash != idempotency.body_hash:
            raise IdempotencyKeyReusedError(found.key)
        return Replayed(found.answer)

    def _claim(self, idempotency: Idempotency) -> None:
        key = (idempotency.tenant, idempotency.scope, idempotency.key)
        self.memory.keys[key] = idempotency


@dataclass
class FakeBatchWorkflow:
    """BatchWorkflow: remembers which runs were started; ``ended`` names those that are over."""

    started: dict[str, Batch] = field(default_factory=dict)
    ended: set[str] = field(default_factory=set)
    available: bool = True

    def start(self, batch: Batch) -> None:
        if not self.available:
            raise UnavailableError(batch.batch_id)
        self.started.setdefault(execution_name(batch.batch_id, batch.run), batch)

    def state(self, name: str) -> ExecutionState:
        if name not in self.started:
            return "absent"
        return "ended" if name in self.ended else "running"


def _key(batch: Batch) -> Key:
    return batch.tenant, batch.batch_id


def _place(job: Job) -> tuple[Key, int] | None:
    origin = job.origin
    if origin.batch_id is None or origin.batch_line is None:
        return None
    return (job.tenant, origin.batch_id), origin.batch_line
