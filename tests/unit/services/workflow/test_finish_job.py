"""FinishJob and SweepJobs: every run ends, once, with its money put right."""

import logging
from dataclasses import replace
from typing import cast

import pytest

from studio.domain.jobs.model import Counts
from studio.domain.ledger.model import totals
from studio.domain.provider_calls.model import OutcomeUnknown, Refused
from studio.errors import StateConflictError
from studio.ports.events import EventSink
from studio.ports.jobs import JobStore, Workflow
from studio.services.jobs.key_use import KeyUse
from studio.services.jobs.sweep_jobs import AT_ONCE
from studio.services.workflow.finish_job import final_status
from tests.support.builders import MONTH, PRICE, TENANT, a_job, a_key, an_order
from tests.support.fakes.edges import BusyBus
from tests.support.workflows.job_in_memory import bench
from tests.support.workflows.jobs import Studio, memory_studio

NO = Refused("moderation", "no")


@pytest.mark.parametrize(
    ("counts", "status"),
    [
        (Counts(2, succeeded=2), "succeeded"),
        (Counts(2, succeeded=1, skipped=1), "succeeded"),
        (Counts(2, succeeded=1, failed=1), "partially_succeeded"),
        (Counts(2, succeeded=1, unknown=1), "partially_succeeded"),
        (Counts(2, failed=1, skipped=1), "failed"),
        (Counts(1, unknown=1), "failed"),
    ],
)
def test_a_job_ends_as_its_images_did(counts: Counts, status: str) -> None:
    assert final_status(a_job(counts=counts)) == status
    assert final_status(a_job(counts=counts, status="cancelling")) == status


def test_a_cancelled_job_has_an_image_that_was_cancelled() -> None:
    counts = Counts(2, succeeded=1, cancelled=1)
    assert final_status(a_job(counts=counts, status="cancelling")) == "cancelled"
    assert final_status(a_job(counts=counts)) == "partially_succeeded"


def test_the_end_releases_announces_and_writes_a_line() -> None:
    found = bench("a", "b", replies=(NO,))
    held = found.item(1).estimate.known_micros
    job = found.run()
    sums = totals(found.studio.raw.ledger.entries(TENANT, found.job_id))
    assert (sums.released, sums.held) == (held, 0)
    assert found.studio.raw.ledger.committed(TENANT, MONTH) == PRICE.known_micros
    assert job.log[-1].message == "1 of 2 images generated, 1 failed, 0.030000 USD"
    event = found.studio.events.events[-1]
    assert (event.type, event.id) == ("job.partially_succeeded", f"evt_{found.job_id}_1")
    assert event.detail == {
        "account_id": TENANT,
        "job_id": found.job_id,
        "run": 1,
        "status": "partially_succeeded",
        "finished_at": "2026-11-20T12:00:12.000Z",
        "total": 2,
        "succeeded": 1,
        "failed": 1,
        "skipped": 0,
        "cancelled": 0,
        "unknown": 0,
        "cost": "0.030000",
        "unknown_costs": 0,
        "name": None,
        "content_ids": [],
        "notify_email": None,
        "folder": None,
        "recipe_id": None,
        "recipe_version": None,
        "batch_id": None,
        "batch_line": None,
        "schedule_id": None,
    }


def test_a_repeat_only_announces_again() -> None:
    found = bench("a")
    found.run()
    before = found.job
    assert found.finish() == "succeeded"
    assert found.job == before
    assert len({event.id for event in found.studio.events.events}) == 1
    assert len(found.studio.events.events) == 2


def test_a_late_end_of_an_earlier_run_does_nothing() -> None:
    found = bench("a", replies=(NO,))
    found.run()
    found.studio.redrive(TENANT, found.job_id, KeyUse("POST redrive", "key", "body"))
    assert found.studio.finish_job.run(TENANT, found.job_id, 1) == "queued"
    assert len(found.studio.events.events) == 1


def test_a_dead_execution_ends_its_images_by_what_is_known_of_them() -> None:
    found = bench("paid", "lost", "never begun", provider="runware")
    found.call(1)
    found.studio.provider.replies.append(ConnectionError("the worker died"))
    with pytest.raises(ConnectionError):
        found.call(2)
    assert found.finish() == "queued"
    assert [item.status for item in found.items] == ["failed", "running", "failed"]
    assert not found.studio.events.events
    found.later(minutes=31)
    assert found.finish(asked=True) == "failed"
    assert [item.status for item in found.items] == ["failed", "unknown", "failed"]
    assert [item.attempt_open for item in found.items] == [True, False, False]
    assert found.job.cost == PRICE.known_micros
    errors = [item.error.code for item in found.items if item.error]
    assert errors == ["execution-died", "outcome-unknown", "execution-died"]


def test_an_event_that_does_not_go_out_is_sent_by_the_next_try() -> None:
    found = bench("a")
    found.call()

    class Deaf:
        def emit(self, event_type: str, event_id: str, detail: object) -> None:
            raise RuntimeError("the bus refused it")

    ports = found.studio.ports
    found.studio.ports = replace(ports, events=cast("EventSink", Deaf()))
    with pytest.raises(RuntimeError):
        found.finish()
    assert found.job.finished_at is not None
    found.studio.ports = ports
    found.finish()
    assert [event.type for event in found.studio.events.events] == ["job.failed"]


