"""The invariants of a studio, as checks that any studio can be given.

P1: every job and every image ends. P2: no image is paid twice. P3: the cost of a job is the sum
of its entries. P4: an image succeeded exactly if its asset and files exist. P5: counters equal
the rows that they count. P7: another tenant sees nothing. P8: a repeated event changes nothing.
"""

from collections import Counter
from collections.abc import Callable, Iterable

from studio.domain.contents.model import count_slots
from studio.domain.jobs.model import TERMINAL_ITEM, Item, Job, JobStatus
from studio.domain.ledger.model import LedgerEntry, MonthTotals, totals
from studio.errors import NotFoundError
from tests.support.workflows.jobs import Studio

STRANGER = "stranger"
TERMINAL_JOB: frozenset[JobStatus] = frozenset(
    {"succeeded", "partially_succeeded", "failed", "cancelled"}
)


def keep_books(studio: Studio, jobs: Iterable[tuple[str, str]]) -> None:
    """Check P2 to P5, P7 and the slots of contents, which hold at every moment."""
    months: Counter[tuple[str, str]] = Counter()
    reserved: Counter[tuple[str, str]] = Counter()
    for tenant, job_id in jobs:
        job, items = studio.raw.jobs.load(tenant, job_id)
        entries = studio.raw.ledger.entries(tenant, job_id)
        _counters_equal_rows(job, items)
        _job_equals_ledger(job, entries)
        _pictures_exist(studio, items)
        _strangers_see_nothing(studio, job, items)
        _contents_follow(studio, job, items)
        if not studio.provider.repeatable:
            _paid_at_most_once(studio, items, entries)
        if job.finished_at is None:
            reserved[tenant, job.budget_month] += job.run_reserved
        for run in range(1, job.run + 1):
            months[tenant, job.budget_month] += _committed(job, entries, run)
    for (tenant, month), committed in months.items():
        totals_of_month = MonthTotals(committed, reserved[tenant, month])
        assert studio.raw.ledger.month(tenant, month) == totals_of_month


def is_over(job: Job, items: Iterable[Item]) -> None:
    """Check P1: the job and every image of it ended."""
    assert job.status in TERMINAL_JOB
    assert job.finished_at is not None
    assert all(item.status in TERMINAL_ITEM for item in items)
    assert job.reserved == 0


def was_announced(studio: Studio, job: Job) -> None:
    """Check that the end of the job's last run went out as an event."""
    ids = {(event.type, event.id) for event in studio.events.events}
    assert (f"job.{job.status}", f"evt_{job.job_id}_{job.run}") in ids


def snapshot(studio: Studio, tenant: str, job_id: str) -> tuple[object, ...]:
    """Return everything that a duplicate must leave as it is (P8)."""
    job, items = studio.raw.jobs.load(tenant, job_id)
    entries = studio.raw.ledger.entries(tenant, job_id)
    assets = studio.raw.assets.page(tenant, 100, None).assets
    committed = studio.raw.ledger.committed(tenant, job.budget_month)
    return job, items, tuple(entries), tuple(assets), committed, dict(studio.provider.paid)


def _counters_equal_rows(job: Job, items: tuple[Item, ...]) -> None:
    """P5."""
    rows = Counter(item.status for item in items)
    counts = job.counts
    assert counts.total == len(items)
    assert (
        counts.succeeded, counts.failed, counts.skipped, counts.cancelled, counts.unknown,
    ) == (
        rows["succeeded"], rows["failed"], rows["skipped"], rows["cancelled"], rows["unknown"],
    )  # fmt: skip


def _job_equals_ledger(job: Job, entries: Iterable[LedgerEntry]) -> None:
    """P3: the job's cost is the sum of its settled entries, what it holds is what they leave."""
    entries = list(entries)
    sums = totals(entries)
    assert job.cost == sums.settled
    assert job.unknown_costs == sums.unknown_entries
    assert job.reserved == sums.held
    for run in range(1, job.run + 1):
        of_run = totals(entry for entry in entries if entry.run == run)
        ended = run < job.run or job.finished_at is not None
        assert of_run.held == (0 if ended else job.reserved)


