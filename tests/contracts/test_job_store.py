"""JobStore: what is written, what is read back, what is listed."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from studio.domain.jobs.image_spec import FallbackRecord, Substitute
from studio.domain.jobs.model import Counts, ItemError, Origin
from studio.domain.jobs.wanted import EVERY_JOB, WantedJobs
from studio.errors import (
    BudgetExceededError,
    IdempotencyKeyReusedError,
    NotFoundError,
    StateConflictError,
)
from studio.ids import new_id
from studio.money import UNKNOWN
from studio.ports.jobs import Replayed
from tests.support.builders import (
    MONTH,
    TENANT,
    a_job,
    a_line,
    a_reservation,
    a_spec,
    an_idempotency,
    an_item,
    items_of,
)
from tests.support.fakes.edges import START
from tests.support.mock_aws.transitions import (
    begin,
    create,
    end,
    everything,
    fail,
    redrive,
    succeed,
)
from tests.support.workflows.jobs import Ports

_SUBSTITUTED = a_spec(
    seed=7,
    steps=20,
    options={"style_preset": "anime"},
    warnings=("a",),
    substitutes=(
        Substitute("runware", "r-1", seed=7, options={"style_preset": "anime"}),
        Substitute("gemini", "g-1", "rain", None, 5, "2.5", "0.5", {}, ("b", "c"), "fox, red"),
    ),
    original_prompt="fox",
    persona="our-brand@3",
    enhance_prompt=True,
    seed_generated=True,
    replaced=FallbackRecord("builtin", "preview-1", "it is gone", 3),
)


def test_a_job_is_read_as_it_was_written(ports: Ports) -> None:
    job = a_job(images=3, max_cost=500_000)
    spec = a_spec(
        negative_prompt="text", seed=0, steps=20, guidance="7.5", label="Hero", type="featured",
        position=2, title="Über füchse", template="our-posts@3", warnings=("a", "b"),
        quality="premium", output_format="avif", output_quality=55,
    )  # fmt: skip
    skipped = ItemError("no-prompt", "The image has no prompt and was skipped.")
    items = [
        an_item(job, 1, spec=spec, log=(a_line("warned", 1),)),
        an_item(
            job,
            2,
            spec=a_spec(prompt=None, width=None, height=None),
            status="skipped",
            error=skipped,
        ),
        an_item(job, 3, estimate=UNKNOWN, spec=_SUBSTITUTED),
    ]
    create(ports, job, items)
    assert ports.jobs.load(TENANT, job.job_id) == (job, tuple(items))
    assert ports.jobs.get(TENANT, job.job_id) == job
    assert ports.jobs.get_item(TENANT, job.job_id, 1) == items[0]


def test_fifty_images_fit_one_job_and_keep_their_order(ports: Ports) -> None:
    job, items = create(ports, a_job(images=50))
    assert list(ports.jobs.load(TENANT, job.job_id)[1]) == items


def test_fifty_long_prompts_are_more_than_one_read_and_still_one_job(ports: Ports) -> None:
    job = a_job(images=50)
    items = [replace(item, spec=a_spec(prompt="fox " * 8000)) for item in items_of(job)]
    create(ports, job, items)
    assert ports.jobs.load(TENANT, job.job_id) == (job, tuple(items))


def test_creating_books_the_reservation(ports: Ports) -> None:
    job, _ = create(ports)
    assert ports.ledger.entries(TENANT, job.job_id) == [a_reservation(job).entry]
    assert ports.ledger.committed(TENANT, MONTH) == job.run_reserved


def test_nothing_of_another_tenant_is_found(ports: Ports) -> None:
    job, _ = create(ports)
    with pytest.raises(NotFoundError):
        ports.jobs.get("zenith", job.job_id)
    with pytest.raises(NotFoundError):
        ports.jobs.load("zenith", job.job_id)
    with pytest.raises(NotFoundError):
        ports.jobs.get_item("zenith", job.job_id, 1)


def test_what_was_never_written_is_not_found(ports: Ports) -> None:
    job, _ = create(ports)
    with pytest.raises(NotFoundError):
        ports.jobs.get_item(TENANT, job.job_id, 3)
    with pytest.raises(NotFoundError):
        ports.jobs.load(TENANT, a_job().job_id)


def test_a_key_gives_its_first_answer_again(ports: Ports) -> None:
    job, other = a_job(), a_job()
    first, second = an_idempotency(answer="first"), an_idempotency(answer="second")
    assert ports.jobs.create(job, items_of(job), a_reservation(job), first) is None
    created = ports.jobs.create(other, items_of(other), a_reservation(other), second)
    found = ports.jobs.check_idempotency_key(TENANT, "POST /v1/jobs", "key-1", "hash-1", START)
    assert created == found == Replayed("first")
    with pytest.raises(NotFoundError):
        ports.jobs.get(TENANT, other.job_id)
    assert ports.ledger.committed(TENANT, MONTH) == job.run_reserved


def test_a_key_is_good_for_one_body(ports: Ports) -> None:
    job, other = a_job(), a_job()
    ports.jobs.create(job, items_of(job), a_reservation(job), an_idempotency())
    with pytest.raises(IdempotencyKeyReusedError):
        ports.jobs.create(
            other, items_of(other), a_reservation(other), an_idempotency(body_hash="hash-2")
        )
    with pytest.raises(IdempotencyKeyReusedError):
        ports.jobs.check_idempotency_key(TENANT, "POST /v1/jobs", "key-1", "hash-2", START)


def test_the_same_key_elsewhere_is_another_key(ports: Ports) -> None:
    job = a_job()
    ports.jobs.create(job, items_of(job), a_reservation(job), an_idempotency())
    for tenant, scope, key in (
        ("zenith", "POST /v1/jobs", "key-1"),
        (TENANT, "POST redrive", "key-1"),
        (TENANT, "POST /v1/jobs", "key-2"),
    ):
        assert ports.jobs.check_idempotency_key(tenant, scope, key, "hash-2", START) is None


def test_a_key_can_be_used_anew_once_it_expired(ports: Ports) -> None:
    job = a_job()
    ports.jobs.create(job, items_of(job), a_reservation(job), an_idempotency())
    at = START + timedelta(hours=49)
    store = ports.jobs
    assert store.check_idempotency_key(TENANT, "POST /v1/jobs", "key-1", "hash-2", at) is None
    late = a_job(created_at=at)
    ports.jobs.create(late, items_of(late), a_reservation(late), an_idempotency(body_hash="hash-2"))
    assert ports.jobs.get(TENANT, late.job_id) == late


def test_a_job_id_is_never_written_twice(ports: Ports) -> None:
    job, _ = create(ports)
    before = everything(ports, job)
    with pytest.raises(StateConflictError):
        create(ports, replace(job, name="another"))
    assert everything(ports, job) == before


def test_the_month_holds_up_to_its_limit_and_no_more(ports: Ports) -> None:
    first, second, third = a_job(), a_job(), a_job()
    for job in (first, second):
        ports.jobs.create(
            job, items_of(job), a_reservation(job, limit=160_000), an_idempotency(key=job.job_id)
        )
    with pytest.raises(BudgetExceededError) as refused:
        ports.jobs.create(
            third, items_of(third), a_reservation(third, limit=160_000), an_idempotency(key="3")
        )
    error = refused.value
    assert (error.limit, error.committed, error.requested) == (160_000, 160_000, 80_000)
    assert ports.ledger.committed(TENANT, MONTH) == 160_000
    with pytest.raises(NotFoundError):
        ports.jobs.get(TENANT, third.job_id)
    store = ports.jobs
    assert store.check_idempotency_key(TENANT, "POST /v1/jobs", "3", "hash-1", START) is None


def test_the_first_job_of_a_month_is_held_to_the_limit(ports: Ports) -> None:
    job = a_job()
    with pytest.raises(BudgetExceededError) as refused:
        ports.jobs.create(job, items_of(job), a_reservation(job, limit=79_999), an_idempotency())
    error = refused.value
    assert (error.limit, error.committed, error.requested) == (79_999, 0, 80_000)


def test_a_job_that_holds_nothing_needs_no_room(ports: Ports) -> None:
    full, free = a_job(), a_job(reserved=0, run_reserved=0)
    ports.jobs.create(full, items_of(full), a_reservation(full, limit=80_000), an_idempotency())
    reservation = a_reservation(free, limit=80_000)
    ports.jobs.create(free, items_of(free), reservation, an_idempotency(key="free"))
    assert ports.ledger.committed(TENANT, MONTH) == 80_000
    with pytest.raises(StateConflictError):
        ports.jobs.create(free, items_of(free), reservation, an_idempotency(key="again"))


def test_jobs_are_listed_newest_first_in_pages(ports: Ports) -> None:
    jobs = [create(ports)[0] for _ in range(5)]
    create(ports, a_job("zenith"))
    newest = jobs[::-1]
    page = ports.jobs.page(TENANT, EVERY_JOB, 2, None)
    assert list(page.jobs) == newest[:2]
    page = ports.jobs.page(TENANT, EVERY_JOB, 2, page.next_after)
    assert list(page.jobs) == newest[2:4]
    page = ports.jobs.page(TENANT, EVERY_JOB, 2, page.next_after)
    assert list(page.jobs) == newest[4:]
    assert page.next_after is None


def test_a_page_that_is_exactly_full_is_the_last(ports: Ports) -> None:
    for _ in range(2):
        create(ports)
    assert ports.jobs.page(TENANT, EVERY_JOB, 2, None).next_after is None
    assert ports.jobs.page("unknown", EVERY_JOB, 2, None).jobs == []


def test_jobs_are_filtered_by_status_across_pages(ports: Ports) -> None:
    jobs = [create(ports)[0] for _ in range(6)]
    wanted = [jobs[5], jobs[2], jobs[0]]
    for job in wanted:
        assert ports.jobs.start(job, START, a_line())
    busy = WantedJobs(statuses=("running", "cancelling"))
    page = ports.jobs.page(TENANT, busy, 2, None)
    assert [job.job_id for job in page.jobs] == [job.job_id for job in wanted[:2]]
    page = ports.jobs.page(TENANT, busy, 2, page.next_after)
    assert [job.job_id for job in page.jobs] == [wanted[2].job_id]
    assert page.next_after is None


def test_jobs_are_filtered_by_what_their_records_say(ports: Ports) -> None:
    origin = Origin(folder="SKU-1", batch_id="bat_00000000000000000000000000")
    plain, other, wanted, latest = (
        create(ports, a_job())[0],
        create(ports, a_job(labels={"season": "spring"}))[0],
        create(ports, a_job(operation="render", labels={"season": "autumn"}, origin=origin))[0],
        create(ports, a_job(operation="render"))[0],
    )

    def found(**members: Any) -> list[str]:
        return [job.job_id for job in ports.jobs.page(TENANT, WantedJobs(**members), 9, None).jobs]

    assert found(operations=("render",)) == [latest.job_id, wanted.job_id]
    assert found(folder="SKU-1") == [wanted.job_id]
    assert found(batch_id=origin.batch_id) == [wanted.job_id]
    assert found(labels=(("season", None),)) == [wanted.job_id, other.job_id]
    assert found(labels=(("season", "spring"), ("article", "a-1"))) == [
        latest.job_id, other.job_id, plain.job_id,
    ]  # fmt: skip
    assert found(labels=(("season", "summer"),)) == []
    assert found(folder="SKU-1", statuses=("failed",)) == []


def test_jobs_are_filtered_by_time(ports: Ports) -> None:
    times = [START + timedelta(seconds=seconds) for seconds in range(4)]
    ids = [new_id("job", at) for at in times]
    for job_id, at in zip(ids, times, strict=True):
        create(ports, a_job(job_id=job_id, created_at=at))

    def found(**members: Any) -> list[str]:
        return [job.job_id for job in ports.jobs.page(TENANT, WantedJobs(**members), 9, None).jobs]

    assert found(created_from=times[1]) == ids[:0:-1]
    assert found(created_until=times[2]) == [ids[1], ids[0]]
    assert found(created_from=times[1], created_until=times[3]) == [ids[2], ids[1]]


def test_the_newest_finished_image_stands_for_its_job(ports: Ports) -> None:
    def shown() -> str | None:
        return ports.jobs.page(TENANT, EVERY_JOB, 1, None).jobs[0].latest_asset_id

    _, items = create(ports)
    assert shown() is None
    succeed(ports, items[1])
    assert shown() == items[1].asset_id
    fail(ports, items[0])
    assert shown() == items[1].asset_id


def test_jobs_that_have_not_ended_are_found_oldest_first(ports: Ports) -> None:
    jobs = [create(ports, a_job(tenant))[0] for tenant in ("acme", "zenith", "acme", "acme")]
    end(ports, jobs[0])
    open_jobs = [(job.tenant, job.job_id) for job in jobs[1:]]
    assert list(ports.jobs.open_jobs(10)) == open_jobs
    assert list(ports.jobs.open_jobs(2)) == open_jobs[:2]
    assert list(ports.jobs.open_jobs(2, open_jobs[1])) == open_jobs[2:]
    end(ports, jobs[1])
    assert list(ports.jobs.open_jobs(2, open_jobs[0])) == open_jobs[1:]


def test_a_job_that_runs_again_is_open_again(ports: Ports) -> None:
    job, items = create(ports)
    assert ports.jobs.cancel(job, items, START, a_line())
    ended = end(ports, job)
    assert not ports.jobs.open_jobs(10)
    redrive(ports, ended, ports.jobs.load(TENANT, job.job_id)[1])
    assert list(ports.jobs.open_jobs(10)) == [(TENANT, job.job_id)]


def test_log_lines_are_kept_to_the_millisecond(ports: Ports) -> None:
    job, items = create(ports)
    at = START + timedelta(milliseconds=1234)
    line = a_line("a | b")._replace(at=at, level="warning", stage="SAVE")
    assert ports.jobs.start(job, at, line)
    assert ports.jobs.get(TENANT, job.job_id).log == (*job.log, line)
    assert ports.jobs.get(TENANT, job.job_id).started_at == at
    assert begin(ports, items[0]).log == (a_line("begun", 1),)


def test_counts_start_with_what_is_skipped(ports: Ports) -> None:
    job, _ = create(ports, a_job(counts=Counts(total=2, skipped=1)))
    assert ports.jobs.get(TENANT, job.job_id).counts == Counts(total=2, skipped=1)
