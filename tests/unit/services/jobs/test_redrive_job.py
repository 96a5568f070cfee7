"""RedriveJob: what runs again, and what that costs."""

import pytest

from studio.domain.jobs.image_spec import SourceRef
from studio.domain.jobs.model import Counts
from studio.domain.provider_calls.model import OutcomeUnknown, Refused
from studio.errors import (
    BudgetExceededError,
    InvalidRequestError,
    MaxCostExceededError,
    NotFoundError,
    StateConflictError,
)
from studio.ports.jobs import Replayed
from studio.services.jobs.key_use import KeyUse
from studio.services.jobs.redrive_job import Selection
from tests.support.builders import MONTH, PRICE, TENANT, settled
from tests.support.fakes.edges import FakeBlobStore, Started
from tests.support.fakes.provider import FakeProvider
from tests.support.workflows.job_in_memory import Harness, bench

NO = Refused("moderation", "no")
LOST = OutcomeUnknown("the line went dead")


def _redrive(
    found: Harness, selection: Selection | None = None, max_cost: int | None = None
) -> None:
    key = KeyUse("POST redrive", f"redrive after {found.job.run}", "body")
    found.studio.redrive(TENANT, found.job_id, key, selection, max_cost)


def _staged(found: Harness) -> None:
    """Pay for the first image and lose the worker that would have finished it."""
    found.call()
    found.studio.fail_image.run(found.task())
    found.finish()


def test_only_what_failed_runs_again_and_is_paid_for() -> None:
    found = bench("a", "b", "c", replies=(NO,))
    assert found.run().status == "partially_succeeded"
    made = found.items[1:]
    _redrive(found)
    assert (found.job.status, found.job.run) == ("queued", 2)
    assert found.job.counts == Counts(3, succeeded=2)
    assert found.job.reserved == found.item(1).estimate.micros
    execution = f"{found.job_id}-run2"
    assert found.studio.workflow.executions[execution] == Started(TENANT, found.job_id, 2)
    assert found.run().status == "succeeded"
    assert found.items[1:] == made
    assert found.studio.provider.paid == {"a": 1, "b": 1, "c": 1}
    assert found.job.cost == 3 * PRICE.known_micros


def test_images_to_start_from_are_held_money_for_again() -> None:
    found = bench("a", sources=(SourceRef(url="https://shop.test/gone.png"),))
    held = found.job.reserved
    assert found.run().status == "failed"
    _redrive(found)
    assert found.job.reserved == held == bench("a").job.reserved + 6_900 * 8


def test_a_repeat_of_the_request_gets_its_answer() -> None:
    found = bench("a", replies=(NO,))
    found.run()
    _redrive(found)
    key = KeyUse("POST redrive", "redrive after 1", "body")
    assert found.studio.submit_redrive(TENANT, found.job_id, key) == Replayed(found.job_id)
    assert found.job.run == 2


def test_a_job_that_goes_on_or_has_nothing_to_do_is_not_redriven() -> None:
    found = bench("a")
    with pytest.raises(StateConflictError):
        _redrive(found)
    found.run()
    for selection in (Selection(), Selection(numbers=(1,)), Selection(statuses={"unknown"})):
        with pytest.raises(StateConflictError):
            _redrive(found, selection)


def test_a_job_of_another_tenant_is_not_found() -> None:
    found = bench("a", replies=(NO,))
    found.run()
    with pytest.raises(NotFoundError):
        found.studio.redrive("zenith", found.job_id, KeyUse("POST redrive", "key", "body"))


def test_images_can_be_named_by_number() -> None:
    found = bench("a", "b", replies=(NO, NO))
    found.run()
    with pytest.raises(InvalidRequestError) as refused:
        _redrive(found, Selection(numbers=(9, 2, 7)))
    (field,) = refused.value.fields
    assert (field.pointer, field.detail) == (
        "/items",
        "the job has 2 images and none with the number 7, 9",
    )
    _redrive(found, Selection(numbers=(2,)))
    assert [item.status for item in found.items] == ["failed", "queued"]


