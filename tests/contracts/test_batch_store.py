"""ImportStore and BatchStore, and what a job's moves do to its row: in memory and on DynamoDB."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

import pytest

from studio.domain.batches.model import Batch, BatchImport, RowCounts, RowError, Totals
from studio.domain.jobs.model import Counts, Job, OrderDefaults, Origin
from studio.domain.jobs.wanted import EVERY_JOB
from studio.errors import (
    IdempotencyKeyReusedError,
    NotFoundError,
    StateConflictError,
)
from studio.ids import new_id
from studio.money import UNKNOWN
from studio.ports.jobs import Replayed
from tests.support.builders import TENANT, a_job, a_reservation, an_idempotency, items_of, unique
from tests.support.fakes.edges import START
from tests.support.mock_aws.conflicting_dynamodb import BACKENDS, dynamodb_of
from tests.support.mock_aws.stack import CATALOG, clients, mock_stack
from tests.support.mock_aws.transitions import LATER, begin, end, ending, job_ending, redrive
from tests.support.workflows.batches import BatchStudio, aws_batches, memory_batches


@pytest.fixture(params=BACKENDS)
def studio(request: pytest.FixtureRequest) -> Iterator[BatchStudio]:
    if request.param == "memory":
        yield memory_batches()
        return
    with mock_stack():
        yield aws_batches(dynamodb=dynamodb_of(request.param))


def an_import(studio: BatchStudio) -> BatchImport:
    """Write an import that was checked."""
    value = BatchImport(
        TENANT, new_id("imp", START), "Mugs", "key", START, "user-1", defaults={"seed": 1}
    )
    studio.imports.put(value)
    done = replace(
        value,
        status="validated",
        delimiter=";",
        totals=Totals(2, 1, 3, 90, 1),
        ignored=("x",),
        encoding="windows-1252",
        warnings=("read as Windows-1252",),
        errors=(RowError(3, None, "code", "detail"),),
    )
    assert studio.imports.finish(done)
    return done


def a_batch(studio: BatchStudio, key: str = "") -> Batch:
    """Write a batch of two rows."""
    batch = Batch(
        tenant=TENANT,
        batch_id=new_id("bat", START),
        import_id=an_import(studio).import_id,
        name="Mugs",
        created_at=START,
        created_by="user-1",
        total=2,
        images=Counts(4),
        estimate=90,
        concurrency=2,
        notify_email="ann@example.com",
        defaults=OrderDefaults("runware", None, "png"),
    )
    studio.batches.create(batch, an_idempotency(key=key or unique("key")))
    return batch


def a_row_of(batch: Batch, number: int = 2) -> Job:
    return a_job(origin=Origin(batch_id=batch.batch_id, batch_line=number))


def created(studio: BatchStudio, job: Job) -> Job:
    studio.base.raw.jobs.create(
        job, items_of(job), a_reservation(job), an_idempotency(key=unique("key"))
    )
    return job


def ended(studio: BatchStudio, job: Job) -> Job:
    """Bring a row's job to an end: one image failed, one with an unknown cost."""
    ports = studio.base.raw
    first, second = ports.jobs.load(job.tenant, job.job_id)[1]
    assert ports.jobs.finish_item(ending(begin(ports, first)))
    assert ports.jobs.finish_item(ending(begin(ports, second), "unknown", UNKNOWN))
    return end(ports, job)


def again(studio: BatchStudio, batch: Batch) -> Batch:
    return studio.batches.get(TENANT, batch.batch_id)


def counted(studio: BatchStudio, batch: Batch) -> Batch:
    """Return the batch with counters made anew from its rows."""
    rows = studio.rows(batch)
    by_status = Counter(str(row.status) for row in rows if row.status != "waiting")
    images = [row.images for row in rows if row.images]
    names = ("succeeded", "failed", "skipped", "cancelled", "unknown")
    sums = {name: sum(getattr(one, name) for one in images) for name in names}
    return replace(
        again(studio, batch),
        rows=RowCounts(**by_status),
        images=Counts(batch.images.total, **sums),
        cost=sum(row.cost for row in rows),
        unknown_costs=sum(row.unknown_costs for row in rows),
    )


