"""The stores in memory: the rules of ``studio.ports`` on plain dictionaries.

They are written from the port alone, not from the adapters; ``tests/contracts`` runs one suite
against both.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from studio.domain.assets.model import Asset
from studio.domain.jobs.image_spec import ImageSpec
from studio.domain.jobs.model import (
    TERMINAL_ITEM,
    Counts,
    Item,
    Job,
    JobStatus,
    LogLine,
    Stage,
    Waiting,
)
from studio.domain.ledger.model import LedgerEntry
from studio.domain.renditions.model import Rendition
from studio.domain.uploads.model import Upload
from studio.errors import (
    BudgetExceededError,
    IdempotencyKeyReusedError,
    NotFoundError,
    StateConflictError,
)
from studio.money import UNKNOWN, Cost
from studio.ports.assets import AssetPage
from studio.ports.jobs import Idempotency, ItemEnding, JobEnding, JobPage, Replayed, Reservation
from tests.support.fakes.batches import Batches

JobKey = tuple[str, str]


@dataclass
class Memory:
    """What the three stores share, as the tables do."""

    jobs: dict[JobKey, Job] = field(default_factory=dict)
    items: dict[JobKey, dict[int, Item]] = field(default_factory=dict)
    assets: dict[JobKey, Asset] = field(default_factory=dict)
    renditions: dict[JobKey, dict[str, Rendition]] = field(default_factory=dict)
    entries: dict[JobKey, dict[str, LedgerEntry]] = field(default_factory=dict)
    uploads: dict[JobKey, Upload] = field(default_factory=dict)
    months: Counter[JobKey] = field(default_factory=Counter)
    keys: dict[tuple[str, str, str], Idempotency] = field(default_factory=dict)
    batches: Batches = field(default_factory=Batches)


@dataclass
class FakeJobStore:
    """JobStore: each method checks everything before it writes anything."""

    memory: Memory

    def create(
        self, job: Job, items: Sequence[Item], reservation: Reservation, idempotency: Idempotency
    ) -> Replayed | None:
        replayed = self._replayed(idempotency, job.created_at)
        if replayed is not None:
            return replayed
        self._check_budget(reservation)
        key = _key(job)
        if key in self.memory.jobs:
            raise StateConflictError("the job exists")
        self.memory.batches.begin_line(job)
        self._claim(reservation, idempotency)
        self.memory.jobs[key] = job
        self.memory.items[key] = {item.number: item for item in items}
        self._book(reservation.entry)
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

    def page(
        self, tenant: str, statuses: Sequence[JobStatus], limit: int, after: str | None
    ) -> JobPage:
        found = [
            job
            for (owner, job_id), job in sorted(self.memory.jobs.items(), reverse=True)
            if owner == tenant
            and (not statuses or job.status in statuses)
            and (after is None or job_id < after)
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
        if row.status != "queued" or not _same(row, item) or row.switches != item.switches:
            return False
        self._save_item(
            replace(
                row,
                status="running",
                stage="AI_CALL",
                attempt=item.attempt if item.attempt_open else item.attempt + 1,
                attempt_open=True,
                called_at=row.called_at if item.attempt_open else at,
                attempt_deadline=deadline,
                started_at=item.started_at or at,
                waiting=None,
                log=(*row.log, log),
            )
        )
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
        if row.status != item.status or not _same(row, item):
            return False
        lines = (log,) if log else ()
        self._save_item(replace(row, waiting=waiting, log=(*row.log, *lines)))
        return True

    def requeue(self, item: Item, log: LogLine, waiting: Waiting | None = None) -> bool:
        row = self._row(item)
        if not _in_call(row, item):
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
        if (row.status, row.attempt_open, row.switches) != seen or not _same(row, item):
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
        if not _in_call(row, item):
            return False
        self._save_item(replace(row, handle=handle, attempt_deadline=deadline))
        return True

    def finish_item(self, ending: ItemEnding) -> bool:
        before, entry, asset = ending.before, ending.settlement, ending.asset
        row, job = self._row(before), self.memory.jobs[_key(before)]
        moved = (
            row.status in TERMINAL_ITEM
            or not _same(row, before)
            or row.settled_attempt != before.settled_attempt
            or job.finished_at is not None
            or job.run != before.run
        )
        if moved or (entry is not None and self._booked(entry)):
            return False
        if asset is not None:
            if (asset.tenant, asset.asset_id) in self.memory.assets:
                return False
            self.memory.assets[asset.tenant, asset.asset_id] = asset
            made = {one.name: one for one in ending.renditions}
            self.memory.renditions[asset.tenant, asset.asset_id] = made
        self._save_item(_ended(row, ending))
        job = replace(job, counts=_counted(job.counts, {ending.status: 1}))
        if entry is not None:
            self._book(entry)
            known = entry.amount or 0
            job = replace(
                job,
                cost=job.cost + known,
                unknown_costs=job.unknown_costs + _unknown(entry),
                reserved=job.reserved - entry.reserved,
            )
            if entry.type == "adjust":
                self._correct_month(entry)
            else:
                spent = entry.reserved if entry.amount is None else known
                job = replace(job, run_spent=job.run_spent + spent)
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
        counts = _counted(row.counts, {"cancelled": len(queued)})
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
    ) -> Replayed | None:
        replayed = self._replayed(idempotency, at)
        if replayed is not None:
            return replayed
        self._check_budget(reservation)
        row = self.memory.jobs[_key(job)]
        rows = [self._row(item) for item in items]
        if (
            row.finished_at is None
            or row.status != job.status
            or row.run != job.run
            or any(
                now.status != item.status or not _same(now, item)
                for now, item in zip(rows, items, strict=True)
            )
        ):
            raise StateConflictError("the job moved meanwhile")
        self.memory.batches.reopen_line(row)
        self._claim(reservation, idempotency)
        self._book(reservation.entry)
        amount, run = reservation.entry.amount or 0, job.run + 1
        for now, item in zip(rows, items, strict=True):
            self._save_item(_requeued(now, run, item))
        back: dict[str, int] = {
            status: -count for status, count in Counter(now.status for now in rows).items()
        }
        self._save_job(
            replace(
                row,
                status="queued",
                run=run,
                finished_at=None,
                budget_month=reservation.month,
                max_cost=job.max_cost if job.max_cost is not None else row.max_cost,
                reserved=row.reserved + amount,
                run_reserved=amount,
                run_spent=0,
                counts=_counted(row.counts, back),
                log=(*job.log, log),
            )
        )
        return None

    def finish(self, ending: JobEnding) -> bool:
        before, release = ending.before, ending.release
        row = self.memory.jobs[_key(before)]
        if row.finished_at is not None or _course(row) != _course(before):
            return False
        if release is not None:
            if self._booked(release):
                return False
            self._book(release)
        self.memory.batches.end_line(row, ending.status)
        self.memory.months[before.tenant, before.budget_month] += ending.month_correction
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

    def _check_budget(self, reservation: Reservation) -> None:
        amount = reservation.entry.amount or 0
        committed = self.memory.months[reservation.entry.tenant, reservation.month]
        if amount and reservation.limit is not None and committed + amount > reservation.limit:
            raise BudgetExceededError(
                limit=reservation.limit, committed=committed, requested=amount
            )

    def _claim(self, reservation: Reservation, idempotency: Idempotency) -> None:
        self.memory.keys[_idempotency_key(idempotency)] = idempotency
        month = (reservation.entry.tenant, reservation.month)
        self.memory.months[month] += reservation.entry.amount or 0

    def _booked(self, entry: LedgerEntry) -> bool:
        return entry.entry_id in self.memory.entries.get((entry.tenant, entry.job_id), {})

    def _book(self, entry: LedgerEntry) -> None:
        entries = self.memory.entries.setdefault((entry.tenant, entry.job_id), {})
        assert entry.entry_id not in entries, "an entry is written once"
        entries[entry.entry_id] = entry

    def _correct_month(self, learned: LedgerEntry) -> None:
        """Take what an unknown call holds from the month of its run, and add what it cost."""
        entries = self.memory.entries[learned.tenant, learned.job_id]
        (settled,) = [
            entry
            for entry in entries.values()
            if entry.type == "settle" and entry.item == learned.item
            and entry.attempt == learned.attempt
        ]  # fmt: skip
        (held,) = [
            entry
            for entry in entries.values()
            if entry.type == "reserve" and entry.run == settled.run
        ]
        month = (learned.tenant, f"{held.at:%Y-%m}")
        self.memory.months[month] += (learned.amount or 0) - settled.reserved

    def _row(self, item: Item) -> Item:
        return self.memory.items[_key(item)][item.number]

    def _save_item(self, item: Item) -> Item:
        self.memory.items[_key(item)][item.number] = item
        return item

    def _save_job(self, job: Job) -> None:
        self.memory.jobs[_key(job)] = job


@dataclass
class FakeAssetStore:
    """AssetStore."""

    memory: Memory

    def get(self, tenant: str, asset_id: str) -> Asset:
        if (tenant, asset_id) not in self.memory.assets:
            raise NotFoundError(asset_id)
        return self.memory.assets[tenant, asset_id]

    def get_many(self, tenant: str, asset_ids: Collection[str]) -> Mapping[str, Asset]:
        known = self.memory.assets
        return {name: known[tenant, name] for name in asset_ids if (tenant, name) in known}

    def of_uploads(self, tenant: str, upload_ids: Collection[str]) -> Mapping[str, str]:
        known = self.memory.uploads
        found = [known[tenant, name] for name in upload_ids if (tenant, name) in known]
        return {upload.upload_id: upload.asset_id for upload in found if upload.asset_id}

    def page(self, tenant: str, limit: int, after: str | None) -> AssetPage:
        found = [
            asset
            for (owner, asset_id), asset in sorted(self.memory.assets.items(), reverse=True)
            if owner == tenant and (after is None or asset_id < after)
        ]
        kept = found[:limit]
        return AssetPage(kept, kept[-1].asset_id if len(found) > limit else None)


@dataclass
class FakeLedgerStore:
    """LedgerStore."""

    memory: Memory

    def entries(self, tenant: str, job_id: str) -> Sequence[LedgerEntry]:
        entries = self.memory.entries.get((tenant, job_id), {})
        return [entries[entry_id] for entry_id in sorted(entries)]

    def committed(self, tenant: str, month: str) -> int:
        return self.memory.months[tenant, month]


def _key(of: Job | Item) -> JobKey:
    return of.tenant, of.job_id


def _idempotency_key(idempotency: Idempotency) -> tuple[str, str, str]:
    return idempotency.tenant, idempotency.scope, idempotency.key


def _same(row: Item, seen: Item) -> bool:
    """Whether an item still is in the attempt and run in which it was read."""
    return (row.attempt, row.run) == (seen.attempt, seen.run)


def _course(job: Job) -> tuple[object, ...]:
    """What an end of a run is computed from."""
    return job.run, job.status, job.reserved, job.run_spent


def _in_call(row: Item, seen: Item) -> bool:
    return row.status == "running" and row.attempt == seen.attempt and row.attempt_open


def _ended(row: Item, ending: ItemEnding) -> Item:
    entry = ending.settlement
    return replace(
        row,
        status=ending.status,
        stage="DONE" if ending.status == "succeeded" else ending.before.stage,
        attempt_open=ending.keep_attempt_open,
        settled_attempt=row.settled_attempt if entry is None else row.attempt,
        finished_at=ending.at,
        handle=row.handle if ending.keeps_handle else None,
        error=ending.error,
        **({} if entry is None else _costs(row, entry)),
        waiting=None,
        log=(*row.log, ending.log),
    )


def _requeued(row: Item, run: int, wanted: Item) -> Item:
    return replace(
        row,
        status="queued",
        stage="INIT",
        run=run,
        attempt_open=wanted.attempt_open,
        estimate=wanted.estimate,
        started_at=None,
        finished_at=None,
        error=None,
        log=wanted.log,
        waiting=None,
    )


def _costs(row: Item, entry: LedgerEntry) -> dict[str, Any]:
    """What an item knows of its costs after one more entry."""
    known, unknown = row.known_cost + (entry.amount or 0), row.unknown_costs + _unknown(entry)
    return {
        "settled_basis": entry.basis,
        "known_cost": known,
        "unknown_costs": unknown,
        "cost": UNKNOWN if unknown else Cost(known, entry.basis, entry.price_version),
    }


def _unknown(entry: LedgerEntry) -> int:
    """How an entry changes the number of calls without a known amount."""
    return -1 if entry.type == "adjust" else int(entry.amount is None)


def _counted(counts: Counts, change: Mapping[str, int]) -> Counts:
    return replace(
        counts,
        succeeded=counts.succeeded + change.get("succeeded", 0),
        failed=counts.failed + change.get("failed", 0),
        skipped=counts.skipped + change.get("skipped", 0),
        cancelled=counts.cancelled + change.get("cancelled", 0),
        unknown=counts.unknown + change.get("unknown", 0),
    )
