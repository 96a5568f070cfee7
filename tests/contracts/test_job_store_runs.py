"""JobStore: a job starts, is cancelled, ends and runs again, each only from where it may."""

from dataclasses import replace
from typing import Any

import pytest

from studio.domain.jobs.model import Counts
from studio.errors import StateConflictError
from studio.ports.jobs import Replayed
from tests.support.builders import (
    TENANT,
    a_job,
    a_line,
    a_reservation,
    an_idempotency,
    an_item,
    items_of,
)
from tests.support.fakes.edges import START
from tests.support.mock_aws.transitions import (
    LATER,
    begin,
    create,
    end,
    everything,
    fail,
    job_ending,
    redrive,
    succeed,
)
from tests.support.workflows.jobs import Ports


def test_a_job_starts_once(ports: Ports) -> None:
    job, _ = create(ports)
    assert ports.jobs.start(job, START, a_line("started"))
    before = everything(ports, job)
    assert not ports.jobs.start(job, LATER, a_line("started"))
    assert everything(ports, job) == before
    assert ports.jobs.get(TENANT, job.job_id).status == "running"


def test_a_job_does_not_start_in_another_run(ports: Ports) -> None:
    job, _ = create(ports, a_job(run=2))
    assert not ports.jobs.start(replace(job, run=1), START, a_line())


def test_cancelling_ends_what_is_queued(ports: Ports) -> None:
    job, items = create(ports, a_job(images=3))
    begin(ports, items[0])
    assert ports.jobs.cancel(job, items[1:], LATER, a_line("cancelled"))
    now, rows = ports.jobs.load(TENANT, job.job_id)
    assert (now.status, now.counts) == ("cancelling", Counts(total=3, cancelled=2))
    assert [row.status for row in rows] == ["running", "cancelled", "cancelled"]
    assert rows[1].finished_at == LATER
    assert now.log[-1] == a_line("cancelled")


def test_cancelling_takes_all_or_nothing(ports: Ports) -> None:
    job, items = create(ports)
    begin(ports, items[1])
    before = everything(ports, job)
    assert not ports.jobs.cancel(job, items, LATER, a_line())
    assert everything(ports, job) == before


@pytest.mark.parametrize(
    ("job_row", "row"),
    [
        ({"status": "cancelling"}, {}),
        ({"run": 2}, {"run": 2}),
        ({}, {"status": "running"}),
        ({}, {"attempt": 1}),
    ],
)
def test_what_moved_is_not_cancelled(
    ports: Ports, job_row: dict[str, Any], row: dict[str, Any]
) -> None:
    seen = a_job(images=1)
    job = replace(seen, **job_row)
    create(ports, job, [an_item(job, **row)])
    before = everything(ports, job)
    assert not ports.jobs.cancel(seen, items_of(seen), LATER, a_line())
    assert everything(ports, job) == before


def test_a_redrive_queues_the_chosen_items_in_a_new_run(ports: Ports) -> None:
    job, items = create(ports)
    failed, made = fail(ports, items[0]), succeed(ports, items[1])
    ended = end(ports, job)
    warned = replace(ended, max_cost=90_000, warnings=(*ended.warnings, "the model ends soon"))
    redrive(ports, warned, [failed])
    now, rows = ports.jobs.load(TENANT, job.job_id)
    assert (now.status, now.run, now.finished_at) == ("queued", 2, None)
    assert now.counts == Counts(total=2, succeeded=1)
    assert now.max_cost == 90_000
    assert now.warnings == warned.warnings
    assert now.log[-1] == a_line("redriven")
    assert rows[0] == replace(
        failed,
        status="queued",
        stage="INIT",
        run=2,
        error=None,
        started_at=None,
        finished_at=None,
    )
    assert rows[1] == made


def test_a_redrive_says_what_an_item_will_cost_and_whether_its_call_is_open(ports: Ports) -> None:
    job, items = create(ports)
    failed = [fail(ports, item) for item in items]
    ended = end(ports, job)
    cheaper = replace(failed[0].estimate, micros=10, price_version="prices-2")
    unpriced = replace(failed[1].estimate, micros=None, basis="unknown", price_version=None)
    wanted = [
        replace(failed[0], attempt_open=True, estimate=cheaper),
        replace(failed[1], estimate=unpriced),
    ]
    redrive(ports, ended, wanted)
    rows = ports.jobs.load(TENANT, job.job_id)[1]
    assert (rows[0].attempt_open, rows[0].estimate) == (True, cheaper)
    assert (rows[1].attempt_open, rows[1].estimate.micros) == (False, None)


@pytest.mark.parametrize(
    ("seen_job", "seen_item"),
    [
        ({"status": "succeeded"}, {}),
        ({"run": 3}, {}),
        ({}, {"status": "unknown"}),
        ({}, {"run": 2}),
        ({}, {"attempt": 2}),
    ],
)
def test_what_moved_is_not_redriven(
    ports: Ports, seen_job: dict[str, Any], seen_item: dict[str, Any]
) -> None:
    job, items = create(ports, a_job(images=1))
    failed = fail(ports, items[0])
    ended = end(ports, job)
    before = everything(ports, job)
    with pytest.raises(StateConflictError):
        redrive(ports, replace(ended, **seen_job), [replace(failed, **seen_item)])
    assert everything(ports, job) == before


def test_a_job_that_goes_on_is_not_redriven(ports: Ports) -> None:
    job, items = create(ports)
    failed = fail(ports, items[0])
    running = ports.jobs.get(TENANT, job.job_id)
    before = everything(ports, job)
    with pytest.raises(StateConflictError):
        redrive(ports, running, [failed])
    assert everything(ports, job) == before


def test_a_redrive_that_costs_nothing_names_the_true_conflict(ports: Ports) -> None:
    job, items = create(ports, a_job(images=1))
    failed = fail(ports, items[0])
    ended = end(ports, job)
    free = replace(ended, run=2, run_reserved=0)
    with pytest.raises(StateConflictError):
        ports.jobs.redrive(
            replace(ended, status="succeeded"),
            [failed],
            a_reservation(free, limit=1),
            an_idempotency(key="redrive"),
            LATER,
            a_line(),
        )


def test_a_redrive_is_done_once_for_a_key(ports: Ports) -> None:
    job, items = create(ports)
    failed = [fail(ports, item) for item in items]
    ended = end(ports, job)
    assert redrive(ports, ended, failed, key="redrive-1") is None
    before = everything(ports, job)
    assert redrive(ports, ended, failed, key="redrive-1") == Replayed('{"id":"job"}')
    assert everything(ports, job) == before


def test_a_job_ends_once(ports: Ports) -> None:
    job, _ = create(ports)
    ended = end(ports, job)
    assert (ended.status, ended.finished_at, ended.reserved) == ("failed", LATER, 0)
    assert ended.log[-1] == a_line("ended")
    before = everything(ports, job)
    assert not ports.jobs.finish(job_ending(job))
    assert not ports.jobs.finish(job_ending(ended))
    assert everything(ports, job) == before


@pytest.mark.parametrize(
    "row",
    [{"run": 2}, {"status": "cancelling"}, {"reserved": 40_000}, {"run_spent": 30_000}],
)
def test_a_job_that_moved_is_not_ended(ports: Ports, row: dict[str, Any]) -> None:
    seen = a_job()
    job, _ = create(ports, replace(seen, **row))
    before = everything(ports, job)
    assert not ports.jobs.finish(job_ending(seen))
    assert everything(ports, job) == before
