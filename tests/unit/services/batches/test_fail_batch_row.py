"""A row whose CreateBatchJob dies ends with a reason, or goes on with the job that it has."""

from dataclasses import dataclass, replace

import pytest

from studio.domain.batches.model import Batch
from studio.domain.jobs.wanted import EVERY_JOB
from studio.domain.ledger.model import budget_month
from studio.errors import StateConflictError
from tests.support.builders import TENANT
from tests.support.fakes.batches import FakeBatchStore
from tests.support.workflows.batches import BatchStudio, Death, memory_batches

SIZE = "1024x1024"
# CreateBatchJob is tried five times.
TRIES = 5
# The first one, and ten more while Lambda has no room.
TRIES_WHEN_THROTTLED = 11


def submitted(*prompts: str) -> tuple[BatchStudio, Batch]:
    studio = memory_batches()
    rows = "".join(f"{prompt},{SIZE}\n" for prompt in prompts)
    return studio, studio.submit(studio.checked(f"prompt,size\n{rows}"))


@pytest.mark.parametrize(
    ("error", "times", "reason"),
    [
        ("States.Timeout", 1, "ran out of time"),
        ("Sandbox.Timedout", TRIES, "ran out of time"),
        ("Runtime.ExitError", TRIES, "killed or ran out of memory"),
        ("Runtime.OutOfMemory", TRIES, "killed or ran out of memory"),
        ("Lambda.Unknown", TRIES, "killed or ran out of memory"),
        ("Lambda.TooManyRequestsException", TRIES_WHEN_THROTTLED, "failed on every try"),
        ("ClientError", TRIES, "failed on every try"),
    ],
)
def test_a_row_whose_function_dies_ends_with_a_reason_and_the_others_go_on(
    error: str, times: int, reason: str
) -> None:
    studio, batch = submitted("fox", "owl")
    studio.deaths["CreateBatchJob"] = Death(error, times)
    done = studio.run(batch)
    first, second = studio.rows(batch)
    assert (first.number, first.status, first.job_id) == (2, "failed", None)
    assert first.error_code == "execution-error"
    assert reason in str(first.error_message)
    assert error not in str(first.error_message)
    assert second.status == "succeeded"
    assert (done.status, done.rows.failed, done.waiting) == ("partially_succeeded", 1, 0)
    month = budget_month(studio.base.clock())
    assert studio.base.raw.ledger.committed(TENANT, month) == second.cost > 0


def test_a_try_that_fails_is_repeated_before_the_row_ends() -> None:
    studio, batch = submitted("fox")
    studio.deaths["CreateBatchJob"] = Death("Lambda.Unknown", TRIES - 1)
    assert studio.run(batch).status == "succeeded"
    assert "FailBatchRow" not in studio.visited


def test_a_row_that_got_its_job_before_the_kill_runs_it() -> None:
    studio, batch = submitted("fox")
    studio.deaths["CreateBatchJob"] = Death("States.Timeout", 1, after=True)
    done = studio.run(batch)
    assert "FailBatchRow" in studio.visited
    (row,) = studio.rows(batch)
    assert (done.status, row.status, row.error_code) == ("succeeded", "succeeded", None)
    assert len(studio.base.raw.jobs.page(TENANT, EVERY_JOB, 10, None).jobs) == 1


@pytest.mark.parametrize("after", [False, True])
def test_the_record_of_a_failed_row_is_repeated_and_counts_once(after: bool) -> None:
    studio, batch = submitted("fox")
    studio.deaths["CreateBatchJob"] = Death("Sandbox.Timedout", TRIES)
    studio.deaths["FailBatchRow"] = Death("ClientError", TRIES, after=after)
    done = studio.run(batch)
    (row,) = studio.rows(batch)
    assert (done.rows.failed, done.status) == (1, "failed")
    assert "ran out of time" in str(row.error_message)


def test_a_row_that_cannot_be_recorded_waits_and_the_batch_ends() -> None:
    studio, batch = submitted("fox", "owl")
    studio.deaths["CreateBatchJob"] = Death("Lambda.Unknown", TRIES)
    studio.deaths["FailBatchRow"] = Death("Lambda.Unknown", 100)
    done = studio.run(batch)
    assert (done.rows.succeeded, done.waiting) == (1, 1)
    assert done.finished_at is not None


def test_a_redrive_runs_the_failed_row_and_says_what_failed_last() -> None:
    studio, batch = submitted("fox")
    studio.base.monthly_limit = 1
    assert studio.run(batch).rows.failed == 1
    assert studio.rows(batch)[0].error_code == "budget-exceeded"
    studio.deaths["CreateBatchJob"] = Death("Lambda.Unknown", TRIES)
    second = studio.run(studio.redrive(batch.batch_id))
    assert (second.rows.failed, second.status) == (1, "failed")
    assert studio.rows(batch)[0].error_code == "execution-error"
    studio.base.monthly_limit = None
    assert studio.run(studio.redrive(batch.batch_id)).status == "succeeded"


def test_rows_of_a_batch_that_is_cancelled_or_has_ended_are_left_alone() -> None:
    studio, batch = submitted("fox")
    studio.cancel(batch.batch_id)
    fail = studio.fail_row
    assert fail.run(TENANT, batch.batch_id, 1, 2, "Lambda.Unknown")["outcome"] == "cancelled"
    studio.finish.run(TENANT, batch.batch_id, 1)
    assert fail.run(TENANT, batch.batch_id, 1, 2, "Lambda.Unknown")["outcome"] == "done"
    assert studio.rows(batch) == []


def test_a_failure_of_an_old_run_does_not_end_a_row_of_the_next() -> None:
    studio, batch = submitted("fox")
    studio.finish.run(TENANT, batch.batch_id, 1)
    studio.redrive(batch.batch_id)
    step = studio.fail_row.run(TENANT, batch.batch_id, 1, 2, "Lambda.Unknown")
    assert (step["outcome"], studio.rows(batch)) == ("done", [])


@dataclass
class CreatedMeanwhile(FakeBatchStore):
    """The last try of CreateBatchJob creates the job just before the row is recorded."""

    studio: BatchStudio | None = None

    def refuse(self, batch: Batch, number: int, code: str, message: str) -> bool:
        assert self.studio is not None
        self.studio.step(batch, number)
        return super().refuse(batch, number, code, message)


def test_a_job_that_is_created_meanwhile_is_not_recorded_as_failed() -> None:
    studio, batch = submitted("fox")
    assert isinstance(studio.batches, FakeBatchStore)
    late = CreatedMeanwhile(studio.batches.memory, studio.batches.imports, studio)
    fail = replace(studio.fail_row, batches=late)
    with pytest.raises(StateConflictError):
        fail.run(TENANT, batch.batch_id, 1, 2, "Lambda.Unknown")
    assert fail.run(TENANT, batch.batch_id, 1, 2, "Lambda.Unknown")["outcome"] == "started"
    assert studio.rows(batch)[0].status == "running"
