"""BatchStore on DynamoDB. Keys, and lines with a job: ``batch_actions``.

Access patterns: a batch, a line = one GetItem; a tenant's batches, a batch's lines = one Query
per page; batches not ended = one Query of Open.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from studio.adapters.dynamodb import batch_actions
from studio.adapters.dynamodb import batch_records as records
from studio.adapters.dynamodb.base import (
    Attributes,
    cancellations,
    condition_failed,
    conflicted,
    decode,
    encode,
    failed_at,
    write,
)
from studio.adapters.dynamodb.imports import import_key
from studio.adapters.dynamodb.job_transactions import claim_key
from studio.adapters.dynamodb.jobs import replay
from studio.clock import rfc3339
from studio.domain.batches.model import Batch, BatchRow
from studio.errors import IdempotencyInProgressError, NotFoundError, StateConflictError
from studio.ports import Replayed
from studio.ports.batches import BatchPage, LinePage
from studio.ports.jobs import Idempotency

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_TRIES = 4


@dataclass(frozen=True, slots=True)
class DynamoBatchStore:
    """Batches and lines of the Jobs table; ``catalog`` has the imports they were."""

    client: "DynamoDBClient"
    table: str
    catalog: str = ""

    def create(self, batch: Batch, idempotency: Idempotency) -> Replayed | None:
        """Write a new batch with the caller's key, and mark its import."""
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
        row = self._read(batch_actions.batch_key(tenant, batch_id))
        if row is None:
            raise NotFoundError(f"no batch {batch_id}")
        return records.batch_of(row)

    def page(self, tenant: str, limit: int, after: str | None) -> BatchPage:
        """Return batches of a tenant, newest first."""
        start = None if after is None else batch_actions.batch_key(tenant, after)
        rows = self._query(f"{tenant}#BATCHES", limit, start, forward=False)
        batches = [records.batch_of(row) for row in rows[:limit]]
        return BatchPage(batches, batches[-1].batch_id if len(rows) > limit else None)

    def line(self, tenant: str, batch_id: str, number: int) -> BatchRow | None:
        """Return a line."""
        row = self._read(batch_actions.line_key(tenant, batch_id, number))
        return None if row is None else records.line_of(row)

    def lines(self, tenant: str, batch_id: str, limit: int, after: int | None) -> LinePage:
        """Return lines in their order."""
        start = None if after is None else batch_actions.line_key(tenant, batch_id, after)
        rows = self._query(f"{tenant}#{batch_id}", limit, start, forward=True)
        lines = [records.line_of(row) for row in rows[:limit]]
        return LinePage(lines, lines[-1].number if len(rows) > limit else None)

    def refuse(self, batch: Batch, number: int, code: str, message: str) -> bool:
        """Record a line of which no job could be made."""
        failed = write(
            self.table,
            batch_actions.line_key(batch.tenant, batch.batch_id, number),
            put={"status": "failed", "error_code": code, "error_message": message},
            condition="attribute_not_exists(pk) OR #status = :waiting",
            values={"waiting": "waiting"},
        )
        return self._transact([{"Put": failed}, self._counted(batch, {"lines_failed": 1})])

    def reopen(self, batch: Batch, number: int) -> bool:
        """Let a refused line wait again."""
        waiting = write(
            self.table,
            batch_actions.line_key(batch.tenant, batch.batch_id, number),
            condition="#status = :failed AND attribute_not_exists(#job_id)",
            values={"failed": "failed"},
            sets={"status": "waiting"},
            removes=("error_code", "error_message"),
        )
        return self._transact([{"Update": waiting}, self._counted(batch, {"lines_failed": -1})])

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
        try:
            self.client.update_item(**request)
        except ClientError as error:
            if condition_failed(error):
                return False
            raise
        return True

    def _transact(self, actions: list[Any]) -> bool:
        """Write all or nothing; False if a condition did not hold."""
        for _ in range(_TRIES):
            try:
                self.client.transact_write_items(TransactItems=actions)
            except ClientError as error:
                reasons = cancellations(error)
                if any(failed_at(reasons, index) for index in range(len(reasons))):
                    return False
                if not conflicted(reasons):
                    raise
                collision = error
            else:
                return True
        raise collision

    def _submit(self, actions: list[Any], idempotency: Idempotency) -> Replayed | None:
        """Write a transaction that begins with a caller's key."""
        try:
            self.client.transact_write_items(TransactItems=actions)
        except ClientError as error:
            reasons = cancellations(error)
            if failed_at(reasons, 0):
                return replay(decode(reasons[0]["Item"]), idempotency.body_hash)
            if conflicted(reasons):
                raise IdempotencyInProgressError("the same request is being answered") from error
            if any(failed_at(reasons, index) for index in range(len(reasons))):
                raise StateConflictError("it moved meanwhile; read it again") from error
            raise
        return None

    def _read(self, key: Mapping[str, str]) -> Attributes | None:
        found = self.client.get_item(TableName=self.table, Key=encode(key), ConsistentRead=True)
        return decode(found["Item"]) if "Item" in found else None

    def _query(
        self, partition: str, limit: int, start: dict[str, str] | None, *, forward: bool
    ) -> list[Attributes]:
        """Return up to one row more than the limit."""
        rows: list[Attributes] = []
        options: dict[str, Any] = {}
        if start is not None:
            options["ExclusiveStartKey"] = encode(start)
        while len(rows) <= limit:
            answer = self.client.query(
                TableName=self.table,
                KeyConditionExpression="pk = :pk",
                ExpressionAttributeValues=encode({":pk": partition}),
                ConsistentRead=True,
                ScanIndexForward=forward,
                Limit=limit + 1 - len(rows),
                **options,
            )
            rows += [decode(row) for row in answer["Items"]]
            if "LastEvaluatedKey" not in answer:
                break
            options["ExclusiveStartKey"] = answer["LastEvaluatedKey"]
        return rows
