"""SubmitImport: turn the valid rows of an import into a batch, in one transaction with the key.

The files are written first, because the sweeper may start a batch as soon as it exists.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from studio.clock import Clock
from studio.domain.batches.manifest import (
    JSON_LINES,
    LINES,
    MANIFEST,
    ManifestEntry,
    entries_of,
    entries_text,
    lane_name,
    lanes,
)
from studio.domain.batches.model import Batch, BatchImport
from studio.domain.jobs.model import NO_DEFAULTS, Counts, OrderDefaults
from studio.domain.ledger.model import budget_month
from studio.errors import (
    BudgetExceededError,
    CostUnknownError,
    FieldError,
    MaxCostExceededError,
    StateConflictError,
    UnavailableError,
)
from studio.ids import new_id
from studio.money import format_usd
from studio.ports.batches import BatchStore, BatchWorkflow, ImportStore
from studio.ports.blobs import BlobStore
from studio.ports.jobs import Idempotency, JobStore, Replayed
from studio.ports.ledger import LedgerStore
from studio.services.jobs.key_use import KEY_KEPT, KeyUse

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Submission:
    """The settings of a batch.

    Attributes:
        concurrency: Rows that run at once, from 1.
        max_cost: Limit of the estimate in micro-dollars, None for no limit.
        schedule_id: The schedule that submits the import, again at each of its runs.
    """

    name: str | None = None
    concurrency: int = 1
    max_cost: int | None = None
    notify_email: str | None = None
    schedule_id: str | None = None


@dataclass(frozen=True, slots=True)
class SubmitImport:
    """The service behind POST /v1/batch-imports/{id}/submit.

    Attributes:
        workflow: None if the caller starts the execution itself.
        monthly_limit, answer: As in ``CreateJob``.
        defaults: Returns what the stored settings of a tenant give orders. The batch keeps it.
    """

    imports: ImportStore
    batches: BatchStore
    jobs: JobStore
    ledger: LedgerStore
    blobs: BlobStore
    workflow: BatchWorkflow | None
    now: Clock
    monthly_limit: int | None
    answer: Callable[[Batch], str]
    defaults: Callable[[str], OrderDefaults] = lambda _: NO_DEFAULTS

    def run(
        self, tenant: str, import_id: str, submission: Submission, key: KeyUse, created_by: str
    ) -> Batch | Replayed:
        """Create the batch of an import and return it.

        The month's limit is checked and not reserved. Each job reserves its own money before it
        starts. So other spending may make the limit refuse single rows later.

        Returns:
            The new batch; the first answer if the key was used before for the same body.

        Raises:
            NotFoundError: the tenant has no such import.
            StateConflictError: it is not checked yet, has no valid row, or was submitted.
            MaxCostExceededError, CostUnknownError, BudgetExceededError: a limit forbids it.
            IdempotencyKeyReusedError: the key was used before for another body.
            WriteConflictError: other requests write the same records; nothing was written.
        """
        at = self.now()
        value = self.imports.get(tenant, import_id)
        replayed = self.jobs.check_idempotency_key(tenant, key.scope, key.key, key.body_hash, at)
        if replayed is not None:
            return replayed
        _check_state(value, submission)
        self._check_limits(value, submission, budget_month(at))
        entries = entries_of(self.blobs.read(value.key(LINES))[0])
        batch = _new_batch(value, submission, len(entries), created_by, at)
        batch = replace(batch, defaults=self.defaults(tenant))
        self._write_files(value, batch, entries)
        replayed = self.batches.create(batch, self._idempotency(batch, key))
        if replayed is not None:
            return replayed
        if self.workflow is not None:
            start_batch(self.workflow, batch)
        return batch

    def _write_files(self, value: BatchImport, batch: Batch, entries: list[ManifestEntry]) -> None:
        """Copy the files of an import to its batch, and write the lanes of the first run."""
        for name in (MANIFEST, LINES):
            self.blobs.copy(value.key(name), batch.key(name))
        write_lanes(self.blobs, batch, entries)

    def _idempotency(self, batch: Batch, key: KeyUse) -> Idempotency:
        """Return the caller's key with the answer for the new batch."""
        answer, expires_at = self.answer(batch), batch.created_at + KEY_KEPT
        return Idempotency(batch.tenant, key.scope, key.key, key.body_hash, answer, expires_at)

    def _check_limits(self, value: BatchImport, submission: Submission, month: str) -> None:
        totals = value.totals
        if totals.unpriced and (submission.max_cost is not None or self.monthly_limit is not None):
            raise CostUnknownError(
                f"{totals.unpriced} of {totals.images} images have no known price, "
                "so no cost limit can be kept"
            )
        if submission.max_cost is not None and totals.estimate > submission.max_cost:
            detail = (
                f"the estimate of {format_usd(totals.estimate)} USD is above "
                f"max_cost {format_usd(submission.max_cost)} USD"
            )
            raise MaxCostExceededError(FieldError("/max_cost", MaxCostExceededError.code, detail))
        if self.monthly_limit is not None:
            committed = self.ledger.committed(value.tenant, month)
            if committed + totals.estimate > self.monthly_limit:
                raise BudgetExceededError(
                    limit=self.monthly_limit, committed=committed, requested=totals.estimate
                )


def _new_batch(
    value: BatchImport, submission: Submission, total: int, created_by: str, at: datetime
) -> Batch:
    """Return the batch of an import's ``total`` valid rows."""
    return Batch(
        tenant=value.tenant,
        batch_id=new_id("bat", at),
        import_id=value.import_id,
        name=submission.name or value.name,
        created_at=at,
        created_by=created_by,
        total=total,
        images=Counts(value.totals.images),
        estimate=value.totals.estimate,
        unpriced=value.totals.unpriced,
        concurrency=min(submission.concurrency, total),
        notify_email=submission.notify_email,
        schedule_id=submission.schedule_id,
    )


def write_lanes(blobs: BlobStore, batch: Batch, entries: list[ManifestEntry]) -> None:
    """Write the lane files of the batch's run."""
    for number, lane in enumerate(lanes(entries, batch.concurrency)):
        blobs.write(batch.key(lane_name(batch.run, number)), entries_text(lane), JSON_LINES)


def start_batch(workflow: BatchWorkflow, batch: Batch) -> None:
    """Start the execution of a queued run; if that fails, the sweeper starts it later."""
    try:
        workflow.start(batch)
    except UnavailableError:
        logger.warning("batch %s stays queued until the sweeper starts it", batch.batch_id)


def resume_batch(batches: BatchStore, workflow: BatchWorkflow, tenant: str, batch_id: str) -> None:
    """Start the execution of a batch whose first request did not start it."""
    batch = batches.get(tenant, batch_id)
    if batch.status == "queued":
        start_batch(workflow, batch)


def _check_state(value: BatchImport, submission: Submission) -> None:
    if value.status != "validated":
        raise StateConflictError(f"the import is {value.status}")
    if value.batch_id is not None and submission.schedule_id is None:
        raise StateConflictError(f"the import was submitted already, as {value.batch_id}")
    if not value.totals.valid:
        raise StateConflictError("the import has no valid row")
