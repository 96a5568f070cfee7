"""JobStore: every move of an item holds only from the states it may come from, and once."""

from dataclasses import replace
from typing import Any

import pytest

from studio.domain.jobs.model import Counts, ItemError, Waiting
from studio.money import UNKNOWN
from tests.support.builders import TENANT, a_job, a_line, a_spec, an_item
from tests.support.fakes.edges import START
from tests.support.mock_aws.transitions import (
    DEADLINE,
    LATER,
    again,
    begin,
    create,
    end,
    ending,
    everything,
    fail,
    redrive,
    succeed,
)
from tests.support.workflows.jobs import Ports


def test_an_attempt_is_written_before_its_call(ports: Ports) -> None:
    _, items = create(ports)
    begun = begin(ports, items[0])
    assert begun == replace(
        items[0],
        status="running",
        stage="AI_CALL",
        attempt=1,
        attempt_open=True,
        called_at=START,
        attempt_deadline=DEADLINE,
        started_at=START,
        log=(a_line("begun", 1),),
    )


def test_an_open_attempt_is_taken_up_again(ports: Ports) -> None:
    job = a_job(images=1)
    _, items = create(ports, job, [an_item(job, attempt=2, attempt_open=True, settled_attempt=2)])
    assert begin(ports, items[0]).attempt == 2


# What an item is in the table, and what a worker who read it earlier thinks it is.
_MOVED_FROM_QUEUE: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({"status": "running", "attempt": 1}, {"attempt": 1}),
    ({"status": "failed", "attempt": 1}, {"attempt": 1}),
    ({"status": "queued", "attempt": 1}, {"attempt": 0}),
    ({"status": "queued", "run": 2}, {"run": 1}),
    ({"status": "queued", "switches": 1}, {"switches": 0}),
]


@pytest.mark.parametrize(("row", "seen"), _MOVED_FROM_QUEUE)
def test_no_attempt_begins_on_an_item_that_moved(
    ports: Ports, row: dict[str, Any], seen: dict[str, Any]
) -> None:
    job = a_job(images=1)
    item = an_item(job, **row)
    create(ports, job, [item])
    before = everything(ports, job)
    seen_item = replace(item, status="queued", **seen)
    assert not ports.jobs.begin_attempt(seen_item, START, DEADLINE, a_line())
    assert everything(ports, job) == before


def test_a_stage_is_recorded_for_the_attempt_that_runs(ports: Ports) -> None:
    _, items = create(ports)
    begun = begin(ports, items[0])
    entered = ports.jobs.enter_stage(TENANT, begun.job_id, 1, 1, "PARSE")
    assert entered == replace(begun, stage="PARSE") == again(ports, begun)


@pytest.mark.parametrize(
    "row",
    [{"status": "queued", "attempt": 1}, {"status": "running", "attempt": 2}],
)
def test_no_stage_is_recorded_for_another_attempt(ports: Ports, row: dict[str, Any]) -> None:
    job = a_job(images=1)
    create(ports, job, [an_item(job, attempt_open=True, **row)])
    before = everything(ports, job)
    assert ports.jobs.enter_stage(TENANT, job.job_id, 1, 1, "SAVE") is None
    assert everything(ports, job) == before


def test_an_item_is_put_back_into_the_queue(ports: Ports) -> None:
    _, items = create(ports)
    begun = begin(ports, items[0])
    assert ports.jobs.requeue(begun, a_line("put off", 1))
    assert again(ports, begun) == replace(
        begun,
        status="queued",
        attempt_open=False,
        log=(*begun.log, a_line("put off", 1)),
    )
    assert begin(ports, again(ports, begun)).attempt == 2


def test_a_handle_is_kept_until_the_item_ends(ports: Ports) -> None:
    _, items = create(ports)
    begun = begin(ports, items[0])
    assert ports.jobs.save_provider_handle(begun, "task-1", LATER)
    assert again(ports, begun) == replace(begun, handle="task-1", attempt_deadline=LATER)
    assert ports.jobs.finish_item(ending(again(ports, begun)))
    assert again(ports, begun).handle is None


def test_a_call_of_unknown_outcome_keeps_its_handle_over_a_redrive(ports: Ports) -> None:
    job, items = create(ports)
    begun = begin(ports, items[0])
    assert ports.jobs.save_provider_handle(begun, "task-1", LATER)
    assert ports.jobs.finish_item(ending(again(ports, begun), "unknown", UNKNOWN))
    for other in items[1:]:
        fail(ports, other)
    ended = end(ports, job)
    lost = again(ports, begun)
    redrive(ports, ended, [replace(lost, attempt_open=True)])
    begun = begin(ports, again(ports, lost))
    assert (begun.attempt, begun.handle) == (lost.attempt, "task-1")


