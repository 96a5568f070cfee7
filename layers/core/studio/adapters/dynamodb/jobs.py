"""JobStore on DynamoDB. Keys and indexes: ``job_records``; several tables: ``transactions``.

Access patterns: one job with its items = one Query; one item = one GetItem; a tenant's jobs =
one Query of ByTenant and one BatchGetItem; jobs not ended = one Query of Open.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, NoReturn

from botocore.exceptions import ClientError

from studio.adapters.dynamodb import job_records as records
from studio.adapters.dynamodb import job_transactions as transactions
from studio.adapters.dynamodb.base import (
    Attributes,
    batch_get,
    cancellations,
    condition_failed,
    conflicted,
    decode,
    encode,
    failed_at,
    tries,
    write,
)
from studio.clock import rfc3339
from studio.config import Tables
from studio.domain.jobs.model import ImageSpec, Item, Job, JobStatus, LogLine, Stage
from studio.errors import (
    BudgetExceededError,
    IdempotencyInProgressError,
    IdempotencyKeyReusedError,
    IdempotentReplay,
    NotFoundError,
    StateConflictError,
)
from studio.ports.jobs import Idempotency, ItemEnding, JobEnding, JobPage, Reservation

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


@dataclass(frozen=True, slots=True)
class DynamoJobStore:
    """Jobs and items in the Jobs table, money in Ledger, pictures in Assets."""

    client: "DynamoDBClient"
    tables: Tables

    def create(
        self, job: Job, items: Sequence[Item], reservation: Reservation, idempotency: Idempotency
    ) -> None:
        """Write job, items, reservation and key in one transaction."""
        actions = transactions.create(self.tables, job, items, reservation, idempotency)
        self._submit(actions, reservation, idempotency)

    def recall(self, tenant: str, scope: str, key: str, body_hash: str, at: datetime) -> None:
        """Return if the key is new."""
        found = self.client.get_item(
            TableName=self.tables.jobs,
            Key=encode(transactions.idempotency_key(tenant, scope, key)),
            ConsistentRead=True,
        )
        record = decode(found.get("Item", {}))
        # DynamoDB deletes what has expired, but may take days for it.
        if record and record["expires_at"] >= int(at.timestamp()):
            replay(record, body_hash)

    def get(self, tenant: str, job_id: str) -> Job:
        """Return a job."""
        return records.job_of(self._read(tenant, job_id, records.JOB_SORT_KEY))

    def load(self, tenant: str, job_id: str) -> tuple[Job, tuple[Item, ...]]:
        """Return a job and its items."""
        rows: list[Attributes] = []
        start: dict[str, Any] = {}
        while True:
            answer = self.client.query(
                TableName=self.tables.jobs,
                KeyConditionExpression="pk = :pk",
                ExpressionAttributeValues=encode({":pk": records.partition(tenant, job_id)}),
                ConsistentRead=True,
                **start,
            )
            rows += [decode(row) for row in answer["Items"]]
            if "LastEvaluatedKey" not in answer:
                break
            start = {"ExclusiveStartKey": answer["LastEvaluatedKey"]}
        jobs = [records.job_of(row) for row in rows if row["sk"] == records.JOB_SORT_KEY]
        if not jobs:
            raise NotFoundError(f"no job {job_id}")
        items = (records.item_of(row) for row in rows if row["sk"].startswith("ITEM#"))
        return jobs[0], tuple(items)

    def get_item(self, tenant: str, job_id: str, number: int) -> Item:
        """Return one item."""
        return records.item_of(self._read(tenant, job_id, records.item_sort_key(number)))

    def page(
        self, tenant: str, statuses: Sequence[JobStatus], limit: int, after: str | None
    ) -> JobPage:
        """Return jobs of a tenant, newest first.

        The index says which jobs; the rows themselves are then read fresh, in one batch.
        """
        found: list[str] = []
        start = after
        while len(found) <= limit:
            answer = self._query_tenant(tenant, statuses, limit + 1 - len(found), start)
            found += [decode(row)["job_id"] for row in answer["Items"]]
            if "LastEvaluatedKey" not in answer:
                break
            start = decode(answer["LastEvaluatedKey"])["job_id"]
        ids = found[:limit]
        fresh = self._batch_get(tenant, ids) if ids else {}
        jobs = [fresh[job_id] for job_id in ids if job_id in fresh]
        kept = [job for job in jobs if not statuses or job.status in statuses]
        return JobPage(kept, ids[-1] if len(found) > limit else None)

    def start(self, job: Job, at: datetime, log: LogLine) -> bool:
        """Move a queued job to running."""
        return self._update(
            records.JOB_SORT_KEY,
            job,
            condition="#status = :queued AND #run = :run",
            values={"queued": "queued", "run": job.run},
            sets={"status": "running", "started_at": rfc3339(at)},
            log=log,
        )

    def begin_attempt(self, item: Item, at: datetime, deadline: datetime, log: LogLine) -> bool:
        """Write the attempt before its call."""
        attempt = item.attempt if item.attempt_open else item.attempt + 1
        return self._update(
            records.item_sort_key(item.number),
            item,
            condition="#status = :queued AND #attempt = :attempt AND #run = :run"
            " AND #switches = :switches",
            values={
                "queued": "queued",
                "attempt": item.attempt,
                "run": item.run,
                "switches": item.switches,
            },
            sets={
                "status": "running",
                "stage": "AI_CALL",
                "attempt": attempt,
                "attempt_open": True,
                "attempt_deadline": rfc3339(deadline),
                "started_at": rfc3339(item.started_at or at),
            },
            log=log,
        )

    def enter_stage(
        self, tenant: str, job_id: str, number: int, attempt: int, stage: Stage
    ) -> Item | None:
        """Record the stage of a running attempt."""
        request = write(
            self.tables.jobs,
            {"pk": records.partition(tenant, job_id), "sk": records.item_sort_key(number)},
            condition="#status = :running AND #attempt = :attempt",
            values={"running": "running", "attempt": attempt},
            sets={"stage": stage},
        )
        try:
            answer = self.client.update_item(**request, ReturnValues="ALL_NEW")
        except ClientError as error:
            if condition_failed(error):
                return None
            raise
        return records.item_of(decode(answer["Attributes"]))

    def put_back(self, item: Item, log: LogLine) -> bool:
        """Queue an item again whose call was put off."""
        return self._update(
            records.item_sort_key(item.number),
            item,
            condition="#status = :running AND #attempt = :attempt AND #attempt_open = :yes",
            values={"running": "running", "attempt": item.attempt, "yes": True},
            sets={"status": "queued", "stage": "PREP", "attempt_open": False},
            removes=("handle",),
            log=log,
        )

    def switch_provider(self, item: Item, spec: ImageSpec, log: LogLine) -> bool:
        """Queue an item again for somebody else to make."""
        return self._update(
            records.item_sort_key(item.number),
            item,
            condition="#status = :status AND #attempt = :attempt AND #attempt_open = :open"
            " AND #run = :run AND #switches = :switches",
            values={
                "status": item.status,
                "attempt": item.attempt,
                "open": item.attempt_open,
                "run": item.run,
                "switches": item.switches,
            },
            sets={
                "status": "queued",
                "stage": "PREP",
                "attempt_open": False,
                "spec": records.spec_text(spec),
            },
            adds={"switches": 1},
            removes=("handle",),
            log=log,
        )

    def keep_handle(self, item: Item, handle: str, deadline: datetime) -> bool:
        """Record the provider's handle of a call that goes on."""
        return self._update(
            records.item_sort_key(item.number),
            item,
            condition="#status = :running AND #attempt = :attempt AND #attempt_open = :yes",
            values={"running": "running", "attempt": item.attempt, "yes": True},
            sets={"handle": handle, "attempt_deadline": rfc3339(deadline)},
        )

    def finish_item(self, ending: ItemEnding) -> bool:
        """End an item: asset, item, job counters, ledger."""
        return self._transact(transactions.finish_item(self.tables, ending))

    def cancel(self, job: Job, queued: Sequence[Item], at: datetime, log: LogLine) -> bool:
        """Cancel the queued items and mark the job."""
        try:
            return self._transact(transactions.cancel(self.tables, job, queued, at, log))
        except ClientError as error:
            if conflicted(cancellations(error)):
                return False
            raise

    def redrive(
        self,
        job: Job,
        items: Sequence[Item],
        reservation: Reservation,
        idempotency: Idempotency,
        at: datetime,
        log: LogLine,
    ) -> None:
        """Queue ended items again in a new run."""
        actions = transactions.redrive(self.tables, job, items, reservation, idempotency, at, log)
        self._submit(actions, reservation, idempotency)

    def finish(self, ending: JobEnding) -> bool:
        """End a run; the jobs of a batch all count in one record, where they may collide."""
        actions = transactions.finish(self.tables, ending)
        for _ in tries():
            try:
                return self._transact(actions)
            except ClientError as error:
                if not conflicted(cancellations(error)):
                    raise
                collision = error
        raise collision

    def open_jobs(
        self, limit: int, after: tuple[str, str] | None = None
    ) -> Sequence[tuple[str, str]]:
        """Return (tenant, job id) of jobs that have not ended, oldest first."""
        start: dict[str, Any] = {}
        if after is not None:
            row = {"pk": records.partition(*after), "sk": records.JOB_SORT_KEY}
            start["ExclusiveStartKey"] = encode({**row, "open": "1", "job_id": after[1]})
        answer = self.client.query(
            TableName=self.tables.jobs,
            IndexName="Open",
            KeyConditionExpression="#open = :one",
            ExpressionAttributeNames={"#open": "open"},
            ExpressionAttributeValues=encode({":one": "1"}),
            Limit=limit,
            **start,
        )
        keys = (decode(row)["pk"].partition("#") for row in answer["Items"])
        return [(tenant, job_id) for tenant, _, job_id in keys]

    def _read(self, tenant: str, job_id: str, sort_key: str) -> Attributes:
        found = self.client.get_item(
            TableName=self.tables.jobs,
            Key=encode({"pk": records.partition(tenant, job_id), "sk": sort_key}),
            ConsistentRead=True,
        )
        if "Item" not in found:
            raise NotFoundError(f"no job {job_id}")
        return decode(found["Item"])

    def _query_tenant(
        self, tenant: str, statuses: Sequence[JobStatus], limit: int, after: str | None
    ) -> Any:  # noqa: ANN401 - botocore's own answer
        options: dict[str, Any] = {}
        values: dict[str, object] = {":tenant": tenant}
        if after is not None:
            options["ExclusiveStartKey"] = encode(
                {
                    "tenant": tenant,
                    "job_id": after,
                    "pk": records.partition(tenant, after),
                    "sk": records.JOB_SORT_KEY,
                }
            )
        if statuses:
            wanted = {f":s{index}": status for index, status in enumerate(statuses)}
            values |= wanted
            options["FilterExpression"] = f"#status IN ({', '.join(wanted)})"
            options["ExpressionAttributeNames"] = {"#status": "status"}
        return self.client.query(
            TableName=self.tables.jobs,
            IndexName="ByTenant",
            KeyConditionExpression="tenant = :tenant",
            ExpressionAttributeValues=encode(values),
            ScanIndexForward=False,
            Limit=max(limit, 1),
            **options,
        )

    def _batch_get(self, tenant: str, ids: Sequence[str]) -> dict[str, Job]:
        keys = [
            encode({"pk": records.partition(tenant, job_id), "sk": records.JOB_SORT_KEY})
            for job_id in ids
        ]
        rows = batch_get(self.client, self.tables.jobs, keys)
        return {row["job_id"]: records.job_of(row) for row in rows}

    def _update(
        self,
        sort_key: str,
        of: Job | Item,
        *,
        condition: str,
        values: dict[str, object],
        sets: dict[str, object],
        adds: dict[str, int] | None = None,
        removes: tuple[str, ...] = (),
        log: LogLine | None = None,
    ) -> bool:
        request = write(
            self.tables.jobs,
            {"pk": records.partition(of.tenant, of.job_id), "sk": sort_key},
            condition=condition,
            values=values,
            sets=sets,
            adds=adds,
            removes=removes,
            appends={"log": [records.log_text(log)]} if log else None,
        )
        try:
            self.client.update_item(**request)
        except ClientError as error:
            if condition_failed(error):
                return False
            raise
        return True

    def _transact(self, actions: transactions.Actions) -> bool:
        """Write all or nothing; False if a condition did not hold."""
        try:
            self.client.transact_write_items(TransactItems=actions)
        except ClientError as error:
            reasons = cancellations(error)
            if any(failed_at(reasons, index) for index in range(len(reasons))):
                return False
            raise
        return True

    def _submit(
        self, actions: transactions.Actions, reservation: Reservation, idempotency: Idempotency
    ) -> None:
        """Write a transaction that begins with a caller's key, then the month if it is there.

        All jobs of a tenant write the same month, and collide there.
        """
        for _ in tries():
            try:
                self.client.transact_write_items(TransactItems=actions)
            except ClientError as error:
                reasons = cancellations(error)
                _refuse(reasons, reservation, idempotency)
                if not conflicted(reasons):
                    raise
                collision = error
            else:
                return
        raise IdempotencyInProgressError("the request could not be written yet") from collision


def _refuse(
    reasons: list[dict[str, Any]], reservation: Reservation, idempotency: Idempotency
) -> None:
    """Say which condition stood against a transaction; return if none did."""
    amount = reservation.entry.amount or 0
    if failed_at(reasons, 0):
        replay(decode(reasons[0]["Item"]), idempotency.body_hash)
    if conflicted(reasons[:1]):
        raise IdempotencyInProgressError("the same request is being answered")
    # The month is written only where there is something to hold.
    if amount and reservation.limit is not None and failed_at(reasons, 1):
        committed = decode(reasons[1].get("Item", {})).get("committed", 0)
        raise BudgetExceededError(limit=reservation.limit, committed=committed, requested=amount)
    if any(failed_at(reasons, index) for index in range(len(reasons))):
        raise StateConflictError("the job moved meanwhile; read it again")


def replay(record: Attributes, body_hash: str) -> NoReturn:
    """Say what a key that is held means for a request with this body."""
    if record["body_hash"] != body_hash:
        raise IdempotencyKeyReusedError("this Idempotency-Key was used for another body")
    raise IdempotentReplay(record["answer"])
