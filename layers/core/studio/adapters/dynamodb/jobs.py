"""JobStore on DynamoDB. Keys and indexes: ``job_records``.

Access patterns: one job with its items = one Query; one item = one GetItem; lists of jobs:
``job_lists``; writes to several tables: ``job_submissions`` and ``job_transactions``.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from studio.adapters.dynamodb import job_records as records
from studio.adapters.dynamodb.base import Attributes, decode, query, read, write
from studio.adapters.dynamodb.writes import RETRY, WriteRetry, transact, write_if
from studio.clock import rfc3339
from studio.config import Tables
from studio.domain.jobs.image_spec import ImageSpec
from studio.domain.jobs.model import ContentClaim, Item, Job, LogLine, Stage, Waiting
from studio.errors import NotFoundError

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from studio.adapters.dynamodb.job_transactions import Actions
    from studio.domain.jobs.wanted import WantedJobs
    from studio.ports.jobs import (
        Idempotency,
        ItemEnding,
        JobEnding,
        JobPage,
        Replayed,
        Reservation,
    )


@dataclass(frozen=True, slots=True)
class DynamoJobStore:
    """Jobs and items in the Jobs table, money in Ledger, images in Assets."""

    client: "DynamoDBClient"
    tables: Tables
    retry: WriteRetry = RETRY

    def create(
        self,
        job: Job,
        items: Sequence[Item],
        reservation: "Reservation",
        idempotency: "Idempotency",
        claims: Sequence[ContentClaim] = (),
    ) -> "Replayed | None":
        """Write job, items, reservation, key and claims in one transaction."""
        from studio.adapters.dynamodb import job_submissions as submissions

        actions = submissions.create(self.tables, job, items, reservation, idempotency, claims)
        return submissions.submit(self.client, actions, reservation, idempotency, self.retry)

    def check_idempotency_key(
        self, tenant: str, scope: str, key: str, body_hash: str, at: datetime
    ) -> "Replayed | None":
        """Return the first answer to this key and body, None if the key is new."""
        from studio.adapters.dynamodb.job_transactions import idempotency_key, replay

        row = idempotency_key(tenant, scope, key)
        record = read(self.client, self.tables.jobs, row)
        # DynamoDB may keep an expired row for days.
        if record is None or record["expires_at"] < int(at.timestamp()):
            return None
        return replay(record, body_hash)

    def get(self, tenant: str, job_id: str) -> Job:
        """Return a job."""
        return records.job_of(self._read(tenant, job_id, records.JOB_SORT_KEY))

    def load(self, tenant: str, job_id: str) -> tuple[Job, tuple[Item, ...]]:
        """Return a job and its items."""
        rows = query(self.client, self.tables.jobs, records.partition(tenant, job_id))
        jobs = [records.job_of(row) for row in rows if row["sk"] == records.JOB_SORT_KEY]
        if not jobs:
            raise NotFoundError(f"no job {job_id}")
        items = (records.item_of(row) for row in rows if row["sk"].startswith("ITEM#"))
        return jobs[0], tuple(items)

    def get_item(self, tenant: str, job_id: str, number: int) -> Item:
        """Return one item."""
        return records.item_of(self._read(tenant, job_id, records.item_sort_key(number)))

    def page(self, tenant: str, wanted: "WantedJobs", limit: int, after: str | None) -> "JobPage":
        """Return the wanted jobs of a tenant, newest first."""
        from studio.adapters.dynamodb.job_lists import page

        return page(self.client, self.tables.jobs, tenant, wanted, limit, after)

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
                "called_at": None if item.attempt_open else rfc3339(at),
                "attempt_deadline": rfc3339(deadline),
                "started_at": rfc3339(item.started_at or at),
            },
            removes=records.WAITING,
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
            removes=records.WAITING,
        )
        request["ReturnValues"] = "ALL_NEW"
        answer = write_if(self.client.update_item, request, self.retry)
        return None if answer is None else records.item_of(decode(answer["Attributes"]))

    def requeue(self, item: Item, log: LogLine, waiting: Waiting | None = None) -> bool:
        """Queue an item again after the provider deferred its call."""
        return self._update(
            records.item_sort_key(item.number),
            item,
            condition="#status = :running AND #attempt = :attempt AND #attempt_open = :yes",
            values={"running": "running", "attempt": item.attempt, "yes": True},
            sets={"status": "queued", "attempt_open": False, **records.wait_record(waiting)},
            removes=("handle", *(() if waiting else records.WAITING)),
            log=log,
        )

    def note_wait(self, item: Item, waiting: Waiting, log: LogLine | None) -> bool:
        """Note why an item waits."""
        return self._update(
            records.item_sort_key(item.number),
            item,
            condition="#status = :status AND #attempt = :attempt AND #run = :run",
            values={"status": item.status, "attempt": item.attempt, "run": item.run},
            sets=records.wait_record(waiting),
            log=log,
        )

    def switch_provider(self, item: Item, spec: ImageSpec, log: LogLine) -> bool:
        """Queue an item again for another provider."""
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
                "attempt_open": False,
                "spec": records.spec_text(spec),
            },
            adds={"switches": 1},
            removes=("handle", *records.WAITING),
            log=log,
        )

    def save_provider_handle(self, item: Item, handle: str, deadline: datetime) -> bool:
        """Save the provider's handle of a running call."""
        return self._update(
            records.item_sort_key(item.number),
            item,
            condition="#status = :running AND #attempt = :attempt AND #attempt_open = :yes",
            values={"running": "running", "attempt": item.attempt, "yes": True},
            sets={"handle": handle, "attempt_deadline": rfc3339(deadline)},
        )

    def finish_item(self, ending: "ItemEnding") -> bool:
        """End an item: asset, item, job counters, ledger, and the month of a learned cost."""
        from studio.adapters.dynamodb import job_transactions as transactions

        actions = transactions.finish_item(self.tables, ending)
        if ending.settlement is not None and ending.settlement.type == "adjust":
            from studio.adapters.dynamodb.adjustments import correct_month

            actions.append(correct_month(self.client, self.tables, ending.settlement))
        if ending.before.spec.slot is not None:
            from studio.adapters.dynamodb.content_actions import finish_with_slot

            return finish_with_slot(self.client, self.tables.jobs, actions, ending, self.retry)
        return self._transact(actions)

    def cancel(self, job: Job, queued: Sequence[Item], at: datetime, log: LogLine) -> bool:
        """Cancel the queued items and mark the job."""
        from studio.adapters.dynamodb import job_transactions as transactions

        return self._transact(transactions.cancel(self.tables, job, queued, at, log))

    def redrive(
        self,
        job: Job,
        items: Sequence[Item],
        reservation: "Reservation",
        idempotency: "Idempotency",
        at: datetime,
        log: LogLine,
        claims: Sequence[ContentClaim] = (),
    ) -> "Replayed | None":
        """Queue ended items again in a new run."""
        from studio.adapters.dynamodb import job_submissions as submissions

        actions = submissions.redrive(
            self.tables, job, items, reservation, idempotency, at, log, claims
        )
        return submissions.submit(self.client, actions, reservation, idempotency, self.retry)

    def finish(self, ending: "JobEnding") -> bool:
        """End a run."""
        from studio.adapters.dynamodb import job_transactions as transactions

        return self._transact(transactions.finish(self.tables, ending))

    def open_jobs(
        self, limit: int, after: tuple[str, str] | None = None
    ) -> Sequence[tuple[str, str]]:
        """Return (tenant, job id) of jobs that have not ended, oldest first."""
        from studio.adapters.dynamodb.job_lists import open_jobs

        return open_jobs(self.client, self.tables.jobs, limit, after)

    def _read(self, tenant: str, job_id: str, sort_key: str) -> Attributes:
        key = {"pk": records.partition(tenant, job_id), "sk": sort_key}
        row = read(self.client, self.tables.jobs, key)
        if row is None:
            raise NotFoundError(f"no job {job_id}")
        return row

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
        return write_if(self.client.update_item, request, self.retry) is not None

    def _transact(self, actions: "Actions") -> bool:
        """Write all or nothing; return False if a condition did not hold."""
        return not transact(self.client, actions, self.retry)
