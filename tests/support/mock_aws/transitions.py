"""Short ways to bring jobs and items into the state that a test of the stores starts from."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from studio.domain.jobs.model import Item, ItemError, ItemStatus, Job
from studio.domain.ledger.model import LedgerEntry, release_id
from studio.money import Cost
from studio.ports.jobs import ItemEnding, JobEnding, Replayed
from tests.support.builders import (
    PRICE,
    a_job,
    a_line,
    a_reservation,
    a_settlement,
    an_asset,
    an_idempotency,
    items_of,
    unique,
)
from tests.support.fakes.edges import START
from tests.support.workflows.jobs import Ports

LATER = START + timedelta(minutes=5)
DEADLINE = START + timedelta(minutes=10)
_MODERATION = ItemError("provider-moderation", "no such pictures", retryable=True)


def create(
    ports: Ports, job: Job | None = None, items: Sequence[Item] | None = None
) -> tuple[Job, list[Item]]:
    """Write a job and its items under a key of its own."""
    job = job or a_job()
    items = items_of(job) if items is None else items
    key = an_idempotency(job.tenant, unique("key"))
    assert ports.jobs.create(job, items, a_reservation(job), key) is None
    return job, list(items)


def begin(ports: Ports, item: Item) -> Item:
    """Write an attempt and return the item as it is now."""
    assert ports.jobs.begin_attempt(item, START, DEADLINE, a_line("begun", item.number))
    return again(ports, item)


def again(ports: Ports, item: Item) -> Item:
    """Read an item again."""
    return ports.jobs.get_item(item.tenant, item.job_id, item.number)


def ending(item: Item, status: ItemStatus = "failed", cost: Cost | None = None) -> ItemEnding:
    """Return the end of an item, paid where it costs something."""
    failed = status in ("failed", "unknown")
    return ItemEnding(
        before=item,
        status=status,
        at=LATER,
        log=a_line("ended", item.number),
        error=_MODERATION if failed else None,
        asset=an_asset(item) if status == "succeeded" else None,
        settlement=None if cost is None else a_settlement(item, cost),
    )


def succeed(ports: Ports, item: Item, cost: Cost = PRICE) -> Item:
    """Bring a queued item to its good end."""
    assert ports.jobs.finish_item(ending(begin(ports, item), "succeeded", cost))
    return again(ports, item)


def fail(ports: Ports, item: Item) -> Item:
    """Bring a queued item to a bad end that costs nothing."""
    assert ports.jobs.finish_item(ending(begin(ports, item)))
    return again(ports, item)


def job_ending(job: Job) -> JobEnding:
    """Return the end of a job as it is, what it still holds given back."""
    release = LedgerEntry(
        tenant=job.tenant,
        job_id=job.job_id,
        entry_id=release_id(job.run),
        type="release",
        at=LATER,
        run=job.run,
        amount=job.reserved,
        basis="estimated",
    )
    return JobEnding(
        before=job,
        status="failed",
        at=LATER,
        log=a_line("ended"),
        release=release if job.reserved else None,
        month_correction=job.run_spent - job.run_reserved,
    )


def end(ports: Ports, job: Job) -> Job:
    """End a job as it is and return it."""
    assert ports.jobs.finish(job_ending(ports.jobs.get(job.tenant, job.job_id)))
    return ports.jobs.get(job.tenant, job.job_id)


def redrive(ports: Ports, job: Job, items: Sequence[Item], key: str = "") -> Replayed | None:
    """Queue items again in the job's next run."""
    amount = sum(item.estimate.known_micros for item in items)
    reopened = replace(job, run=job.run + 1, run_reserved=amount)
    return ports.jobs.redrive(
        job,
        items,
        a_reservation(reopened),
        an_idempotency(job.tenant, key or unique("key")),
        LATER,
        a_line("redriven"),
    )


def everything(ports: Ports, job: Job) -> tuple[object, ...]:
    """Return all that the stores hold of a job, to see whether a call changed anything."""
    return (
        ports.jobs.load(job.tenant, job.job_id),
        ports.ledger.entries(job.tenant, job.job_id),
        ports.ledger.month(job.tenant, job.budget_month),
        ports.assets.page(job.tenant, 100, None),
    )
