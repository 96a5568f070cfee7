"""CreateJob, StartJob and CancelJob."""

from collections import deque
from dataclasses import replace
from typing import cast

import pytest

from studio.domain.jobs.model import Counts
from studio.domain.jobs.wanted import EVERY_JOB
from studio.domain.provider_calls.model import ProviderOutcome, ProviderRequest, Throttled
from studio.errors import (
    BudgetExceededError,
    FieldError,
    InvalidRequestError,
    MaxCostExceededError,
    NotFoundError,
    StateConflictError,
)
from studio.ports.jobs import JobStore, Replayed
from studio.services.jobs.cancel_job import CancelJob
from studio.services.workflow.start_job import StartJob
from tests.support.builders import MONTH, TENANT, a_key, an_order
from tests.support.fakes.edges import START, FakeFunctionInvoker, Started
from tests.support.fakes.provider import FakeProvider
from tests.support.workflows.job_in_memory import bench
from tests.support.workflows.jobs import memory_studio


def test_a_job_is_written_held_and_started() -> None:
    studio = memory_studio()
    job = studio.create(TENANT, an_order("a red fox", "a blue whale", name="Article"), a_key())
    written, items = studio.raw.jobs.load(TENANT, job.job_id)
    assert written == job
    assert (job.status, job.name, job.created_by, job.created_at) == (
        "queued", "Article", "user-1", START,
    )  # fmt: skip
    assert [item.status for item in items] == ["queued", "queued"]
    assert job.reserved == job.run_reserved == sum(item.estimate.known_micros for item in items)
    assert studio.raw.ledger.committed(TENANT, MONTH) == job.reserved
    assert studio.workflow.executions == {job.job_id: Started(TENANT, job.job_id, 1)}
    assert job.log[0].message == "Queued 2 images"


def test_asset_ids_keep_the_order_of_the_queue() -> None:
    studio = memory_studio()
    job = studio.create(TENANT, an_order(*"abcdefgh"), a_key())
    ids = [item.asset_id for item in studio.raw.jobs.load(TENANT, job.job_id)[1]]
    assert ids == sorted(ids)


def test_an_image_without_a_prompt_is_skipped_from_the_start() -> None:
    found = bench("a red fox", None)
    assert found.job.counts == Counts(total=2, skipped=1)
    skipped = found.item(2)
    assert skipped.status == "skipped"
    assert skipped.error is not None
    assert skipped.error.code == "no-prompt"
    (line,) = skipped.log
    assert (line.level, line.item) == ("warning", 2)
    assert line.message == "Skipped (no-prompt): The image has no prompt and was skipped."


def test_a_workflow_that_cannot_be_started_leaves_the_job_in_the_queue() -> None:
    studio = memory_studio()
    studio.workflow.available = False
    job = studio.create(TENANT, an_order(), a_key())
    assert studio.raw.jobs.get(TENANT, job.job_id).status == "queued"
    assert not studio.workflow.executions


def test_a_repeated_request_gets_its_answer_and_nothing_else_happens() -> None:
    studio = memory_studio()
    job = studio.create(TENANT, an_order(), a_key())
    assert studio.submit(TENANT, an_order(), a_key()) == Replayed(job.job_id)
    assert len(studio.workflow.executions) == 1
    assert studio.raw.ledger.committed(TENANT, MONTH) == job.reserved


def test_what_is_too_dear_is_not_written() -> None:
    studio = memory_studio(monthly_limit=60_000)
    with pytest.raises(MaxCostExceededError):
        studio.create(TENANT, an_order(max_cost=1), a_key())
    with pytest.raises(BudgetExceededError):
        studio.create(TENANT, an_order("a", "b"), a_key())
    assert studio.create(TENANT, an_order(), a_key()).status == "queued"
    assert len(studio.raw.jobs.page(TENANT, EVERY_JOB, 10, None).jobs) == 1


def test_a_run_starts_once_and_names_its_queue_each_time() -> None:
    found = bench("a", None, "c")
    start = StartJob(found.studio.raw.jobs, found.studio.clock)
    assert start.run(TENANT, found.job_id, 1) == {"items": [1, 3]}
    log = found.job.log
    assert found.job.status == "running"
    assert log[-1].message == "Preparing to generate 2 images"
    assert start.run(TENANT, found.job_id, 1) == {"items": [1, 3]}
    assert found.job.log == log


def test_a_run_that_is_not_the_jobs_or_has_ended_has_no_queue() -> None:
    found = bench("a")
    start = StartJob(found.studio.raw.jobs, found.studio.clock)
    assert start.run(TENANT, found.job_id, 2) == {"items": []}
    assert found.job.status == "queued"
    found.run()
    assert start.run(TENANT, found.job_id, 1) == {"items": []}