def test_every_number_that_cannot_run_again_is_named_and_nothing_runs() -> None:
    found = bench("a", "b", "c", replies=(NO,))
    found.run()
    with pytest.raises(StateConflictError) as mixed:
        _redrive(found, Selection(numbers=(1, 2, 3)))
    assert str(mixed.value) == (
        "not all of the named images can be run again: image 2 succeeded, image 3 succeeded"
    )
    with pytest.raises(InvalidRequestError) as refused:
        _redrive(found, Selection(numbers=(1, 3, 9)))
    (field,) = refused.value.fields
    assert field.detail == (
        "the job has 3 images and none with the number 9, "
        "and of the others some cannot be run again: image 3 succeeded"
    )
    assert [item.status for item in found.items] == ["failed", "succeeded", "succeeded"]


def test_named_images_that_ended_well_are_refused_with_their_state() -> None:
    found = bench("a", None, "c", replies=(NO,))
    found.run()
    with pytest.raises(StateConflictError) as refused:
        _redrive(found, Selection(numbers=(2, 3)))
    assert str(refused.value) == (
        "none of the named images can be run again: image 2 skipped, image 3 succeeded"
    )


def test_an_empty_choice_names_the_choice_that_would_do() -> None:
    found = bench("a", "b", "c", replies=(LOST,))
    found.call(1)
    found.studio.cancel(TENANT, found.job_id)
    found.run()
    with pytest.raises(StateConflictError) as refused:
        _redrive(found)
    assert str(refused.value) == (
        "no image of the job ended as failed; images that can be run again: "
        "1 with only: unknown, 2 with only: cancelled"
    )
    done = bench("a")
    done.run()
    with pytest.raises(StateConflictError, match=r"^no image of the job ended as failed$"):
        _redrive(done)


def test_what_was_cancelled_can_be_run_after_all() -> None:
    found = bench("a", "b")
    found.studio.cancel(TENANT, found.job_id)
    found.run()
    with pytest.raises(StateConflictError, match="2 with only: cancelled"):
        _redrive(found)
    _redrive(found, Selection(statuses={"cancelled"}))
    assert found.run().status == "succeeded"


def test_an_unknown_outcome_is_not_paid_again_unasked() -> None:
    found = bench("a", "b", replies=(LOST, NO))
    found.run()
    assert [item.status for item in found.items] == ["unknown", "failed"]
    _redrive(found)
    found.run()
    assert [item.status for item in found.items] == ["unknown", "succeeded"]


def test_an_unknown_outcome_is_paid_again_on_the_callers_word() -> None:
    found = bench("a", replies=(LOST,))
    found.run()
    _redrive(found, Selection(statuses={"unknown"}))
    assert found.run().status == "succeeded"
    assert found.item().attempt == 2
    read = settled(found.studio.raw.ledger.entries(TENANT, found.job_id))
    assert (read.known, read.unknown) == ((PRICE.known_micros,), 1)
    assert found.job.unknown_costs == 1


def test_bytes_that_came_after_all_are_used_on_the_callers_word() -> None:
    found = bench("a")
    found.call()
    blobs = found.studio.raw.blobs
    assert isinstance(blobs, FakeBlobStore)
    staged = dict(blobs.blobs)
    blobs.blobs.clear()
    found.later(minutes=5)
    found.studio.fail_image.run(found.task())
    found.finish()
    assert found.item().status == "unknown"
    blobs.blobs.update(staged)
    _redrive(found, Selection(statuses={"unknown"}))
    assert found.run().status == "succeeded"
    assert found.studio.provider.paid == {"a": 1}


