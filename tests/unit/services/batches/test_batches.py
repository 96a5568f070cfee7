"""A batch from its submission to its end: limits, repeats, crashes, cancel and redrive."""

from collections import Counter, deque
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace

import pytest

from studio.clock import rfc3339
from studio.domain.batches.model import Batch, BatchImport, BatchRow
from studio.domain.provider_calls.model import Refused
from studio.domain.recipes.model import Recipe
from studio.errors import (
    BudgetExceededError,
    CostUnknownError,
    MaxCostExceededError,
    StateConflictError,
)
from studio.ports.jobs import Replayed
from studio.services.batches.submit_import import Submission
from studio.services.webhooks.end_mail import letter
from tests.support.builders import PRICE, TENANT, a_key
from tests.support.fakes.batches import FakeBatchStore
from tests.support.fakes.edges import START, BusyBus, FakeBlobStore
from tests.support.fakes.provider import FakeProvider
from tests.support.fakes.recipes import BrokenRecipeStore
from tests.support.workflows.batches import BatchStudio, memory_batches
from tests.support.workflows.engine import Engine

SIZE = "1024x1024"


def a_recipe() -> Recipe:
    body = {"operation": "generate", "prompt": "a fox", "size": SIZE}
    return Recipe(TENANT, "on-white", 0, None, body, START, START, "user-1")


def table(*prompts: str) -> str:
    return "prompt,size\n" + "".join(f"{prompt},{SIZE}\n" for prompt in prompts)


def submitted(
    *prompts: str,
    provider: FakeProvider | None = None,
    concurrency: int = 1,
    limit: int | None = None,
) -> tuple[BatchStudio, Batch]:
    studio = memory_batches(provider, limit)
    value = studio.checked(table(*prompts))
    return studio, studio.submit(value, Submission(concurrency=concurrency))


def test_every_row_becomes_one_job_and_the_sums_agree() -> None:
    studio, batch = submitted("fox", "owl", "hen", concurrency=2)
    assert batch.status == "queued"

    done = studio.run(batch)

    assert (done.status, done.percent, done.lines.succeeded) == ("succeeded", 100, 3)
    lines = studio.lines(batch)
    jobs = [studio.base.raw.jobs.get(TENANT, line.job_id or "") for line in lines]
    assert [job.origin.batch_line for job in jobs] == [2, 3, 4]
    assert done.cost == sum(job.cost for job in jobs) > 0
    assert done.images.succeeded == 3
    (event,) = [one for one in studio.base.events.events if one.type.startswith("batch.")]
    assert (event.type, event.id) == ("batch.succeeded", f"evt_{batch.batch_id}_1")
    assert event.detail["finished_at"] == rfc3339(studio.base.clock())
    subject, text = letter(event.type, event.detail)
    assert subject == f"Batch succeeded: {batch.batch_id}"
    assert "of: 3" in text


@pytest.mark.parametrize(("limit", "unpriced"), [(None, 1), (40_000_000, 0)])
def test_a_row_is_checked_with_whom_its_job_will_choose(limit: int | None, unpriced: int) -> None:
    studio = memory_batches(None, limit)
    # Openai has no price for so large a picture, and under a limit runware is chosen.
    value = studio.taken("prompt,size,quality\nfox,2880x2880,premium\n")
    intake = replace(studio.intake, providers=("openai", "runware"))
    check = replace(studio.validate, intake=intake)
    check.run(TENANT, value.import_id)
    totals = studio.imports.get(TENANT, value.import_id).totals
    assert (totals.valid, totals.unpriced) == (1, unpriced)


def test_a_dry_run_does_not_ask_which_models_have_been_failing() -> None:
    studio = memory_batches()
    value = studio.taken("prompt,size\nfox,1024x1024\n")
    asked: list[str] = []

    def failing(tenant: str, models: Collection[tuple[str, str]]) -> frozenset[tuple[str, str]]:
        asked.append(tenant)
        return frozenset(models)

    intake = replace(studio.intake, providers=("openai", "runware"), failing=failing)
    replace(studio.validate, intake=intake).run(TENANT, value.import_id)

    assert studio.imports.get(TENANT, value.import_id).totals.valid == 1
    assert asked == []


def test_lanes_share_the_lines_out() -> None:
    studio, batch = submitted("a", "b", "c", concurrency=10)

    assert batch.concurrency == 3
    assert list(studio.workflow.started) == [batch.batch_id]


