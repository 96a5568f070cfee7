"""Redrive a batch: a new run over the lines that failed or never started."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from studio.clock import Clock
from studio.domain.batches.manifest import LINES, places_of
from studio.domain.batches.model import Batch
from studio.errors import StateConflictError
from studio.ports.batches import BatchStore, BatchWorkflow
from studio.ports.blobs import BlobStore
from studio.ports.jobs import Idempotency, JobStore, Replayed
from studio.services.batches.iter_lines import iter_rows
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
        """Run the lines again that did not succeed; of a job, only its failed images.

        Lines that a cancelled batch never started stay so.

        Returns:
            The batch in its new run; the first answer if the key was used before for the same
            body.

        Raises:
            NotFoundError: the tenant has no such batch.
            StateConflictError: it has not ended, or nothing of it failed.
            IdempotencyKeyReusedError: the key was used before for another body.
            WriteConflictError: other requests write the same records; nothing was written.
        """
        at = self.now()
        batch = self.batches.get(tenant, batch_id)
        replayed = self.jobs.check_idempotency_key(tenant, key.scope, key.key, key.body_hash, at)
        if replayed is not None:
            return replayed
        if batch.finished_at is None or batch.lines.running:
            raise StateConflictError(f"the batch has not ended: {batch.status}")
        started = {
            line.number: line.status
            for line in iter_rows(self.batches, tenant, batch_id)
            if line.status != "waiting"
        }
        dropped = batch.stopped or batch.dropped
        places = [
            place
            for place in places_of(self.blobs.read(batch.key(LINES))[0])
            if started.get(place.line, "cancelled" if dropped else "waiting") not in _ENDED_WELL
        ]
        if not places:
            raise StateConflictError("no line of the batch is to be run again")
        lanes = min(batch.concurrency, len(places))
        reopened = replace(
            batch,
            run=batch.run + 1,
            concurrency=lanes,
            stopped=False,
            dropped=dropped,
            finished_at=None,
        )
        write_lanes(self.blobs, reopened, places)
        idempotency = Idempotency(
            tenant, key.scope, key.key, key.body_hash, self.answer(reopened), at + KEY_KEPT
        )
        replayed = self.batches.redrive(batch, lanes, idempotency, at)
        if replayed is not None:
            return replayed
        if self.workflow is not None:
            start_batch(self.workflow, reopened)
        return reopened