def test_an_import_is_read_as_it_was_written(studio: BatchStudio) -> None:
    done = an_import(studio)

    assert studio.imports.get(TENANT, done.import_id) == done
    assert not studio.imports.finish(replace(done, status="invalid"))
    with pytest.raises(NotFoundError):
        studio.imports.get("other", done.import_id)


def test_a_kept_import_has_its_files_where_nothing_expires(studio: BatchStudio) -> None:
    done = an_import(studio)
    assert done.key("lines.jsonl").startswith("imports/")

    assert studio.imports.keep(done)
    assert studio.imports.keep(done)

    kept = studio.imports.get(TENANT, done.import_id)
    assert kept == replace(done, kept=True)
    assert kept.key("lines.jsonl") == f"kept/{TENANT}/{done.import_id}/lines.jsonl"
    assert not studio.imports.keep(replace(done, import_id=new_id("imp", START)))


def test_only_an_import_that_is_not_kept_expires() -> None:
    with mock_stack():
        studio = aws_batches()
        done = an_import(studio)
        key = {"pk": {"S": f"{TENANT}#IMPORTS"}, "sk": {"S": done.import_id}}
        read = clients().dynamodb.get_item
        assert "expires_at" in read(TableName=CATALOG, Key=key)["Item"]
        studio.imports.keep(done)
        assert "expires_at" not in read(TableName=CATALOG, Key=key)["Item"]


def test_imports_come_in_pages_newest_first(studio: BatchStudio) -> None:
    ids = sorted((an_import(studio).import_id for _ in range(3)), reverse=True)

    first = studio.imports.page(TENANT, 2, None)
    rest = studio.imports.page(TENANT, 2, first.next_after)

    assert [value.import_id for value in (*first.imports, *rest.imports)] == ids
    assert rest.next_after is None
    assert studio.imports.page("other", 2, None).imports == []


def test_a_batch_is_read_as_it_was_written_and_its_import_knows_it(studio: BatchStudio) -> None:
    batch = a_batch(studio)

    assert again(studio, batch) == batch
    assert studio.imports.get(TENANT, batch.import_id).batch_id == batch.batch_id
    with pytest.raises(NotFoundError):
        studio.batches.get("other", batch.batch_id)


def test_an_import_becomes_one_batch_whatever_the_key(studio: BatchStudio) -> None:
    batch = a_batch(studio, key="key-1")
    second = replace(batch, batch_id=new_id("bat", START))

    replayed = studio.batches.create(second, an_idempotency(key="key-1", answer="second"))
    assert replayed == Replayed('{"id":"job"}')
    with pytest.raises(IdempotencyKeyReusedError):
        studio.batches.create(second, an_idempotency(key="key-1", body_hash="other"))
    with pytest.raises(StateConflictError):
        studio.batches.create(second, an_idempotency(key="key-2"))
    assert len(studio.batches.page(TENANT, 10, None).batches) == 1


def test_a_schedule_makes_a_batch_of_its_import_at_every_run(studio: BatchStudio) -> None:
    scheduled = replace(a_batch(studio), schedule_id="mondays")
    for name in ("first", "second"):
        run = replace(scheduled, batch_id=new_id("bat", START), name=name)
        studio.batches.create(run, an_idempotency(key=name))
        assert again(studio, run) == run
        assert studio.imports.get(TENANT, run.import_id).batch_id == run.batch_id


def test_only_an_import_that_passed_its_check_becomes_a_batch(studio: BatchStudio) -> None:
    batch = a_batch(studio)
    unchecked = BatchImport(TENANT, new_id("imp", START), "Mugs", "key", START, "user-1")
    studio.imports.put(unchecked)

    for schedule_id in (None, "mondays"):
        other = replace(
            batch,
            batch_id=new_id("bat", START),
            import_id=unchecked.import_id,
            schedule_id=schedule_id,
        )
        with pytest.raises(StateConflictError):
            studio.batches.create(other, an_idempotency(key=unique("key")))


def test_batches_come_in_pages_newest_first(studio: BatchStudio) -> None:
    ids = sorted((a_batch(studio).batch_id for _ in range(3)), reverse=True)

    first = studio.batches.page(TENANT, 2, None)
    rest = studio.batches.page(TENANT, 2, first.next_after)

    assert [batch.batch_id for batch in (*first.batches, *rest.batches)] == ids
    assert studio.base.raw.jobs.page(TENANT, EVERY_JOB, 10, None).jobs == []


