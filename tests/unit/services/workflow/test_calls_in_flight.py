"""Calls whose execution died: they are waited for, asked about, and never paid twice."""

from collections import deque
from datetime import timedelta

import pytest

from studio.domain.assets.model import raw_key
from studio.domain.jobs.staged_result import StagedResult
from studio.errors import StateConflictError
from studio.money import Cost
from studio.services.jobs.redrive_job import Selection
from tests.support.builders import PRICE, TENANT, a_key, a_picture, unique
from tests.support.fakes.edges import START
from tests.support.fakes.provider import FakeProvider
from tests.support.reliability.invariants import keep_books
from tests.support.workflows.job_in_memory import Harness, bench

LOST = Selection(statuses={"unknown"})


def _aborted(*prompts: str, polls: int = 3) -> Harness:
    """Return a job whose execution is aborted while a provider works that can be asked."""
    found = bench(*prompts, provider="runware", vendor=FakeProvider(polls=polls))
    found.call()
    found.studio.workflow.ended.add(found.job_id)
    return found


def _aborted_openai() -> Harness:
    """Return a job whose worker is at work; its provider cannot be asked."""
    found = bench("a", vendor=FakeProvider(paid_replies=deque([RuntimeError("still at work")])))
    with pytest.raises(RuntimeError):
        found.call()
    found.studio.workflow.ended.add(found.job_id)
    return found


def _store(found: Harness, cost: Cost) -> None:
    """Store the result, as the worker of the call does."""
    metadata = StagedResult(cost, "req-1").to_metadata()
    key = raw_key(TENANT, found.job_id, 1, 1)
    found.studio.raw.blobs.put_if_absent(key, a_picture(), metadata)


@pytest.mark.parametrize("seconds", [0, 60, 299])
def test_a_call_is_not_lost_before_its_deadline(seconds: int) -> None:
    found = _aborted_openai()
    found.later(seconds=seconds)
    assert found.finish() == "queued"
    found.studio.fail_image.run(found.task(attempt=1))
    assert (found.item().status, found.job.unknown_costs) == ("running", 0)
    with pytest.raises(StateConflictError):
        found.studio.redrive(TENANT, found.job_id, a_key(unique("key")), LOST)
    assert not found.studio.events.events


def test_a_call_is_lost_at_its_deadline() -> None:
    found = _aborted_openai()
    assert found.item().attempt_deadline == START + timedelta(seconds=300)
    found.later(seconds=300)
    assert found.finish() == "failed"
    assert (found.item().status, found.job.unknown_costs) == ("unknown", 1)


def test_what_a_worker_stores_after_its_execution_died_is_kept() -> None:
    found = _aborted_openai()
    assert found.finish() == "queued"
    _store(found, Cost(7, "reported"))
    found.later(minutes=1)
    assert found.studio.sweep()["started"] == 1
    assert found.run().status == "succeeded"
    assert (found.job.cost, found.studio.provider.paid) == (7, {"a": 1})
    keep_books(found.studio, [(TENANT, found.job_id)])


def test_a_provider_that_can_be_asked_is_asked_after_an_abort() -> None:
    found = _aborted("a", "b")
    assert found.finish() == "queued"
    found.later(minutes=2)
    assert found.studio.sweep() == {"started": 1, "finished": 0, "failed": 0}
    assert found.studio.sweep() == {"started": 0, "finished": 0, "failed": 0}
    assert found.run().status == "partially_succeeded"
    # The image without a call is not made after the abort.
    assert [item.status for item in found.items] == ["succeeded", "failed"]
    assert (found.job.cost, found.studio.provider.paid) == (PRICE.micros, {"a": 1})
    keep_books(found.studio, [(TENANT, found.job_id)])


def test_a_call_is_continued_however_young_its_job_is() -> None:
    found = _aborted("a")
    assert found.studio.sweep()["started"] == 1


def test_images_without_a_call_end_before_a_call_is_continued() -> None:
    found = _aborted("a", "b")
    found.later(minutes=2)
    assert found.studio.sweep() == {"started": 0, "finished": 1, "failed": 0}
    assert [item.status for item in found.items] == ["running", "failed"]
    assert found.studio.sweep() == {"started": 1, "finished": 0, "failed": 0}


def test_a_job_whose_second_execution_dies_too_ends_after_the_deadline() -> None:
    found = _aborted_openai()
    found.finish()
    found.later(minutes=1)
    found.studio.sweep()
    found.studio.workflow.ended.update(found.studio.workflow.executions)
    found.studio.sweep()
    assert found.job.finished_at is None
    found.later(minutes=5)
    assert found.studio.sweep()["finished"] == 1
    assert (found.job.status, found.item().status) == ("failed", "unknown")
    assert not found.studio.workflow.running()
    keep_books(found.studio, [(TENANT, found.job_id)])


@pytest.mark.parametrize("minutes", [31, 600])
def test_a_dead_execution_that_is_heard_of_late_is_asked_about_first(minutes: int) -> None:
    found = _aborted("a", polls=1)
    found.later(minutes=minutes)
    assert found.finish() == "queued"
    assert (found.item().status, found.job.unknown_costs) == ("running", 0)
    assert found.studio.sweep()["started"] == 1
    assert found.run().status == "succeeded"
    assert (found.job.cost, found.studio.provider.paid) == (PRICE.micros, {"a": 1})
    keep_books(found.studio, [(TENANT, found.job_id)])


def test_one_late_poll_without_a_result_does_not_end_a_call() -> None:
    """A poll that fails looks like a call that is still pending."""
    found = _aborted("a", polls=2)
    found.later(hours=1)
    found.finish()
    found.studio.sweep()
    assert found.run().status == "succeeded"
    assert found.studio.provider.paid == {"a": 1}


def test_a_saved_handle_is_asked_about_whatever_the_provider() -> None:
    found = bench("a", vendor=FakeProvider(polls=3))
    found.call()
    assert found.item().handle is not None
    found.studio.workflow.ended.add(found.job_id)
    found.later(hours=1)
    assert found.finish() == "queued"
    assert found.item().status == "running"


def test_a_step_that_fails_after_the_deadline_leaves_the_question_to_another_execution() -> None:
    found = _aborted("a")
    found.later(hours=1)
    found.studio.fail_image.run(found.task(attempt=1))
    assert found.item().status == "running"


def test_a_call_that_was_asked_about_in_vain_ends_its_job() -> None:
    found = _aborted("a")
    found.later(hours=1)
    found.finish()
    found.studio.sweep()
    found.studio.workflow.ended.update(found.studio.workflow.executions)
    assert found.finish() == "queued"
    assert found.studio.sweep() == {"started": 0, "finished": 1, "failed": 0}
    assert (found.job.status, found.item().status) == ("failed", "unknown")
    keep_books(found.studio, [(TENANT, found.job_id)])