def test_a_repeated_line_is_one_job() -> None:
    studio, batch = submitted("fox")

    first = studio.step(batch, 2)
    assert studio.step(batch, 2) == first
    studio.run_job(first)
    assert studio.step(batch, 2)["outcome"] == "done"
    assert len(studio.base.raw.jobs.page(TENANT, (), 10, None).jobs) == 1


def test_a_line_of_an_old_run_starts_nothing() -> None:
    studio, batch = submitted("fox")
    done = studio.run(batch)

    assert studio.step(done, 2)["outcome"] == "done"


def test_a_line_that_is_refused_counts_once_and_the_others_go_on() -> None:
    studio = memory_batches(monthly_limit=None)
    value = studio.checked(table("fox", "owl"))
    batch = studio.submit(value)
    price = value.totals.estimate // 2
    studio.base.monthly_limit = price

    first = studio.step(batch, 2)
    refused = [studio.step(batch, 3)["outcome"] for _ in range(2)]

    assert (first["outcome"], refused) == ("started", ["refused", "refused"])
    line = studio.batches.line(TENANT, batch.batch_id, 3)
    assert line is not None
    assert (line.status, line.job_id, line.error_code) == ("failed", None, "budget-exceeded")
    assert studio.get(batch).lines.failed == 1


def test_an_order_that_is_gone_is_a_refused_line() -> None:
    studio, batch = submitted("fox")
    assert isinstance(studio.base.raw.blobs, FakeBlobStore)
    del studio.base.raw.blobs.blobs[batch.key("manifest.jsonl")]

    assert studio.step(batch, 2)["outcome"] == "refused"
    line = studio.batches.line(TENANT, batch.batch_id, 2)
    assert line is not None
    assert line.error_code == "order-expired"