def test_paid_bytes_are_used_at_no_cost() -> None:
    found = bench("a")
    _staged(found)
    assert found.job.cost == PRICE.known_micros
    _redrive(found)
    assert found.job.reserved == 0
    assert found.run().status == "succeeded"
    assert found.item().attempt == 1
    assert found.studio.provider.paid == {"a": 1}
    assert found.job.cost == PRICE.known_micros
    assert found.studio.raw.ledger.committed(TENANT, MONTH) == PRICE.known_micros


def test_expired_bytes_are_not_paid_again_without_a_hold() -> None:
    found = bench("a")
    estimate = found.item().estimate
    _staged(found)
    blobs = found.studio.raw.blobs
    assert isinstance(blobs, FakeBlobStore)
    blobs.blobs.clear()
    _redrive(found)
    assert found.run().status == "failed"
    error = found.item().error
    assert error is not None
    assert (error.code, error.retryable) == ("bytes-expired", True)
    assert found.studio.provider.paid == {"a": 1}
    _redrive(found)
    assert found.job.reserved == estimate.micros
    assert found.run().status == "succeeded"
    assert found.job.cost == 2 * PRICE.known_micros


def test_an_image_whose_paid_bytes_were_no_image_holds_money_again() -> None:
    found = bench("a", vendor=FakeProvider(data=b"no picture at all"))
    estimate = found.item().estimate
    _staged(found)
    _redrive(found)
    assert found.run().status == "failed"
    assert found.item().estimate.micros == 0
    _redrive(found)
    assert found.item().estimate == estimate
    assert found.job.reserved == estimate.micros


def test_a_cancelled_look_for_a_lost_call_holds_money_when_it_goes_on() -> None:
    found = bench("a", replies=(LOST,))
    found.run()
    _redrive(found, Selection(statuses={"unknown"}))
    found.studio.cancel(TENANT, found.job_id)
    found.run()
    assert found.item().status == "cancelled"
    _redrive(found, Selection(statuses={"cancelled"}))
    assert found.job.reserved == found.item().estimate.micros != 0


def test_the_jobs_own_limit_counts_what_was_spent() -> None:
    found = bench("a", "b", replies=(NO,), max_cost=110_000)
    estimate = found.item().estimate.known_micros
    found.run()
    room = PRICE.known_micros + estimate
    with pytest.raises(MaxCostExceededError):
        _redrive(found, max_cost=room - 1)
    _redrive(found, max_cost=room)
    assert found.job.max_cost == room


def test_the_jobs_own_limit_counts_what_may_have_been_spent() -> None:
    found = bench("a", replies=(LOST,))
    estimate = found.item().estimate.known_micros
    found.run()
    with pytest.raises(MaxCostExceededError):
        _redrive(found, Selection(statuses={"unknown"}), max_cost=2 * estimate - 1)
    _redrive(found, Selection(statuses={"unknown"}), max_cost=2 * estimate)


def test_the_month_is_asked_for_room_again() -> None:
    found = bench("a", "b", replies=(LOST,), limit=110_000)
    found.run()
    committed = found.studio.raw.ledger.committed(TENANT, MONTH)
    assert committed == found.item().estimate.known_micros + PRICE.known_micros
    with pytest.raises(BudgetExceededError) as refused:
        _redrive(found, Selection(statuses={"unknown"}))
    assert refused.value.committed == committed
    assert found.job.run == 1


def test_a_redriven_image_starts_with_a_clean_slate() -> None:
    found = bench("a", replies=(NO,))
    found.run()
    _redrive(found)
    item = found.item()
    assert (item.error, item.started_at, item.finished_at, item.stage) == (None, None, None, "INIT")


def test_a_job_that_is_redriven_again_and_again_has_a_short_log() -> None:
    found = bench("a", replies=(NO,) * 150)
    for _ in range(150):
        found.run()
        _redrive(found)
    logs = (found.job.log, found.item().log)
    assert all(len(log) <= 210 for log in logs)
    assert all(log[0].message.startswith("Left out: ") for log in logs)
    assert found.job.log[-1].message == "Redrive of 1 image"
