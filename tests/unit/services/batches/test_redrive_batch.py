"""RedriveBatch: what a new run of a batch starts, and what it pays."""

from collections import Counter, deque

import pytest

from studio.domain.jobs.wanted import EVERY_JOB
from studio.domain.provider_calls.model import Refused
from studio.errors import (
    StateConflictError,
)
from studio.ports.jobs import Replayed
from tests.support.builders import PRICE, TENANT, a_key
from tests.support.fakes.provider import FakeProvider
from tests.support.workflows.batches import submitted
from tests.support.workflows.engine import Engine


def test_a_redrive_runs_refused_rows_and_those_never_started() -> None:
    studio, batch = submitted("fox", "owl", "hen")
    studio.run_job(studio.step(batch, 2))
    studio.base.monthly_limit = 1
    assert studio.step(batch, 3)["outcome"] == "refused"
    studio.finish.run(TENANT, batch.batch_id, 1)
    assert studio.get(batch).status == "partially_succeeded"
    assert studio.get(batch).waiting == 1
    studio.base.monthly_limit = None

    again = studio.redrive(batch.batch_id)
    done = studio.run(again)

    assert (done.run, done.status, done.rows.succeeded) == (2, "succeeded", 3)
    assert len(studio.base.raw.jobs.page(TENANT, EVERY_JOB, 10, None).jobs) == 3
    ids = [one.id for one in studio.base.events.events if one.type.startswith("batch.")]
    assert ids == [f"evt_{batch.batch_id}_1", f"evt_{batch.batch_id}_2"]


def test_a_redrive_pays_for_the_failed_image_only() -> None:
    vendor = FakeProvider(replies=deque([Refused("moderation", "no")]))
    studio, batch = submitted("fox", "owl", provider=vendor)
    done = studio.run(batch)
    assert (done.status, done.rows.failed, done.images.failed) == ("partially_succeeded", 1, 1)

    again = studio.run(studio.redrive(batch.batch_id))

    assert (again.status, again.images.failed, again.rows.succeeded) == ("succeeded", 0, 2)
    assert vendor.paid == Counter(fox=1, owl=1)
    assert again.cost == sum(row.cost for row in studio.rows(batch)) == 2 * PRICE.known_micros


def test_what_was_cancelled_stays_so_through_every_redrive() -> None:
    vendor = FakeProvider(replies=deque([Refused("moderation", "no")] * 2))
    studio, batch = submitted("fox", "owl", "hen", provider=vendor)
    studio.run_job(studio.step(batch, 2))
    studio.cancel(batch.batch_id)
    studio.finish.run(TENANT, batch.batch_id, 1)

    second = studio.run(studio.redrive(batch.batch_id))
    third = studio.run(studio.redrive(batch.batch_id))

    assert (second.status, second.waiting, second.cancelled) == ("failed", 0, 2)
    assert (third.status, third.waiting, third.percent) == ("partially_succeeded", 0, 100)
    assert vendor.paid == Counter(fox=1)


def test_a_redrive_whose_step_is_repeated_redrives_once() -> None:
    vendor = FakeProvider(replies=deque([Refused("moderation", "no")]))
    studio, batch = submitted("fox", provider=vendor)
    studio.run(batch)
    again = studio.redrive(batch.batch_id)

    first = studio.step(again, 2)

    assert studio.step(again, 2) == first
    assert first["job_run"] == 2


def test_a_redrive_without_money_leaves_the_row_as_it_ended() -> None:
    vendor = FakeProvider(replies=deque([Refused("moderation", "no")]))
    studio, batch = submitted("fox", provider=vendor)
    studio.run(batch)
    again = studio.redrive(batch.batch_id)
    studio.base.monthly_limit = 1

    assert studio.step(again, 2)["outcome"] == "refused"
    assert studio.get(batch).rows.failed == 1


def test_a_redrive_without_a_key_leaves_the_row_as_it_ended() -> None:
    vendor = FakeProvider(replies=deque([Refused("moderation", "no")]))
    studio, batch = submitted("fox", provider=vendor)
    studio.run(batch)
    again = studio.redrive(batch.batch_id)
    studio.without_keys.add("openai")

    assert studio.step(again, 2)["outcome"] == "refused"
    assert studio.get(batch).rows.failed == 1


def test_a_job_redriven_by_itself_moves_its_batch() -> None:
    vendor = FakeProvider(replies=deque([Refused("moderation", "no")]))
    studio, batch = submitted("fox", provider=vendor)
    assert studio.run(batch).status == "failed"
    (row,) = studio.rows(batch)

    studio.base.redrive(TENANT, row.job_id or "", a_key("alone"))
    assert studio.get(batch).status == "running"
    Engine(studio.base).run_executions()

    assert studio.get(batch).status == "succeeded"


def test_a_redrive_needs_an_end_and_something_to_do() -> None:
    studio, batch = submitted("fox")
    with pytest.raises(StateConflictError):
        studio.redrive(batch.batch_id)
    studio.run(batch)
    with pytest.raises(StateConflictError):
        studio.redrive(batch.batch_id)


def test_a_repeated_redrive_is_one_run() -> None:
    studio, batch = submitted("fox")
    studio.finish.run(TENANT, batch.batch_id, 1)
    studio.redrive(batch.batch_id, key="once")

    assert studio.redrive_again(batch.batch_id, key="once") == Replayed(batch.batch_id)
    assert studio.get(batch).run == 2