FAULTS = [
    ArithmeticError("secret detail"),
    KeyError("secret detail"),
    RecursionError("secret detail"),
    TypeError("secret detail"),
    UnicodeEncodeError("utf-8", "secret detail", 0, 1, "surrogates"),
    MemoryError("secret detail"),
]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: type(fault).__name__)
def test_a_fault_of_the_studio_ends_its_line_with_a_reason(
    fault: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    studio = memory_batches()
    recipes = studio.recipes = BrokenRecipeStore()
    recipes.put(a_recipe(), None)
    batch = studio.submit(studio.checked(f"recipe_id\n{a_recipe().recipe_id}\n"))
    recipes.fault = fault

    assert [studio.step(batch, 2)["outcome"] for _ in range(2)] == ["refused", "refused"]
    (line,) = studio.lines(batch)
    assert (line.status, line.job_id, line.error_code) == ("failed", None, "execution-error")
    assert line.error_message
    assert "secret" not in line.error_message
    assert (studio.get(batch).lines.failed, studio.run(batch).status) == (1, "failed")
    assert any(record.exc_info for record in caplog.records)


def test_an_error_that_a_later_try_can_undo_is_raised() -> None:
    studio = memory_batches()
    recipes = studio.recipes = BrokenRecipeStore()
    recipes.put(a_recipe(), None)
    batch = studio.submit(studio.checked(f"recipe_id\n{a_recipe().recipe_id}\n"))
    recipes.fault = TimeoutError("later")

    with pytest.raises(TimeoutError):
        studio.step(batch, 2)
    recipes.fault = None
    assert studio.step(batch, 2)["outcome"] == "started"


def test_a_fault_of_the_studio_refuses_a_row_and_the_others_are_checked() -> None:
    studio = memory_batches()
    studio.recipes = BrokenRecipeStore(fault=ArithmeticError("secret detail"))
    value = studio.checked(f"prompt,recipe_id\nfox,\nfox,{a_recipe().recipe_id}\n")
    assert (value.status, value.totals.valid, value.totals.faulty) == ("validated", 1, 1)
    (error,) = value.errors
    assert (error.row, error.code) == (3, "execution-error")
    assert "secret" not in error.detail


@pytest.mark.parametrize("text", ["\u200b", "\ufeff", "\u00a0", "\u00ad\u200d"])
def test_a_prompt_of_nothing_visible_is_an_empty_cell(text: str) -> None:
    value = memory_batches().checked(f"prompt,size\n{text},{SIZE}\nfox,{SIZE}\n")
    (error,) = value.errors
    assert (error.row, error.column, value.totals.valid) == (2, "prompt", 1)


def test_a_number_in_another_form_is_a_wrong_cell() -> None:
    value = memory_batches().checked("prompt,guidance\nfox,0E-500000\n")
    (error,) = value.errors
    assert (error.column, error.code) == ("guidance", "decimal-parsing")


def test_a_redrive_runs_refused_lines_and_those_never_started() -> None:
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

    assert (done.run, done.status, done.lines.succeeded) == (2, "succeeded", 3)
    assert len(studio.base.raw.jobs.page(TENANT, (), 10, None).jobs) == 3
    ids = [one.id for one in studio.base.events.events if one.type.startswith("batch.")]
    assert ids == [f"evt_{batch.batch_id}_1", f"evt_{batch.batch_id}_2"]


def test_a_redrive_pays_for_the_failed_image_only() -> None:
    vendor = FakeProvider(replies=deque([Refused("moderation", "no")]))
    studio, batch = submitted("fox", "owl", provider=vendor)
    done = studio.run(batch)
    assert (done.status, done.lines.failed, done.images.failed) == ("partially_succeeded", 1, 1)

    again = studio.run(studio.redrive(batch.batch_id))

    assert (again.status, again.images.failed, again.lines.succeeded) == ("succeeded", 0, 2)
    assert vendor.paid == Counter(fox=1, owl=1)
    assert again.cost == sum(line.cost for line in studio.lines(batch)) == 2 * PRICE.known_micros


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


def test_a_redrive_without_money_leaves_the_line_as_it_ended() -> None:
    vendor = FakeProvider(replies=deque([Refused("moderation", "no")]))
    studio, batch = submitted("fox", provider=vendor)
    studio.run(batch)
    again = studio.redrive(batch.batch_id)
    studio.base.monthly_limit = 1

    assert studio.step(again, 2)["outcome"] == "refused"
    assert studio.get(batch).lines.failed == 1


def test_a_job_redriven_by_itself_moves_its_batch() -> None:
    vendor = FakeProvider(replies=deque([Refused("moderation", "no")]))
    studio, batch = submitted("fox", provider=vendor)
    assert studio.run(batch).status == "failed"
    (line,) = studio.lines(batch)

    studio.base.redrive(TENANT, line.job_id or "", a_key("alone"))
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


def test_cancelling_stops_lines_and_running_jobs() -> None:
    studio, batch = submitted("fox", "owl")
    step = studio.step(batch, 2)

    stopping = studio.cancel(batch.batch_id)
    assert (stopping.status, stopping.waiting, stopping.cancelled) == ("cancelling", 1, 0)
    assert studio.step(batch, 3)["outcome"] == "cancelled"
    studio.run_job(step)
    done = studio.run(batch)

    assert (done.status, done.lines.cancelled, done.waiting) == ("cancelled", 1, 0)
    assert (done.cancelled, done.percent) == (2, 100)
    event = studio.base.events.events[-1]
    assert (event.type, event.detail["waiting"]) == ("batch.cancelled", 0)
    assert event.detail["cancelled"] == 2
    with pytest.raises(StateConflictError):
        studio.cancel(batch.batch_id)
    with pytest.raises(StateConflictError):
        studio.redrive(batch.batch_id)


@dataclass
class CancelledMeanwhile(FakeBatchStore):
    """A store whose batch is cancelled just after a worker has read it."""

    cancel: Callable[[str], object] = lambda _: None

    def line(self, tenant: str, batch_id: str, number: int) -> BatchRow | None:
        found = super().line(tenant, batch_id, number)
        self.cancel(batch_id)
        return found


def test_a_line_is_not_run_again_behind_a_cancel() -> None:
    vendor = FakeProvider(replies=deque([Refused("moderation", "no")]))
    studio, batch = submitted("fox", provider=vendor)
    studio.run(batch)
    again = studio.redrive(batch.batch_id)
    assert isinstance(studio.batches, FakeBatchStore)
    late = CancelledMeanwhile(studio.batches.memory, studio.batches.imports, studio.cancel)

    with pytest.raises(StateConflictError):
        replace(studio, batches=late).step(again, 2)

    assert studio.step(again, 2)["outcome"] == "cancelled"
    studio.finish.run(TENANT, batch.batch_id, 2)
    assert (studio.get(batch).status, vendor.paid) == ("cancelled", Counter())


def test_a_submit_is_repeated_without_a_second_batch() -> None:
    studio = memory_batches()
    value = studio.checked(table("fox"))
    batch = studio.submit(value, key="once")

    assert studio.submit_again(value, key="once") == Replayed(batch.batch_id)
    with pytest.raises(StateConflictError):
        studio.submit(value, key="twice")
    assert len(studio.workflow.started) == 1


@pytest.mark.parametrize("text", ["prompt\n", "size\n9x9\n"])
def test_what_has_no_valid_row_is_not_submitted(text: str) -> None:
    studio = memory_batches()

    with pytest.raises(StateConflictError):
        studio.submit(studio.checked(text))


def test_what_is_not_checked_yet_is_not_submitted() -> None:
    studio = memory_batches()

    with pytest.raises(StateConflictError):
        studio.submit(studio.taken(table("fox")))


def priced(limit: int | None = None) -> tuple[BatchStudio, BatchImport]:
    studio = memory_batches()
    value = studio.checked(table("fox", "owl"))
    studio.base.monthly_limit = limit
    return studio, value


def test_limits_stand_against_the_whole_estimate() -> None:
    studio, value = priced()
    with pytest.raises(MaxCostExceededError):
        studio.submit(value, Submission(max_cost=value.totals.estimate - 1))
    studio.base.monthly_limit = value.totals.estimate - 1
    with pytest.raises(BudgetExceededError) as refused:
        studio.submit(value)
    assert refused.value.requested == value.totals.estimate
    studio.base.monthly_limit = value.totals.estimate
    assert studio.submit(value, Submission(max_cost=value.totals.estimate)).run == 1


def test_an_unknown_price_keeps_no_limit() -> None:
    studio = memory_batches()
    value = studio.checked(f"prompt,provider,model,size\nfox,runware,runware:97@1,{SIZE}\n")
    assert (value.totals.unpriced, value.totals.estimate) == (1, 0)

    with pytest.raises(CostUnknownError):
        studio.submit(value, Submission(max_cost=1_000_000))
    assert studio.submit(value).unpriced == 1


def test_a_start_that_was_lost_is_made_up_for() -> None:
    studio = memory_batches()
    value = studio.checked(table("fox"))
    studio.workflow.available = False
    batch = studio.submit(value)
    studio.workflow.available = True
    assert studio.sweep() == {"started": 0, "finished": 0, "failed": 0}
    studio.base.clock.advance(61)

    assert studio.sweep() == {"started": 1, "finished": 0, "failed": 0}
    assert list(studio.workflow.started) == [batch.batch_id]


def test_the_sweeper_goes_on_behind_the_first_hundred_batches() -> None:
    studio = memory_batches()
    studio.workflow.available = False
    for _ in range(101):
        studio.submit(studio.checked(table("fox")))
    studio.workflow.available = True
    studio.base.clock.advance(61)

    assert studio.sweep() == {"started": 101, "finished": 0, "failed": 0}


def test_an_end_that_the_sweeper_found_is_announced_though_the_bus_was_busy() -> None:
    studio, batch = submitted("fox")
    studio.run_job(studio.step(batch, 2))
    studio.workflow.ended.add(batch.batch_id)
    studio.base.clock.advance(61)
    base = studio.base
    base.ports = replace(base.ports, events=BusyBus(base.events))
    for _ in range(2):
        studio.sweep()
    assert studio.get(batch).status == "succeeded"
    assert studio.base.events.events[-1].type == "batch.succeeded"


def test_an_end_that_was_lost_is_made_up_for() -> None:
    studio, batch = submitted("fox", "owl")
    step = studio.step(batch, 2)
    studio.workflow.ended.add(batch.batch_id)
    studio.base.clock.advance(61)
    studio.sweep()
    assert studio.get(batch).finished_at is None
    studio.run_job(step)

    assert studio.sweep() == {"started": 0, "finished": 1, "failed": 0}
    assert studio.get(batch).status == "partially_succeeded"
    assert studio.sweep() == {"started": 0, "finished": 0, "failed": 0}


def test_a_row_whose_provider_has_no_key_is_refused_when_checked_and_when_started() -> None:
    studio = memory_batches()
    studio.without_keys.add("openai")
    value = studio.taken("prompt\nfox\n")
    studio.validate.run(TENANT, value.import_id)
    checked = studio.imports.get(TENANT, value.import_id)
    assert (checked.totals.valid, checked.totals.faulty) == (0, 1)
    assert checked.errors[0].code == "provider-not-configured"
    studio.without_keys.clear()
    batch = studio.submit(studio.checked("prompt\nfox\n"))
    studio.without_keys.add("openai")
    studio.run(batch)
    (line,) = studio.lines(batch)
    assert (line.status, line.error_code) == ("failed", "provider-not-configured")
    assert not studio.base.raw.jobs.page(TENANT, [], 10, None).jobs