def _committed(job: Job, entries: Iterable[LedgerEntry], run: int) -> int:
    """Return what the month must carry of a run: the hold while it lasts, then the spent sum.

    A cost that was learned later takes the place of the estimate that its call held.
    """
    entries = list(entries)
    of_run = [entry for entry in entries if entry.run == run]
    if run == job.run and job.finished_at is None:
        return totals(of_run).reserved
    learned = {(one.item, one.attempt): one.amount for one in entries if one.type == "adjust"}
    return sum(
        (learned.get((one.item, one.attempt), one.reserved) if one.amount is None else one.amount)
        or 0
        for one in of_run
        if one.type == "settle"
    )


def _pictures_exist(studio: Studio, items: tuple[Item, ...]) -> None:
    """P4: an image succeeded exactly if its asset is there, and then its files are there."""
    for item in items:
        try:
            asset = studio.raw.assets.get(item.tenant, item.asset_id)
        except NotFoundError:
            assert item.status != "succeeded"
            continue
        assert item.status == "succeeded"
        for stored in (asset.image, asset.thumbnail):
            data, _ = studio.raw.blobs.read(stored.key)
            assert len(data) == stored.bytes


def _contents_follow(studio: Studio, job: Job, items: tuple[Item, ...]) -> None:
    """A content is claimed exactly while its job is open, and its slots say what its images did.

    A slot that was changed since its order says nothing of its image.
    """
    for content_id in job.content_ids:
        article = studio.raw.contents.load(job.tenant, content_id)
        assert article.content.counts == count_slots(article.slots)
        assert article.content.job_id == (job.job_id if job.finished_at is None else None)
        slots = {slot.number: slot for slot in article.slots}
        for item in items:
            ref = item.spec.slot
            if ref is None or ref.content_id != content_id:
                continue
            slot = slots[ref.number]
            if slot.version != ref.version:
                assert (slot.status, slot.results) == ("pending", ())
                continue
            made = {one.asset_id for one in slot.results}
            assert (slot.status == "generated") == (item.status == "succeeded")
            assert made == {item.asset_id} if item.status == "succeeded" else made <= {None}
            if item.status in ("failed", "unknown"):
                assert slot.status == "failed"
            if job.run == 1 and item.status in ("queued", "running", "cancelled"):
                assert slot.status == "pending"


def _paid_at_most_once(
    studio: Studio, items: tuple[Item, ...], entries: Iterable[LedgerEntry]
) -> None:
    """P2: beyond one known payment, the provider was paid only for calls booked as unknown."""
    known: Counter[int | None] = Counter()
    unknown: Counter[int | None] = Counter()
    for entry in entries:
        if entry.type == "settle":
            (unknown if entry.amount is None else known)[entry.item] += 1
        elif entry.type == "adjust":
            unknown[entry.item] -= 1
            known[entry.item] += 1
    for item in items:
        paid = studio.provider.paid[item.spec.prompt or ""]
        open_call = item.attempt_open and item.settled_attempt != item.attempt
        assert known[item.number] <= paid <= known[item.number] + unknown[item.number] + open_call


def _strangers_see_nothing(studio: Studio, job: Job, items: tuple[Item, ...]) -> None:
    """P7."""
    jobs, assets = studio.raw.jobs, studio.raw.assets
    not_found(jobs.get, STRANGER, job.job_id)
    not_found(jobs.load, STRANGER, job.job_id)
    for item in items:
        not_found(jobs.get_item, STRANGER, job.job_id, item.number)
        not_found(assets.get, STRANGER, item.asset_id)
    assert not studio.raw.ledger.entries(STRANGER, job.job_id)


def not_found(act: Callable[..., object], *arguments: object) -> None:
    """Check that something does not exist for the caller."""
    try:
        act(*arguments)
    except NotFoundError:
        return
    raise AssertionError("a stranger saw something")