@pytest.mark.parametrize("move", ["requeue", "switch_provider"])
def test_the_handle_of_a_call_that_is_given_up_is_forgotten(ports: Ports, move: str) -> None:
    _, items = create(ports)
    begun = begin(ports, items[0])
    assert ports.jobs.save_provider_handle(begun, "task-1", LATER)
    held = again(ports, begun)
    if move == "requeue":
        assert ports.jobs.requeue(held, a_line())
    else:
        assert ports.jobs.switch_provider(held, held.spec, a_line())
    assert again(ports, begun).handle is None


WAITING = Waiting("provider_pending", LATER)


def test_a_wait_is_noted_with_one_line(ports: Ports) -> None:
    _, items = create(ports)
    begun = begin(ports, items[0])
    assert ports.jobs.note_wait(begun, WAITING, a_line("waits", 1))
    longer = WAITING._replace(until=DEADLINE)
    assert ports.jobs.note_wait(begun, longer, None)
    assert again(ports, begun) == replace(
        begun, waiting=longer, log=(*begun.log, a_line("waits", 1))
    )


@pytest.mark.parametrize("moved", [{"status": "running"}, {"attempt": 2}, {"run": 2}])
def test_no_wait_is_noted_on_an_item_that_moved(ports: Ports, moved: dict[str, Any]) -> None:
    job = a_job(images=1)
    seen = an_item(job)
    create(ports, job, [replace(seen, **moved)])
    before = everything(ports, job)
    assert not ports.jobs.note_wait(seen, WAITING, a_line())
    assert everything(ports, job) == before


def test_an_item_that_is_put_back_may_wait(ports: Ports) -> None:
    _, items = create(ports)
    begun = begin(ports, items[0])
    assert ports.jobs.note_wait(begun, WAITING, None)
    throttled = Waiting("provider_throttled", DEADLINE)
    assert ports.jobs.requeue(begun, a_line("put off", 1), throttled)
    assert again(ports, begun).waiting == throttled


@pytest.mark.parametrize("move", ["attempt", "stage", "requeue", "switch", "end", "cancel"])
def test_a_wait_is_over_when_work_goes_on(ports: Ports, move: str) -> None:
    job, items = create(ports)
    item = items[0] if move in ("attempt", "cancel") else begin(ports, items[0])
    assert ports.jobs.note_wait(item, WAITING, None)
    assert again(ports, item).waiting == WAITING
    if move == "attempt":
        begin(ports, item)
    elif move == "stage":
        assert ports.jobs.enter_stage(TENANT, job.job_id, 1, 1, "PARSE")
    elif move == "requeue":
        assert ports.jobs.requeue(item, a_line())
    elif move == "switch":
        assert ports.jobs.switch_provider(item, item.spec, a_line())
    elif move == "end":
        assert ports.jobs.finish_item(ending(item))
    else:
        assert ports.jobs.cancel(job, [item], LATER, a_line())
    assert again(ports, item).waiting is None


_MOVED_FROM_CALL: list[dict[str, Any]] = [
    {"status": "queued", "attempt": 1, "attempt_open": True},
    {"status": "running", "attempt": 2, "attempt_open": True},
    {"status": "running", "attempt": 1, "attempt_open": False},
]


@pytest.mark.parametrize("row", _MOVED_FROM_CALL)
def test_a_late_worker_moves_no_call_that_is_over(ports: Ports, row: dict[str, Any]) -> None:
    job = a_job(images=1)
    create(ports, job, [an_item(job, **row)])
    seen = an_item(job, status="running", attempt=1, attempt_open=True)
    before = everything(ports, job)
    assert not ports.jobs.requeue(seen, a_line())
    assert not ports.jobs.save_provider_handle(seen, "task-1", LATER)
    assert everything(ports, job) == before


@pytest.mark.parametrize("state", [{}, {"status": "running", "attempt": 1, "attempt_open": True}])
def test_a_switched_item_waits_for_its_next_provider(ports: Ports, state: dict[str, Any]) -> None:
    job = a_job(images=1)
    item = an_item(job, **state)
    create(ports, job, [item])
    spec = a_spec(provider="runware", model="runware:101@1", substitutes=())
    assert ports.jobs.switch_provider(item, spec, a_line("switched", 1))
    assert again(ports, item) == replace(
        item,
        status="queued",
        attempt_open=False,
        spec=spec,
        switches=1,
        log=(a_line("switched", 1),),
    )
    assert begin(ports, again(ports, item)).attempt == item.attempt + 1


