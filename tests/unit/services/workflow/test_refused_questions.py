"""CallProvider: a question about a call that gets no usable answer is asked again."""

import pytest

from studio.domain.provider_calls.model import (
    NotFound,
    OutcomeUnknown,
    ProviderOutcome,
    ProviderRequest,
)
from studio.services.jobs.key_use import KeyUse
from studio.services.jobs.redrive_job import Selection
from tests.support.builders import TENANT, settled
from tests.support.fakes.provider import FakeProvider
from tests.support.workflows.job_in_memory import Harness, bench


class Unheard(FakeProvider):
    """A provider whose next questions, ``refusals`` of them, get no usable answer."""

    refusals = 1

    def poll(self, handle: str) -> ProviderOutcome:
        if self._is_refused():
            return OutcomeUnknown("the question was refused")
        return super().poll(handle)

    def look_up(self, request: ProviderRequest) -> ProviderOutcome | NotFound:
        if self._is_refused():
            return OutcomeUnknown("the question was refused")
        return super().look_up(request)

    def _is_refused(self) -> bool:
        self.refusals -= 1
        return self.refusals >= 0


def test_one_refused_question_about_a_call_is_asked_again() -> None:
    found = bench("a", provider="runware", vendor=Unheard(polls=1))
    found.call()
    answer = found.call(round=1)
    assert (answer["outcome"], answer["wait_seconds"]) == ("pending", 15)
    assert found.call(round=2)["outcome"] == "generated"
    assert found.studio.provider.paid == {"a": 1}


def test_a_call_that_the_provider_forgets_is_unknown_after_its_deadline_and_three_rounds() -> None:
    vendor = Unheard(polls=1)
    vendor.refusals = 99
    found = bench("a", provider="runware", vendor=vendor)
    found.call()
    assert found.call(round=30)["outcome"] == "pending"
    found.later(minutes=31)
    assert [found.call(round=round)["outcome"] for round in (1, 2, 3)] == [
        "pending", "pending", "unknown",
    ]  # fmt: skip
    assert settled(found.studio.raw.ledger.entries(TENANT, found.job_id)).unknown == 1


def test_a_redrive_does_not_pay_again_because_of_one_refused_question() -> None:
    vendor = Unheard(polls=1)
    vendor.refusals = 99
    found = bench("a", provider="runware", vendor=vendor)
    found.call()
    found.later(minutes=31)
    assert found.call(round=3)["outcome"] == "unknown"
    _redrive(found)
    vendor.refusals = 1
    assert found.call()["outcome"] == "pending"
    assert found.call(round=1)["outcome"] == "generated"
    assert vendor.paid == {"a": 1}


def test_a_lost_answer_and_one_refused_look_up_are_asked_about_again() -> None:
    vendor = Unheard(askable=True)
    vendor.paid_replies.append(OutcomeUnknown("the line went dead"))
    found = bench("a", provider="runware", vendor=vendor)
    assert found.call()["outcome"] == "pending"
    assert found.call(round=1)["outcome"] == "generated"
    assert vendor.paid == {"a": 1}


@pytest.mark.parametrize("refusals", [1, 99], ids=["once", "for good"])
def test_a_redrive_of_a_lost_answer_asks_until_the_deadline(refusals: int) -> None:
    vendor = Unheard(askable=True)
    vendor.refusals = 99
    vendor.paid_replies.append(OutcomeUnknown("the line went dead"))
    found = bench("a", provider="runware", vendor=vendor)
    assert found.call()["outcome"] == "pending"
    found.later(minutes=5)
    assert found.call(round=2)["outcome"] == "pending"
    assert found.call(round=3)["outcome"] == "unknown"
    _redrive(found)
    vendor.refusals = refusals
    assert found.call()["outcome"] == "pending"
    if refusals == 1:
        assert found.call(round=1)["outcome"] == "generated"
        assert vendor.paid == {"a": 1}
        return
    found.later(minutes=5)
    assert found.call(round=3)["outcome"] == "throttled"
    assert found.item().status == "queued"


def _redrive(found: Harness) -> None:
    """Redrive the image of unknown outcome."""
    found.finish()
    key = KeyUse("POST redrive", "redrive", "body")
    found.studio.redrive(TENANT, found.job_id, key, Selection(statuses={"unknown"}))
