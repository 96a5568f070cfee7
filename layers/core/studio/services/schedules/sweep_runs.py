"""SweepRuns: end runs of schedules whose function died on every try.

A repeated try of a run moves the time after which it counts as lost. So the sweep never ends a
run at which a function works.
"""

import logging
from dataclasses import dataclass, replace
from functools import partial

from studio.clock import Clock
from studio.domain.ledger.model import budget_month
from studio.domain.orders.faults import ORDER_FAULT_CODE
from studio.domain.schedules.model import Run
from studio.ids import is_id
from studio.ports.jobs import JobStore
from studio.ports.schedules import ScheduleStore
from studio.services.jobs.iter_open import iter_open
from studio.services.jobs.sweep_jobs import Swept

logger = logging.getLogger(__name__)

_LOST = (
    "The function that starts the run failed, was killed or ran out of time on every try; "
    "it ordered nothing, and its log has the error."
)


@dataclass(frozen=True, slots=True)
class SweepRuns:
    """Runs in the function sweep_jobs, which also starts the jobs and batches of these runs."""

    schedules: ScheduleStore
    jobs: JobStore
    now: Clock

    def run(self) -> Swept:
        """End each lost run: as started if it has ordered its job or batch, else as failed."""
        swept: Swept = {"started": 0, "finished": 0, "failed": 0}
        for run in iter_open(partial(self.schedules.lost_runs, self.now()), self.now):
            try:
                self._end(run)
                swept["finished"] += 1
            except Exception:
                # One run that fails must not stop the others.
                logger.exception("schedule %s at %s: not swept", run.schedule_id, run.name)
                swept["failed"] += 1
        return swept

    def _end(self, run: Run) -> None:
        ordered = self.jobs.check_idempotency_key(
            run.tenant, run.order_scope, run.name, run.name, self.now()
        )
        if ordered is None:
            ended = replace(run, outcome="failed", code=ORDER_FAULT_CODE, message=_LOST)
        elif is_id("bat", ordered.answer):
            ended = replace(run, outcome="started", batch_id=ordered.answer)
        else:
            ended = replace(run, outcome="started", job_id=ordered.answer)
        done = self.schedules.finish(ended, budget_month(run.at), lost_at=run.until)
        logger.warning("schedule %s at %s was lost: %s", run.schedule_id, run.name, done.outcome)
