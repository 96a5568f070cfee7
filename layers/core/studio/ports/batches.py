"""Ports of imports and batches: their stores and the workflow of batches."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple, Protocol

from studio.domain.batches.model import Batch, BatchImport, BatchRow
from studio.ports.jobs import ExecutionState, Idempotency, Replayed


class ImportPage(NamedTuple):
    """One page of imports, newest first; ``next_after`` is the id to continue behind."""

    imports: Sequence[BatchImport]
    next_after: str | None


class BatchPage(NamedTuple):
    """One page of batches, newest first; ``next_after`` as in ``ImportPage``."""

    batches: Sequence[Batch]
    next_after: str | None


class RowPage(NamedTuple):
    """One page of rows in their order; ``next_after`` is the number to continue behind."""

    rows: Sequence[BatchRow]
    next_after: int | None


class ImportStore(Protocol):
    """Imports; one is marked as submitted by ``BatchStore.create``."""

    def put(self, value: BatchImport) -> None:
        """Write a new import."""
        ...

    def get(self, tenant: str, import_id: str) -> BatchImport:
        """Return an import.

        Raises:
            NotFoundError: the tenant has no such import.
        """
        ...

    def page(self, tenant: str, limit: int, after: str | None) -> ImportPage:
        """Return imports of a tenant, newest first."""
        ...

    def finish(self, value: BatchImport) -> bool:
        """Write the result of the check; return False if another check has ended before."""
        ...

    def keep(self, value: BatchImport) -> bool:
        """Keep a checked import from expiring; return False if it is gone."""
        ...


class BatchStore(Protocol):
    """Batches and their rows. The jobs' own transactions move rows that have a job."""

    def create(self, batch: Batch, idempotency: Idempotency) -> Replayed | None:
        """Write a new batch, the caller's key and the import's mark in one transaction.

        Returns:
            None once all is written; the first answer if the key was used before for this body.

        Raises:
            IdempotencyKeyReusedError: the key was used before for another body.
            WriteConflictError: other requests write the same records; nothing was written.
            StateConflictError: the import was submitted before.
        """
        ...

    def get(self, tenant: str, batch_id: str) -> Batch:
        """Return a batch.

        Raises:
            NotFoundError: the tenant has no such batch.
        """
        ...

    def page(self, tenant: str, limit: int, after: str | None) -> BatchPage:
        """Return batches of a tenant, newest first."""
        ...

    def row(self, tenant: str, batch_id: str, number: int) -> BatchRow | None:
        """Return a row, None for one that never started."""
        ...

    def rows(self, tenant: str, batch_id: str, limit: int, after: int | None) -> RowPage:
        """Return rows that have started, in their order."""
        ...

    def refuse(self, batch: Batch, number: int, code: str, message: str) -> bool:
        """Record a row without a job; return False if the row has changed or has a record."""
        ...

    def reopen(self, batch: Batch, number: int) -> bool:
        """Set a refused row back to waiting; return False if it is not refused."""
        ...

    def stop(self, batch: Batch) -> bool:
        """Mark an unfinished run as cancelled; return False if it has ended."""
        ...

    def finish(self, batch: Batch, at: datetime) -> bool:
        """End a run; return False if it has ended or one of its rows is running."""
        ...

    def redrive(
        self, batch: Batch, lanes: int, idempotency: Idempotency, at: datetime
    ) -> Replayed | None:
        """Open the next run of an ended batch, with so many lanes; returns as ``create``.

        The mark ``stopped`` of a batch becomes ``dropped``, which stays.

        Raises:
            IdempotencyKeyReusedError, WriteConflictError: as in ``create``.
            StateConflictError: the batch has changed.
        """
        ...

    def open_batches(
        self, limit: int, after: tuple[str, str] | None = None
    ) -> Sequence[tuple[str, str]]:
        """Return (tenant, batch id) of batches that have not ended, oldest first.

        Args:
            limit: The largest number to return.
            after: The batch to continue behind, None to begin at the first.
        """
        ...


class BatchWorkflow(Protocol):
    """The state machine that runs batches."""

    def start(self, batch: Batch) -> None:
        """Start the execution of the batch's run; a second start changes nothing.

        Raises:
            UnavailableError: the state machine did not start it.
        """
        ...

    def state(self, name: str) -> ExecutionState:
        """Return whether an execution is running, has ended, or does not exist."""
        ...