def test_a_cancelled_job_starts_nothing_and_ends_cancelled() -> None:
    found = bench("a", "b")
    job = found.studio.cancel(TENANT, found.job_id)
    assert (job.status, job.counts) == ("cancelling", Counts(2, cancelled=2))
    assert job.log[-1].message == "Cancelled: 2 images will not start"
    assert found.job.status == "cancelled"
    assert found.studio.raw.ledger.committed(TENANT, MONTH) == 0
    assert found.run().status == "cancelled"
    assert not found.studio.provider.requests
    assert found.studio.raw.ledger.committed(TENANT, MONTH) == 0


def test_cancelling_keeps_what_is_done_and_lets_the_running_image_finish() -> None:
    found = bench("a", "b", "c")
    found.call(1)
    found.studio.cancel(TENANT, found.job_id)
    assert [item.status for item in found.items] == ["running", "cancelled", "cancelled"]
    assert found.run().status == "cancelled"
    assert [item.status for item in found.items] == ["succeeded", "cancelled", "cancelled"]
    assert found.studio.provider.paid == {"a": 1}


def test_cancelling_twice_changes_nothing() -> None:
    found = bench("a", "b")
    found.call(1)
    found.studio.cancel(TENANT, found.job_id)
    before = found.job
    assert before.status == "cancelling"
    assert found.studio.cancel(TENANT, found.job_id) == before == found.job


def test_a_job_that_waits_for_its_provider_ends_with_its_cancel() -> None:
    found = bench("a", "b", replies=(Throttled("rate_limit", "slow", 300),))
    found.call(1)
    assert found.item(1).status == "queued"
    found.studio.cancel(TENANT, found.job_id)
    assert found.job.status == "cancelled"
    assert found.job.counts == Counts(2, cancelled=2)
    assert (found.job.reserved, found.studio.raw.ledger.committed(TENANT, MONTH)) == (0, 0)
    ended = found.job
    found.later(seconds=300)
    assert found.call(1, round=1)["outcome"] == "cancelled"
    found.finish()
    assert found.job == ended
    assert not found.studio.provider.paid


def test_a_call_in_flight_that_is_put_off_after_the_cancel_ends_without_a_wait() -> None:
    class Slow(FakeProvider):
        def submit(self, request: ProviderRequest) -> ProviderOutcome:
            found.studio.cancel(TENANT, found.job_id)
            return super().submit(request)

    found = bench("a", vendor=Slow(replies=deque([Throttled("rate_limit", "slow", 300)])))
    assert found.call()["outcome"] == "cancelled"
    assert found.job.status == "cancelling"
    found.finish()
    assert (found.job.status, found.job.reserved) == ("cancelled", 0)


def test_a_repeated_cancel_ends_what_the_first_could_not_end() -> None:
    found = bench("a")
    jobs, clock = found.studio.raw.jobs, found.studio.clock
    lost = FakeFunctionInvoker()
    assert CancelJob(jobs, lost, clock).run(TENANT, found.job_id).status == "cancelling"
    assert lost.sent == [{"tenant": TENANT, "job_id": found.job_id, "run": 1}]
    found.studio.cancel(TENANT, found.job_id)
    assert found.job.status == "cancelled"


def test_a_queue_that_keeps_changing_is_not_cancelled() -> None:
    found = bench("a", "b")
    jobs = found.studio.raw.jobs

    class Moving:
        """A store in which a worker is always a moment faster."""

        def __getattr__(self, name: str) -> object:
            return (lambda *_: False) if name == "cancel" else getattr(jobs, name)

    found.studio.ports = replace(found.studio.ports, jobs=cast("JobStore", Moving()))
    with pytest.raises(StateConflictError, match="keeps changing"):
        found.studio.cancel(TENANT, found.job_id)
    assert found.job.status == "queued"


def test_a_job_that_ended_or_never_was_cannot_be_cancelled() -> None:
    found = bench("a")
    found.run()
    with pytest.raises(StateConflictError):
        found.studio.cancel(TENANT, found.job_id)
    with pytest.raises(NotFoundError):
        found.studio.cancel("zenith", found.job_id)


@pytest.mark.parametrize(("place", "member"), [("/items/0", "/items"), ("", "/prompt")])
def test_what_the_store_finds_too_large_is_refused_by_its_member(place: str, member: str) -> None:
    class Full:
        def create(self, *_: object) -> None:
            raise InvalidRequestError(FieldError("", "too-long", "Too much text"))

    studio = memory_studio()
    studio.ports = replace(studio.ports, jobs=cast("JobStore", Full()))
    order = an_order("a fox")
    images = [replace(image, pointers={"": place}) for image in order.images]
    with pytest.raises(InvalidRequestError) as caught:
        studio.create(TENANT, replace(order, images=images), a_key())
    assert [(field.pointer, field.code) for field in caught.value.fields] == [(member, "too-long")]
    assert studio.workflow.executions == {}
