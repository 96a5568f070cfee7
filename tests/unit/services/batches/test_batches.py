"""A batch from its start to its end: rows, repeats, faults and what the sweeper finds."""

from dataclasses import replace

import pytest

from studio.clock import rfc3339
from studio.domain.jobs.model import OrderDefaults
from studio.domain.jobs.wanted import EVERY_JOB
from studio.domain.recipes.model import Recipe
from studio.domain.settings.model import IMAGE_GENERATION, SavedSettings
from studio.services.webhooks.end_mail import letter
from tests.support.builders import TENANT
from tests.support.fakes.edges import START, BusyBus, FakeBlobStore
from tests.support.fakes.recipes import BrokenRecipeStore
from tests.support.tables import SIZE, table
from tests.support.workflows.batches import memory_batches, submitted


def a_recipe() -> Recipe:
    body = {"operation": "generate", "prompt": "a fox", "size": SIZE}
    return Recipe(TENANT, "on-white", 0, None, body, START, START, "user-1")


def test_every_row_becomes_one_job_and_the_sums_agree() -> None:
    studio, batch = submitted("fox", "owl", "hen", concurrency=2)
    assert batch.status == "queued"

    done = studio.run(batch)

    assert (done.status, done.percent, done.rows.succeeded) == ("succeeded", 100, 3)
    rows = studio.rows(batch)
    jobs = [studio.base.raw.jobs.get(TENANT, row.job_id or "") for row in rows]
    assert [job.origin.batch_line for job in jobs] == [2, 3, 4]
    assert done.cost == sum(job.cost for job in jobs) > 0
    assert done.images.succeeded == 3
    (event,) = [one for one in studio.base.events.events if one.type.startswith("batch.")]
    assert (event.type, event.id) == ("batch.succeeded", f"evt_{batch.batch_id}_1")
    assert event.detail["finished_at"] == rfc3339(studio.base.clock())
    subject, text = letter(event.type, event.detail)
    assert subject == f"Batch succeeded: {batch.batch_id}"
    assert "of: 3" in text


def test_all_rows_use_the_settings_of_the_submission() -> None:
    studio = memory_batches()
    document = {"provider": "openai", "model": "gpt-image-2", "image_format": "png"}
    stored = SavedSettings(TENANT, IMAGE_GENERATION, 0, document, START, "ann")
    studio.settings.put(stored, 0)
    batch = studio.submit(studio.checked(table("fox", "owl")))
    studio.settings.put(replace(stored, document={"image_format": "jpg"}), 1)
    assert studio.get(batch).defaults == OrderDefaults("openai", "gpt-image-2", "png")
    for number in (2, 3):
        job_id = studio.step(batch, number)["job_id"]
        (item,) = studio.base.raw.jobs.load(TENANT, job_id)[1]
        assert (item.spec.model, item.spec.output_format) == ("gpt-image-2", "png")


def test_rows_of_a_batch_without_stored_settings_are_not_filled_later() -> None:
    studio, batch = submitted("fox")
    document = {"image_format": "jpg"}
    studio.settings.put(SavedSettings(TENANT, IMAGE_GENERATION, 0, document, START, "ann"), 0)
    (item,) = studio.base.raw.jobs.load(TENANT, studio.step(batch, 2)["job_id"])[1]
    assert item.spec.output_format == "webp"


def test_lanes_share_the_rows_out() -> None:
    studio, batch = submitted("a", "b", "c", concurrency=10)

    assert batch.concurrency == 3
    assert list(studio.workflow.started) == [batch.batch_id]


def test_a_repeated_row_is_one_job() -> None:
    studio, batch = submitted("fox")

    first = studio.step(batch, 2)
    assert studio.step(batch, 2) == first
    studio.run_job(first)
    assert studio.step(batch, 2)["outcome"] == "done"
    assert len(studio.base.raw.jobs.page(TENANT, EVERY_JOB, 10, None).jobs) == 1


def test_a_row_of_an_old_run_starts_nothing() -> None:
    studio, batch = submitted("fox")
    done = studio.run(batch)

    assert studio.step(done, 2)["outcome"] == "done"


def test_a_row_that_is_refused_counts_once_and_the_others_go_on() -> None:
    studio = memory_batches(monthly_limit=None)
    value = studio.checked(table("fox", "owl"))
    batch = studio.submit(value)
    price = value.totals.estimate // 2
    studio.base.monthly_limit = price

    first = studio.step(batch, 2)
    refused = [studio.step(batch, 3)["outcome"] for _ in range(2)]

    assert (first["outcome"], refused) == ("started", ["refused", "refused"])
    row = studio.batches.row(TENANT, batch.batch_id, 3)
    assert row is not None
    assert (row.status, row.job_id, row.error_code) == ("failed", None, "budget-exceeded")
    assert studio.get(batch).rows.failed == 1


def test_an_order_that_is_gone_is_a_refused_row() -> None:
    studio, batch = submitted("fox")
    assert isinstance(studio.base.raw.blobs, FakeBlobStore)
    del studio.base.raw.blobs.blobs[batch.key("manifest.jsonl")]

    assert studio.step(batch, 2)["outcome"] == "refused"
    row = studio.batches.row(TENANT, batch.batch_id, 2)
    assert row is not None
    assert row.error_code == "order-expired"


FAULTS = [
    ArithmeticError("secret detail"),
    KeyError("secret detail"),
    RecursionError("secret detail"),
    TypeError("secret detail"),
    UnicodeEncodeError("utf-8", "secret detail", 0, 1, "surrogates"),
    MemoryError("secret detail"),
]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: type(fault).__name__)
def test_a_fault_of_the_studio_ends_its_row_with_a_reason(
    fault: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    studio = memory_batches()
    recipes = studio.recipes = BrokenRecipeStore()
    recipes.put(a_recipe(), None)
    batch = studio.submit(studio.checked(f"recipe_id\n{a_recipe().recipe_id}\n"))
    recipes.fault = fault

    assert [studio.step(batch, 2)["outcome"] for _ in range(2)] == ["refused", "refused"]
    (row,) = studio.rows(batch)
    assert (row.status, row.job_id, row.error_code) == ("failed", None, "execution-error")
    assert row.error_message
    assert "secret" not in row.error_message
    assert (studio.get(batch).rows.failed, studio.run(batch).status) == (1, "failed")
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
    (row,) = studio.rows(batch)
    assert (row.status, row.error_code) == ("failed", "provider-not-configured")
    assert not studio.base.raw.jobs.page(TENANT, EVERY_JOB, 10, None).jobs