def test_rows_come_in_pages_in_the_order_of_the_table(studio: BatchStudio) -> None:
    batch = a_batch(studio)
    for number in (10, 2, 9_999):
        assert studio.batches.refuse(batch, number, "code", "why")

    first = studio.batches.rows(TENANT, batch.batch_id, 2, None)
    rest = studio.batches.rows(TENANT, batch.batch_id, 2, first.next_after)

    assert [row.number for row in (*first.rows, *rest.rows)] == [2, 10, 9_999]
    assert (first.next_after, rest.next_after) == (10, None)
    assert studio.batches.rows("other", batch.batch_id, 2, None).rows == []


def test_the_counters_equal_the_rows_after_every_move(studio: BatchStudio) -> None:
    batch, ports = a_batch(studio), studio.base.raw
    job = created(studio, a_row_of(batch))
    assert again(studio, batch) == counted(studio, batch)
    assert again(studio, batch).rows.running == 1
    assert studio.batches.refuse(batch, 3, "recipe-unknown", "gone")
    assert again(studio, batch) == counted(studio, batch)

    done = ended(studio, job)
    assert not studio.batches.reopen(batch, 2)
    assert not ports.jobs.finish(job_ending(done))
    now = again(studio, batch)
    assert now == counted(studio, batch)
    assert (now.images.failed, now.images.unknown, now.unknown_costs) == (1, 1, 1)
    assert (now.rows.failed, now.rows.running) == (2, 0)

    failed = [item for item in ports.jobs.load(TENANT, job.job_id)[1] if item.status == "failed"]
    redrive(ports, done, failed)
    now = again(studio, batch)
    assert now == counted(studio, batch)
    assert (now.images.failed, now.unknown_costs, now.rows.running) == (0, 0, 1)

    (item,) = [one for one in ports.jobs.load(TENANT, job.job_id)[1] if one.status == "queued"]
    assert ports.jobs.finish_item(ending(begin(ports, item)))
    end(ports, job)
    now = again(studio, batch)
    assert now == counted(studio, batch)
    assert (now.images.failed, now.images.unknown, now.unknown_costs) == (1, 1, 1)


def test_a_row_gets_one_job(studio: BatchStudio) -> None:
    batch = a_batch(studio)
    created(studio, a_row_of(batch))

    with pytest.raises(StateConflictError):
        created(studio, a_row_of(batch))
    assert not studio.batches.refuse(batch, 2, "code", "why")
    assert not studio.batches.reopen(batch, 2)
    assert again(studio, batch) == counted(studio, batch)


def test_a_refused_row_waits_again_and_then_gets_its_job(studio: BatchStudio) -> None:
    batch = a_batch(studio)
    assert studio.batches.refuse(batch, 2, "budget-exceeded", "full")
    assert not studio.batches.refuse(batch, 2, "budget-exceeded", "full")
    row = studio.batches.row(TENANT, batch.batch_id, 2)
    assert row is not None
    assert (row.status, row.error_code, row.error_message) == (
        "failed",
        "budget-exceeded",
        "full",
    )

    for _ in range(2):
        assert studio.batches.reopen(batch, 2)
        assert not studio.batches.reopen(batch, 2)
        assert again(studio, batch).waiting == 2
        assert studio.batches.refuse(batch, 2, "budget-exceeded", "full")
    assert studio.batches.reopen(batch, 2)
    job = created(studio, a_row_of(batch))

    row = studio.batches.row(TENANT, batch.batch_id, 2)
    assert row is not None
    assert (row.status, row.job_id, row.error_code) == ("running", job.job_id, None)
    assert again(studio, batch) == counted(studio, batch)


def test_a_cancelled_batch_takes_no_row(studio: BatchStudio) -> None:
    batch = a_batch(studio)
    assert studio.batches.stop(batch)

    with pytest.raises(StateConflictError):
        created(studio, a_row_of(batch))
    assert again(studio, batch).stopped
    assert studio.rows(batch) == []


