"""RedriveBatch: start a new run over the rows that failed or never started."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from studio.clock import Clock
from studio.domain.batches.manifest import LINES, ManifestEntry, entries_of
from studio.domain.batches.model import Batch
from studio.errors import StateConflictError
from studio.ports.batches import BatchStore, BatchWorkflow
from studio.ports.blobs import BlobStore
from studio.ports.jobs import Idempotency, JobStore, Replayed
from studio.services.batches.iter_rows import iter_rows
from studio.services.batches.submit_import import start_batch, write_lanes
from studio.services.jobs.key_use import KEY_KEPT, KeyUse

_ENDED_WELL = ("succeeded", "cancelled")


@dataclass(frozen=True, slots=True)
class RedriveBatch:
    """The service behind POST /v1/batches/{id}/redrive; attributes as in ``SubmitImport``."""

    batches: BatchStore
    jobs: JobStore
    blobs: BlobStore
    workflow: BatchWorkflow | None
    now: Clock
    answer: Callable[[Batch], str]

    def run(self, tenant: str, batch_id: str, key: KeyUse) -> Batch | Replayed:
        """Run the rows again that did not succeed; of a job, only its failed images.

        Rows that a cancelled batch never started do not run.

        Returns:
            The batch in its new run; the first answer if the key was used before for the same
            body.

        Raises:
            NotFoundError: the tenant has no such batch.
            StateConflictError: it has not ended, or none of its rows failed.
            IdempotencyKeyReusedError: the key was used before for another body.
            WriteConflictError: other requests write the same records; nothing was written.
        """
        at = self.now()
        batch = self.batches.get(tenant, batch_id)
        replayed = self.jobs.check_idempotency_key(tenant, key.scope, key.key, key.body_hash, at)
        if replayed is not None:
            return replayed
        if batch.finished_at is None or batch.rows.running:
            raise StateConflictError(f"the batch has not ended: {batch.status}")
        dropped = batch.stopped or batch.dropped
        entries = self._to_run(batch, dropped=dropped)
        if not entries:
            raise StateConflictError("no row of the batch is to be run again")
        reopened = _reopened(batch, min(batch.concurrency, len(entries)), dropped=dropped)
        write_lanes(self.blobs, reopened, entries)
        idempotency = Idempotency(
            tenant, key.scope, key.key, key.body_hash, self.answer(reopened), at + KEY_KEPT
        )
        replayed = self.batches.redrive(batch, reopened.concurrency, idempotency, at)
        if replayed is not None:
            return replayed
        if self.workflow is not None:
            start_batch(self.workflow, reopened)
        return reopened

    def _to_run(self, batch: Batch, *, dropped: bool) -> list[ManifestEntry]:
        """Return the rows that did not end well; ``dropped`` leaves out those never started."""
        statuses = {
            row.number: row.status
            for row in iter_rows(self.batches, batch.tenant, batch.batch_id)
            if row.status != "waiting"
        }
        unstarted = "cancelled" if dropped else "waiting"
        return [
            place
            for place in entries_of(self.blobs.read(batch.key(LINES))[0])
            if statuses.get(place.row, unstarted) not in _ENDED_WELL
        ]


def _reopened(batch: Batch, lanes: int, *, dropped: bool) -> Batch:
    """Return a batch in its next run."""
    return replace(
        batch,
        run=batch.run + 1,
        concurrency=lanes,
        stopped=False,
        dropped=dropped,
        finished_at=None,
    )
