"""RedriveJob refuses what an order refuses: ended models, missing keys, unusable sources."""

from collections import deque
from datetime import UTC, datetime
from typing import Any

import pytest

from studio.domain.provider_calls.model import OutcomeUnknown, Refused
from studio.errors import CredentialsMissingError, InvalidRequestError
from studio.services.jobs.key_use import KeyUse
from studio.services.jobs.redrive_job import Selection
from tests.support.builders import TENANT, a_key, an_order, unique
from tests.support.fakes.provider import FakeProvider, Reply
from tests.support.workflows.job_in_memory import Harness
from tests.support.workflows.jobs import memory_studio

NO = Refused("moderation", "no")
LOST = OutcomeUnknown("the line went dead")
ENDING = "gpt-image-1.5"
BEFORE, AFTER = datetime(2026, 11, 30, 12, tzinfo=UTC), datetime(2026, 12, 1, 0, 1, tzinfo=UTC)


def failed_job(*prompts: str, reply: Reply = NO, at: datetime = BEFORE, **order: Any) -> Harness:
    """Return a job that has ended, each of its images by one answer."""
    studio = memory_studio(FakeProvider(replies=deque([reply] * len(prompts or "a"))))
    studio.clock.advance((at - studio.clock()).total_seconds())
    order = {"day": at.date(), **order}
    job = studio.create(TENANT, an_order(*prompts, **order), a_key(unique("key")))
    found = Harness(studio, job.job_id)
    found.run()
    return found


def redrive(found: Harness, selection: Selection | None = None) -> None:
    key = KeyUse("POST redrive", f"redrive after {found.job.run}", "body")
    found.studio.redrive(TENANT, found.job_id, key, selection)


def assert_untouched(found: Harness, status: str = "failed") -> None:
    """Check that the job has not begun a run and holds nothing."""
    assert (found.job.status, found.job.run, found.job.reserved) == (status, 1, 0)


def assert_refused(found: Harness, code: str, detail: str) -> None:
    with pytest.raises(InvalidRequestError) as refused:
        redrive(found)
    (field,) = refused.value.fields
    assert (field.pointer, field.code, field.detail) == ("/items", code, detail)
    assert_untouched(found)


def test_a_model_that_has_ended_is_refused_with_its_successor() -> None:
    found = failed_job("a", model=ENDING)
    found.studio.clock.advance((AFTER - found.studio.clock()).total_seconds())
    detail = (
        "image 1: gpt-image-1.5 ended on 2026-12-01: "
        "order the image again with gpt-image-2.6-sunburst"
    )
    assert_refused(found, "model-retired", detail)


def test_a_model_that_is_about_to_end_is_a_warning() -> None:
    found = failed_job("a", model=ENDING)
    redrive(found)
    assert (found.job.status, found.job.run) == ("queued", 2)
    (line,) = [line for line in found.job.log if "ends on 2026-12-01" in line.message]
    assert (line.level, line.message.partition(" ")[0]) == ("warning", ENDING)


def test_a_substitute_makes_up_for_a_model_that_has_ended() -> None:
    found = failed_job("a", model=ENDING, fallback=(("runware", None),))
    found.studio.clock.advance((AFTER - found.studio.clock()).total_seconds())
    redrive(found)
    messages = [line.message for line in found.job.log if line.level == "warning"]
    assert messages == ["gpt-image-1.5 ended on 2026-12-01: runware runware:101@1 is used instead."]


def test_a_lost_result_can_be_had_after_the_end_of_its_model() -> None:
    found = failed_job("a", reply=LOST, model=ENDING)
    found.later(hours=1)
    found.run()
    assert found.item().status == "unknown"
    found.studio.clock.advance((AFTER - found.studio.clock()).total_seconds())
    redrive(found, Selection({"unknown"}))
    assert found.job.log[-2].message == (
        "gpt-image-1.5 ended on 2026-12-01: only the result of the earlier call can be had."
    )


@pytest.mark.parametrize("without", [{"openai"}, {"openai", "runware"}])
def test_a_provider_without_a_key_is_refused(without: set[str]) -> None:
    fallback = (("runware", None),) if "runware" in without else ()
    found = failed_job("a", fallback=fallback)
    found.studio.without_key = frozenset(without)
    with pytest.raises(CredentialsMissingError, match="no key is stored for provider openai"):
        redrive(found)
    assert_untouched(found)


def test_a_substitute_with_a_key_makes_up_for_a_missing_one() -> None:
    found = failed_job("a", fallback=(("runware", None),))
    found.studio.without_key = frozenset({"openai"})
    redrive(found)
    messages = [line.message for line in found.job.log if line.level == "warning"]
    assert messages == [
        "no key is stored for provider openai: runware runware:101@1 is used instead."
    ]


def test_a_paid_image_that_is_stored_needs_neither_key_nor_model() -> None:
    found = failed_job("a", model=ENDING)
    redrive(found)
    found.later(minutes=1)
    found.call()
    found.studio.fail_image.run(found.task())
    found.finish()
    found.studio.clock.advance((AFTER - found.studio.clock()).total_seconds())
    found.studio.without_key = frozenset({"openai"})
    redrive(found)
    assert found.run().status == "succeeded"