def test_a_cancelled_batch_takes_no_row_back_until_it_has_ended(studio: BatchStudio) -> None:
    batch = a_batch(studio)
    job = created(studio, a_row_of(batch))
    done = ended(studio, job)
    ports = studio.base.raw
    items = [item for item in ports.jobs.load(TENANT, job.job_id)[1] if item.status == "failed"]
    assert studio.batches.stop(batch)
    before = again(studio, batch), ports.jobs.load(TENANT, job.job_id)

    with pytest.raises(StateConflictError):
        redrive(ports, done, items)

    assert (again(studio, batch), ports.jobs.load(TENANT, job.job_id)) == before
    assert studio.batches.finish(batch, LATER)
    redrive(ports, done, items)
    assert again(studio, batch) == counted(studio, batch)
    assert again(studio, batch).rows.running == 1


def test_a_run_ends_once_and_only_without_running_rows(studio: BatchStudio) -> None:
    batch = a_batch(studio)
    job = created(studio, a_row_of(batch))
    assert not studio.batches.finish(batch, LATER)
    assert studio.batches.open_batches(10) == [(TENANT, batch.batch_id)]
    ended(studio, job)

    assert studio.batches.finish(batch, LATER)
    assert not studio.batches.finish(batch, LATER)
    assert not studio.batches.stop(batch)
    assert not studio.batches.refuse(batch, 3, "code", "late")
    with pytest.raises(StateConflictError):
        created(studio, a_row_of(batch, 3))
    assert again(studio, batch).finished_at == LATER
    assert studio.batches.open_batches(10) == []
    assert studio.base.raw.jobs.open_jobs(10) == []


def test_batches_that_have_not_ended_come_in_pages_oldest_first(studio: BatchStudio) -> None:
    found = sorted((TENANT, a_batch(studio).batch_id) for _ in range(3))

    assert list(studio.batches.open_batches(2)) == found[:2]
    assert list(studio.batches.open_batches(2, found[1])) == found[2:]


def test_a_redrive_opens_the_next_run_once(studio: BatchStudio) -> None:
    batch = a_batch(studio)
    with pytest.raises(StateConflictError):
        studio.batches.redrive(batch, 1, an_idempotency(key="early"), LATER)
    studio.batches.finish(batch, LATER)

    first = an_idempotency(key="once", answer="reopened")
    assert studio.batches.redrive(batch, 1, first, LATER) is None

    now = again(studio, batch)
    assert (now.run, now.concurrency, now.stopped, now.finished_at) == (2, 1, False, None)
    assert not now.dropped
    assert studio.batches.open_batches(10) == [(TENANT, batch.batch_id)]
    assert not studio.batches.finish(batch, LATER)
    assert not studio.batches.stop(batch)
    assert not studio.batches.refuse(batch, 2, "code", "of the run before")
    replayed = studio.batches.redrive(batch, 1, an_idempotency(key="once", answer="no"), LATER)
    assert replayed == Replayed("reopened")
    assert studio.batches.finish(now, LATER)
    with pytest.raises(StateConflictError):
        studio.batches.redrive(batch, 1, an_idempotency(key="twice"), LATER)
    assert again(studio, batch).run == 2


def test_a_redrive_remembers_that_a_run_was_cancelled(studio: BatchStudio) -> None:
    batch = a_batch(studio)
    studio.batches.stop(batch)
    for _ in range(2):
        batch = again(studio, batch)
        studio.batches.finish(batch, LATER)
        studio.batches.redrive(again(studio, batch), 1, an_idempotency(key=unique("key")), LATER)
        now = again(studio, batch)
        assert (now.stopped, now.dropped) == (False, True)


def test_a_batch_comes_from_an_import_that_was_checked_and_is_written_once(
    studio: BatchStudio,
) -> None:
    batch = a_batch(studio)
    fresh = replace(batch, batch_id=new_id("bat", START), import_id=new_id("imp", START))
    unchecked = BatchImport(TENANT, fresh.import_id, None, "key", START, "user-1")
    studio.imports.put(unchecked)

    with pytest.raises(StateConflictError):
        studio.batches.create(fresh, an_idempotency(key="unchecked"))
    twice = replace(batch, import_id=an_import(studio).import_id)
    with pytest.raises(StateConflictError):
        studio.batches.create(twice, an_idempotency(key="twice"))
    assert again(studio, batch) == batch