# What an item is in the table, and what a worker who would switch it thinks it is.
_MOVED_FROM_SWITCH: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({"status": "failed"}, {"status": "running"}),
    ({"status": "running"}, {"status": "queued"}),
    ({"attempt": 2}, {"attempt": 1}),
    ({"attempt_open": True}, {"attempt_open": False}),
    ({"run": 2}, {"run": 1}),
    ({"switches": 2}, {"switches": 1}),
]


@pytest.mark.parametrize(("row", "seen"), _MOVED_FROM_SWITCH)
def test_an_item_that_moved_is_not_switched(
    ports: Ports, row: dict[str, Any], seen: dict[str, Any]
) -> None:
    job = a_job(images=1)
    item = an_item(job, **row)
    create(ports, job, [item])
    before = everything(ports, job)
    assert not ports.jobs.switch_provider(replace(item, **seen), a_spec(), a_line())
    assert everything(ports, job) == before


def test_a_failed_item_says_why(ports: Ports) -> None:
    job, items = create(ports)
    ended = fail(ports, items[0])
    assert ended.status == "failed"
    assert ended.error == ItemError("provider-moderation", "no such pictures", retryable=True)
    assert (ended.stage, ended.finished_at, ended.attempt_open) == ("AI_CALL", LATER, False)
    assert ports.jobs.get(TENANT, job.job_id).counts == Counts(total=2, failed=1)


def test_an_item_in_the_queue_can_end(ports: Ports) -> None:
    job, items = create(ports)
    assert ports.jobs.finish_item(ending(items[1], "cancelled"))
    assert again(ports, items[1]).error is None
    assert ports.jobs.get(TENANT, job.job_id).counts == Counts(total=2, cancelled=1)


def test_staged_bytes_keep_the_attempt_open(ports: Ports) -> None:
    _, items = create(ports)
    begun = begin(ports, items[0])
    assert ports.jobs.finish_item(replace(ending(begun), keep_attempt_open=True))
    assert again(ports, begun).attempt_open


# How a row may differ from what a late worker read, and from what the job's row says.
_MOVED_BEFORE_THE_END: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({"status": "succeeded"}, {}),
    ({"status": "cancelled"}, {}),
    ({"attempt": 2}, {}),
    ({"settled_attempt": 1}, {}),
    ({"run": 2}, {}),
    ({}, {"run": 2}),
]


@pytest.mark.parametrize(("row", "job_row"), _MOVED_BEFORE_THE_END)
def test_an_item_that_moved_is_not_ended(
    ports: Ports, row: dict[str, Any], job_row: dict[str, Any]
) -> None:
    job = a_job(images=1, **job_row)
    seen = an_item(job, status="running", attempt=1, attempt_open=True, run=1)
    create(ports, job, [replace(seen, **row)])
    before = everything(ports, job)
    assert not ports.jobs.finish_item(ending(seen, "succeeded"))
    assert everything(ports, job) == before


def test_no_item_ends_after_its_job(ports: Ports) -> None:
    job, items = create(ports)
    begun = begin(ports, items[0])
    end(ports, job)
    before = everything(ports, job)
    assert not ports.jobs.finish_item(ending(begun, "succeeded"))
    assert everything(ports, job) == before


def test_a_second_end_changes_nothing(ports: Ports) -> None:
    job, items = create(ports)
    begun = begin(ports, items[0])
    assert ports.jobs.finish_item(ending(begun, "succeeded"))
    before = everything(ports, job)
    assert not ports.jobs.finish_item(ending(begun, "failed"))
    assert everything(ports, job) == before


def test_an_asset_is_never_written_over(ports: Ports) -> None:
    job, items = create(ports)
    succeed(ports, items[0])
    begun = replace(begin(ports, items[1]), asset_id=items[0].asset_id)
    before = everything(ports, job)
    assert not ports.jobs.finish_item(ending(begun, "succeeded"))
    assert everything(ports, job) == before


def test_a_redriven_job_has_the_logs_that_its_redrive_gives(ports: Ports) -> None:
    job, (item,) = create(ports, a_job(images=1))
    failed = fail(ports, item)
    ended = end(ports, job)
    cut, cut_item = a_line("cut"), a_line("cut", 1)
    redrive(ports, replace(ended, log=(cut,)), [replace(failed, log=(cut_item,))])
    now, (item,) = ports.jobs.load(job.tenant, job.job_id)
    assert now.log == (cut, a_line("redriven"))
    assert item.log == (cut_item,)
