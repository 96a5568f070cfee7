"""The fake of the job store: the rules of ``studio.ports.jobs`` on plain dictionaries."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from studio.domain.jobs.image_spec import ImageSpec
from studio.domain.jobs.model import (
    TERMINAL_ITEM,
    ContentClaim,
    Item,
    Job,
    LogLine,
    Stage,
    Waiting,
)
from studio.domain.jobs.wanted import WantedJobs
from studio.errors import (
    IdempotencyKeyReusedError,
    NotFoundError,
    StateConflictError,
)
from studio.ports.jobs import Idempotency, ItemEnding, JobEnding, JobPage, Replayed, Reservation
from tests.support.fakes.contents import (
    check_claims,
    check_free,
    claim_contents,
    end_slot,
    free_contents,
)
from tests.support.fakes.job_rows import (
    begun,
    counted,
    course,
    ended,
    in_call,
    next_run,
    requeued,
    same_attempt,
    with_costs,
)
from tests.support.fakes.money import book, check_budget, claim, correct_month, is_booked
from tests.support.fakes.stores import JobKey, Memory


@dataclass
class FakeJobStore:
    """JobStore: each method checks everything before it writes anything."""

    memory: Memory

    def create(
        self,
        job: Job,
        items: Sequence[Item],
        reservation: Reservation,
        idempotency: Idempotency,
        claims: Sequence[ContentClaim] = (),
    ) -> Replayed | None:
        replayed = self._replayed(idempotency, job.created_at)
        if replayed is not None:
            return replayed
        check_budget(self.memory, reservation)
        key = _key(job)
        if key in self.memory.jobs:
            raise StateConflictError("the job exists")
        check_claims(self.memory, job, claims)
        self.memory.batches.begin_row(job)
        claim(self.memory, reservation, idempotency)
        self.memory.jobs[key] = job
        self.memory.items[key] = {item.number: item for item in items}
        book(self.memory, reservation.entry)
        claim_contents(self.memory, job)
        return None

    def check_idempotency_key(
        self, tenant: str, scope: str, key: str, body_hash: str, at: datetime
    ) -> Replayed | None:
        found = self.memory.keys.get((tenant, scope, key))
        if found is None or found.expires_at < at:
            return None
        if found.body_hash != body_hash:
            raise IdempotencyKeyReusedError(key)
        return Replayed(found.answer)

    def get(self, tenant: str, job_id: str) -> Job:
        if (tenant, job_id) not in self.memory.jobs:
            raise NotFoundError(job_id)
        return self.memory.jobs[tenant, job_id]

    def load(self, tenant: str, job_id: str) -> tuple[Job, tuple[Item, ...]]:
        job = self.get(tenant, job_id)
        rows = self.memory.items[tenant, job_id]
        return job, tuple(rows[number] for number in sorted(rows))

    def get_item(self, tenant: str, job_id: str, number: int) -> Item:
        items = self.memory.items.get((tenant, job_id), {})
        if number not in items:
            raise NotFoundError(job_id)
        return items[number]

    def page(self, tenant: str, wanted: WantedJobs, limit: int, after: str | None) -> JobPage:
        found = [
            job
            for (owner, job_id), job in sorted(self.memory.jobs.items(), reverse=True)
            if owner == tenant and wanted.takes(job) and (after is None or job_id < after)
        ]
        kept = found[:limit]
        return JobPage(kept, kept[-1].job_id if len(found) > limit else None)

    def start(self, job: Job, at: datetime, log: LogLine) -> bool:
        row = self.memory.jobs[_key(job)]
        if row.status != "queued" or row.run != job.run:
            return False
        self._save_job(replace(row, status="running", started_at=at, log=(*row.log, log)))
        return True

    def begin_attempt(self, item: Item, at: datetime, deadline: datetime, log: LogLine) -> bool:
        row = self._row(item)
        if row.status != "queued" or not same_attempt(row, item) or row.switches != item.switches:
            return False
        self._save_item(begun(row, item, at, deadline, log))
        return True

    def enter_stage(
        self, tenant: str, job_id: str, number: int, attempt: int, stage: Stage
    ) -> Item | None:
        row = self.memory.items[tenant, job_id][number]
        if row.status != "running" or row.attempt != attempt:
            return None
        return self._save_item(replace(row, stage=stage, waiting=None))

    def note_wait(self, item: Item, waiting: Waiting, log: LogLine | None) -> bool:
        row = self._row(item)
        if row.status != item.status or not same_attempt(row, item):
            return False
        lines = (log,) if log else ()
        self._save_item(replace(row, waiting=waiting, log=(*row.log, *lines)))
        return True

    def requeue(self, item: Item, log: LogLine, waiting: Waiting | None = None) -> bool:
        row = self._row(item)
        if not in_call(row, item):
            return False
        self._save_item(
            replace(
                row,
                status="queued",
                attempt_open=False,
                handle=None,
                waiting=waiting,
                log=(*row.log, log),
            )
        )
        return True

    def switch_provider(self, item: Item, spec: ImageSpec, log: LogLine) -> bool:
        row = self._row(item)
        seen = (item.status, item.attempt_open, item.switches)
        if (row.status, row.attempt_open, row.switches) != seen or not same_attempt(row, item):
            return False
        self._save_item(
            replace(
                row,
                status="queued",
                attempt_open=False,
                handle=None,
                waiting=None,
                spec=spec,
                switches=row.switches + 1,
                log=(*row.log, log),
            )
        )
        return True

    def save_provider_handle(self, item: Item, handle: str, deadline: datetime) -> bool:
        row = self._row(item)
        if not in_call(row, item):
            return False
        self._save_item(replace(row, handle=handle, attempt_deadline=deadline))
        return True

    def finish_item(self, ending: ItemEnding) -> bool:
        before, entry, asset = ending.before, ending.settlement, ending.asset
        row, job = self._row(before), self.memory.jobs[_key(before)]
        moved = (
            row.status in TERMINAL_ITEM
            or not same_attempt(row, before)
            or row.settled_attempt != before.settled_attempt
            or job.finished_at is not None
            or job.run != before.run
        )
        if moved or (entry is not None and is_booked(self.memory, entry)):
            return False
        if asset is not None:
            if (asset.tenant, asset.asset_id) in self.memory.assets:
                return False
            self.memory.assets[asset.tenant, asset.asset_id] = asset
            made = {one.name: one for one in ending.renditions}
            self.memory.renditions[asset.tenant, asset.asset_id] = made
        self._save_item(ended(row, ending))
        end_slot(self.memory, ending)
        job = replace(job, counts=counted(job.counts, {ending.status: 1}))
        if entry is not None:
            book(self.memory, entry)
            job = with_costs(job, entry)
            if entry.type == "adjust":
                correct_month(self.memory, entry)
        if asset is not None:
            job = replace(job, latest_asset_id=asset.asset_id)
        self._save_job(job)
        return True

    def cancel(self, job: Job, queued: Sequence[Item], at: datetime, log: LogLine) -> bool:
        row = self.memory.jobs[_key(job)]
        rows = [self._row(item) for item in queued]
        if (
            row.status not in ("queued", "running")
            or row.run != job.run
            or any(
                now.status != "queued" or now.attempt != item.attempt
                for now, item in zip(rows, queued, strict=True)
            )
        ):
            return False
        for now in rows:
            self._save_item(replace(now, status="cancelled", finished_at=at, waiting=None))
        counts = counted(row.counts, {"cancelled": len(queued)})
        self._save_job(replace(row, status="cancelling", counts=counts, log=(*row.log, log)))
        return True

    def redrive(
        self,
        job: Job,
        items: Sequence[Item],
        reservation: Reservation,
        idempotency: Idempotency,
        at: datetime,
        log: LogLine,
        claims: Sequence[ContentClaim] = (),
    ) -> Replayed | None:
        replayed = self._replayed(idempotency, at)
        if replayed is not None:
            return replayed
        check_budget(self.memory, reservation)
        row = self.memory.jobs[_key(job)]
        rows = [self._row(item) for item in items]
        if (
            row.finished_at is None
            or row.status != job.status
            or row.run != job.run
            or any(
                now.status != item.status or not same_attempt(now, item)
                for now, item in zip(rows, items, strict=True)
            )
        ):
            raise StateConflictError("the job moved meanwhile")
        check_free(self.memory, row, claims)
        self.memory.batches.reopen_row(row)
        claim(self.memory, reservation, idempotency)
        book(self.memory, reservation.entry)
        for now, item in zip(rows, items, strict=True):
            self._save_item(requeued(now, job.run + 1, item))
        row = replace(row, content_ids=tuple(one.content_id for one in claims))
        self._save_job(next_run(row, job, [now.status for now in rows], reservation, log))
        claim_contents(self.memory, row)
        return None

    def finish(self, ending: JobEnding) -> bool:
        before, release = ending.before, ending.release
        row = self.memory.jobs[_key(before)]
        if row.finished_at is not None or course(row) != course(before):
            return False
        if release is not None:
            if is_booked(self.memory, release):
                return False
            book(self.memory, release)
        self.memory.batches.end_row(row, ending.status)
        free_contents(self.memory, row)
        month = (before.tenant, before.budget_month)
        self.memory.months[month] += ending.month_correction
        self.memory.reservations[month] -= before.run_reserved
        self._save_job(
            replace(
                row,
                status=ending.status,
                finished_at=ending.at,
                reserved=0,
                log=(*row.log, ending.log),
            )
        )
        return True

    def open_jobs(self, limit: int, after: JobKey | None = None) -> Sequence[JobKey]:
        keys = [key for key, job in self.memory.jobs.items() if job.finished_at is None]
        found = [key for key in keys if after is None or key[1] > after[1]]
        return sorted(found, key=lambda key: key[1])[:limit]

    def _replayed(self, use: Idempotency, at: datetime) -> Replayed | None:
        return self.check_idempotency_key(use.tenant, use.scope, use.key, use.body_hash, at)

    def _row(self, item: Item) -> Item:
        return self.memory.items[_key(item)][item.number]

    def _save_item(self, item: Item) -> Item:
        self.memory.items[_key(item)][item.number] = item
        return item

    def _save_job(self, job: Job) -> None:
        self.memory.jobs[_key(job)] = job


def _key(of: Job | Item) -> JobKey:
    return of.tenant, of.job_id
