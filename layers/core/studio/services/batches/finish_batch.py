"""FinishBatch: end a run of a batch and announce it."""

from dataclasses import dataclass
from datetime import datetime

from studio.clock import Clock, rfc3339
from studio.domain.batches.model import Batch, BatchStatus
from studio.money import format_usd
from studio.ports.batches import BatchStore
from studio.ports.events import EventSink


@dataclass(frozen=True, slots=True)
class FinishBatch:
    """The service behind the state FinishBatch, failed executions and the sweeper."""

    batches: BatchStore
    events: EventSink
    now: Clock

    def run(self, tenant: str, batch_id: str, run: int) -> BatchStatus:
        """End the run if it has not ended, and announce it at least once.

        A run with a running job is left to the sweeper. Rows that never started are left to a
        redrive.
        """
        batch = self.batches.get(tenant, batch_id)
        if batch.run != run:
            return batch.status
        if batch.finished_at is None:
            self.batches.finish(batch, self.now())
            batch = self.batches.get(tenant, batch_id)
        # One of its jobs may have been redriven alone since: that is no end of the batch.
        if batch.finished_at is not None and batch.run == run and not batch.rows.running:
            self._announce(batch, batch.finished_at)
        return batch.status

    def _announce(self, batch: Batch, finished_at: datetime) -> None:
        rows, images = batch.rows, batch.images
        self.events.emit(
            f"batch.{batch.status}",
            f"evt_{batch.batch_id}_{batch.run}",
            {
                "account_id": batch.tenant,
                "batch_id": batch.batch_id,
                "run": batch.run,
                "status": batch.status,
                "total": batch.total,
                "waiting": batch.waiting,
                "succeeded": rows.succeeded,
                "partially_succeeded": rows.partially_succeeded,
                "failed": rows.failed,
                "cancelled": batch.cancelled,
                "images": images.total,
                "images_succeeded": images.succeeded,
                "cost": format_usd(batch.cost),
                "unknown_costs": batch.unknown_costs,
                "finished_at": rfc3339(finished_at),
                "name": batch.name,
                "notify_email": batch.notify_email,
            },
        )
