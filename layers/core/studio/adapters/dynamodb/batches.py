"""BatchStore on DynamoDB. ``batch_actions`` has the keys and the writes of rows with a job.

Access patterns: a batch, a row = one GetItem; a tenant's batches, a batch's rows = one Query
per page; batches not ended = one Query of Open.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from studio.adapters.dynamodb import batch_actions
from studio.adapters.dynamodb import batch_records as records
from studio.adapters.dynamodb.base import decode, encode, query, read, write
from studio.adapters.dynamodb.job_transactions import claim_key, replay
from studio.adapters.dynamodb.writes import RETRY, WriteRetry, transact, write_if
from studio.clock import rfc3339
from studio.domain.batches.model import Batch, BatchRow
from studio.errors import NotFoundError, StateConflictError
from studio.ports.batches import BatchPage, RowPage
from studio.ports.jobs import Idempotency, Replayed

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


@dataclass(frozen=True, slots=True)
class DynamoBatchStore:
    """Batches and rows of the Jobs table; the table ``catalog`` has their imports."""

    client: "DynamoDBClient"
    table: str
    catalog: str = ""
    retry: WriteRetry = RETRY

    def create(self, batch: Batch, idempotency: Idempotency) -> Replayed | None:
        """Write a new batch with the caller's key, and mark its import."""
        from studio.adapters.dynamodb.imports import import_key

        record = records.batch_record(batch)
        put = write(
            self.table,
            batch_actions.batch_key(batch.tenant, batch.batch_id),
            put=record,
            condition="attribute_not_exists(pk)",
        )
        condition = "#status = :validated AND attribute_not_exists(#batch_id)"
        if batch.schedule_id:
            condition = "#status = :validated"
        marked = write(
            self.catalog,
            import_key(batch.tenant, batch.import_id),
            condition=condition,
            values={"validated": "validated"},
            sets={"batch_id": batch.batch_id},
        )
        claim = claim_key(self.table, idempotency, batch.created_at)
        return self._submit([claim, {"Put": put}, {"Update": marked}], idempotency)

    def get(self, tenant: str, batch_id: str) -> Batch:
        """Return a batch."""
        row = read(self.client, self.table, batch_actions.batch_key(tenant, batch_id))
        if row is None:
            raise NotFoundError(f"no batch {batch_id}")
        return records.batch_of(row)

    def page(self, tenant: str, limit: int, after: str | None) -> BatchPage:
        """Return batches of a tenant, newest first."""
        rows = query(
            self.client,
            self.table,
            f"{tenant}#BATCHES",
            limit=limit + 1,
            after=after,
            newest_first=True,
        )
        batches = [records.batch_of(row) for row in rows[:limit]]
        return BatchPage(batches, batches[-1].batch_id if len(rows) > limit else None)

    def row(self, tenant: str, batch_id: str, number: int) -> BatchRow | None:
        """Return a row."""
        found = read(self.client, self.table, batch_actions.row_key(tenant, batch_id, number))
        return None if found is None else records.row_of(found)

    def rows(self, tenant: str, batch_id: str, limit: int, after: int | None) -> RowPage:
        """Return rows in their order."""
        start = None if after is None else batch_actions.row_key(tenant, batch_id, after)["sk"]
        found = query(self.client, self.table, f"{tenant}#{batch_id}", limit=limit + 1, after=start)
        rows = [records.row_of(record) for record in found[:limit]]
        return RowPage(rows, rows[-1].number if len(found) > limit else None)

    def refuse(self, batch: Batch, number: int, code: str, message: str) -> bool:
        """Record a row without a job."""
        failed = write(
            self.table,
            batch_actions.row_key(batch.tenant, batch.batch_id, number),
            put={"status": "failed", "error_code": code, "error_message": message},
            condition="attribute_not_exists(pk) OR #status = :waiting",
            values={"waiting": "waiting"},
        )
        actions = [{"Put": failed}, self._counted(batch, {"lines_failed": 1})]
        return not transact(self.client, actions, self.retry)

    def reopen(self, batch: Batch, number: int) -> bool:
        """Set a refused row back to waiting."""
        waiting = write(
            self.table,
            batch_actions.row_key(batch.tenant, batch.batch_id, number),
            condition="#status = :failed AND attribute_not_exists(#job_id)",
            values={"failed": "failed"},
            sets={"status": "waiting"},
            removes=("error_code", "error_message"),
        )
        actions = [{"Update": waiting}, self._counted(batch, {"lines_failed": -1})]
        return not transact(self.client, actions, self.retry)

    def stop(self, batch: Batch) -> bool:
        """Mark an unfinished run as cancelled."""
        return self._update(
            batch,
            condition="attribute_exists(#open) AND #run = :run",
            values={"run": batch.run},
            sets={"stopped": True},
        )

    def finish(self, batch: Batch, at: datetime) -> bool:
        """End a run."""
        return self._update(
            batch,
            condition="attribute_exists(#open) AND #run = :run AND #lines_running = :none",
            values={"run": batch.run, "none": 0},
            sets={"finished_at": rfc3339(at)},
            removes=("open",),
        )

    def redrive(
        self, batch: Batch, lanes: int, idempotency: Idempotency, at: datetime
    ) -> Replayed | None:
        """Open the next run of an ended batch."""
        sets: dict[str, object] = {
            "run": batch.run + 1,
            "open": batch_actions.OPEN,
            "concurrency": lanes,
        }
        if batch.stopped:
            sets["dropped"] = True
        reopened = write(
            self.table,
            batch_actions.batch_key(batch.tenant, batch.batch_id),
            condition="attribute_not_exists(#open) AND #run = :run",
            values={"run": batch.run},
            sets=sets,
            removes=("finished_at", "stopped"),
        )
        claim = claim_key(self.table, idempotency, at)
        return self._submit([claim, {"Update": reopened}], idempotency)

    def open_batches(
        self, limit: int, after: tuple[str, str] | None = None
    ) -> Sequence[tuple[str, str]]:
        """Return (tenant, batch id) of batches that have not ended, oldest first."""
        start: dict[str, Any] = {}
        if after is not None:
            row = {**batch_actions.batch_key(*after), "open": batch_actions.OPEN}
            start["ExclusiveStartKey"] = encode({**row, "job_id": after[1]})
        answer = self.client.query(
            TableName=self.table,
            IndexName="Open",
            KeyConditionExpression="#open = :batch",
            ExpressionAttributeNames={"#open": "open"},
            ExpressionAttributeValues=encode({":batch": batch_actions.OPEN}),
            Limit=limit,
            **start,
        )
        rows = (decode(row) for row in answer["Items"])
        return [(row["pk"].removesuffix("#BATCHES"), row["sk"]) for row in rows]

    def _counted(self, batch: Batch, adds: dict[str, int]) -> dict[str, Any]:
        key = batch_actions.batch_key(batch.tenant, batch.batch_id)
        condition = "#open = :open AND #run = :run"
        values = {"open": batch_actions.OPEN, "run": batch.run}
        return {"Update": write(self.table, key, condition=condition, values=values, adds=adds)}

    def _update(
        self,
        batch: Batch,
        *,
        condition: str,
        values: dict[str, object],
        sets: dict[str, object],
        removes: tuple[str, ...] = (),
    ) -> bool:
        key = batch_actions.batch_key(batch.tenant, batch.batch_id)
        request = write(
            self.table, key, condition=condition, values=values, sets=sets, removes=removes
        )
        return write_if(self.client.update_item, request, self.retry) is not None

    def _submit(self, actions: list[Any], idempotency: Idempotency) -> Replayed | None:
        """Write a transaction that begins with a caller's key."""
        failed = transact(self.client, actions, self.retry)
        if 0 in failed:
            return replay(failed[0], idempotency.body_hash)
        if failed:
            raise StateConflictError("it has changed; read it again")
        return None
