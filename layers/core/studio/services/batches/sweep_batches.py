"""SweepBatches: start or end batches that lost their start or their end."""

import logging
from dataclasses import dataclass
from datetime import timedelta

from studio.clock import Clock
from studio.domain.batches.model import execution_name
from studio.ports.batches import BatchStore, BatchWorkflow
from studio.ports.functions import FunctionInvoker
from studio.services.batches.submit_import import start_batch
from studio.services.jobs.iter_open import iter_open
from studio.services.jobs.sweep_jobs import Swept

logger = logging.getLogger(__name__)

_GRACE = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class SweepBatches:
    """Runs in the function sweep_jobs after the jobs, because a batch ends after its jobs."""

    batches: BatchStore
    workflow: BatchWorkflow
    finish_batch: FunctionInvoker
    now: Clock

    def run(self) -> Swept:
        """Start queued batches without an execution; end batches whose execution is over."""
        swept: Swept = {"started": 0, "finished": 0, "failed": 0}
        for tenant, batch_id in iter_open(self.batches.open_batches, self.now):
            try:
                self._sweep(tenant, batch_id, swept)
            except Exception:
                # One batch that fails must not stop the others.
                logger.exception("batch %s could not be swept", batch_id)
                swept["failed"] += 1
        return swept

    def _sweep(self, tenant: str, batch_id: str, swept: Swept) -> None:
        batch = self.batches.get(tenant, batch_id)
        if batch.finished_at is not None or self.now() - batch.created_at < _GRACE:
            return
        state = self.workflow.state(execution_name(batch_id, batch.run))
        if state == "absent":
            start_batch(self.workflow, batch)
            swept["started"] += 1
        elif state == "ended":
            self.finish_batch.send({"tenant": tenant, "batch_id": batch_id, "run": batch.run})
            swept["finished"] += 1