def test_an_image_that_a_late_worker_began_is_not_left_behind() -> None:
    found = bench("a", provider="runware")
    jobs = found.studio.raw.jobs

    class Racing:
        """A store in which a late worker begins the image right before it is ended."""

        def __init__(self) -> None:
            self.raced = False

        def __getattr__(self, name: str) -> object:
            if name == "finish_item" and not self.raced:
                self.raced = True
                found.call()
            return getattr(jobs, name)

    calm = found.studio
    racing = replace(calm, ports=replace(calm.ports, jobs=cast("JobStore", Racing())))
    with pytest.raises(StateConflictError):
        racing.finish_job.run(TENANT, found.job_id, 1)
    assert found.job.finished_at is None
    assert found.finish() == "failed"
    assert (found.item().status, found.item().attempt_open) == ("failed", True)


def test_the_sweeper_starts_what_was_never_started() -> None:
    studio = memory_studio()
    studio.workflow.available = False
    job = studio.create(TENANT, an_order(), a_key())
    studio.workflow.available = True
    assert studio.sweep() == {"started": 0, "finished": 0, "failed": 0}
    studio.clock.advance(60)
    assert studio.sweep() == {"started": 1, "finished": 0, "failed": 0}
    assert studio.workflow.state(job.job_id) == "running"
    assert studio.sweep() == {"started": 0, "finished": 0, "failed": 0}


def test_the_sweeper_ends_what_was_not_ended() -> None:
    found = bench("a", replies=(OutcomeUnknown("no answer"),))
    found.call()
    found.studio.workflow.ended.add(found.job_id)
    found.later(minutes=2)
    assert found.studio.sweep() == {"started": 0, "finished": 1, "failed": 0}
    assert found.job.status == "failed"
    assert found.studio.sweep() == {"started": 0, "finished": 0, "failed": 0}


def lost(count: int) -> Studio:
    """Return a studio with so many jobs whose start was lost."""
    studio = memory_studio()
    studio.workflow.available = False
    for number in range(count):
        studio.create(TENANT, an_order(), a_key(str(number)))
    studio.workflow.available = True
    studio.clock.advance(60)
    return studio


def test_the_sweeper_goes_on_behind_the_first_hundred() -> None:
    studio = lost(201)
    assert studio.sweep() == {"started": 201, "finished": 0, "failed": 0}


def test_the_sweeper_stops_before_its_function_is_stopped() -> None:
    studio = lost(2 * AT_ONCE)
    slow = studio.workflow

    class Slow:
        def __getattr__(self, name: str) -> object:
            studio.clock.advance(30)
            return getattr(slow, name)

    studio.ports = replace(studio.ports, workflow=cast("Workflow", Slow()))
    assert studio.sweep()["started"] == AT_ONCE
    # The next one goes on behind the first jobs, which take as long again.
    assert studio.sweep()["started"] == AT_ONCE


def test_an_end_that_the_sweeper_found_is_announced_though_the_bus_was_busy() -> None:
    found = bench("a", replies=(OutcomeUnknown("no answer"),))
    found.call()
    studio = found.studio
    studio.workflow.ended.add(found.job_id)
    studio.ports = replace(studio.ports, events=BusyBus(studio.events))
    found.later(minutes=2)
    for _ in range(2):
        studio.sweep()
    assert found.job.status == "failed"
    assert [event.type for event in studio.events.events] == ["job.failed"]


def test_the_sweeper_starts_a_redriven_run() -> None:
    found = bench("a", replies=(NO,))
    found.run()
    found.studio.workflow.available = False
    found.studio.redrive(TENANT, found.job_id, KeyUse("POST redrive", "key", "body"))
    found.studio.workflow.available = True
    found.later(minutes=2)
    assert found.studio.sweep()["started"] == 1
    assert found.run().status == "succeeded"


def test_a_job_that_cannot_be_swept_keeps_no_other_from_it(
    caplog: pytest.LogCaptureFixture,
) -> None:
    studio = memory_studio()
    poisoned, other = (studio.create(TENANT, an_order(), a_key(name)) for name in ("1", "2"))
    studio.workflow.ended.update((poisoned.job_id, other.job_id))
    jobs = studio.raw.jobs

    class Poisoned:
        def __getattr__(self, name: str) -> object:
            return self._get if name == "get" else getattr(jobs, name)

        def _get(self, tenant: str, job_id: str) -> object:
            if job_id == poisoned.job_id:
                raise RuntimeError("its row cannot be read")
            return jobs.get(tenant, job_id)

    studio.ports = replace(studio.ports, jobs=cast("JobStore", Poisoned()))
    studio.clock.advance(120)
    with caplog.at_level(logging.ERROR):
        assert studio.sweep() == {"started": 0, "finished": 1, "failed": 1}
    assert poisoned.job_id in caplog.text
    assert jobs.get(TENANT, other.job_id).finished_at is not None
