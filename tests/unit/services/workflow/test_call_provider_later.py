"""CallProvider: calls that go on, and calls whose answer never came."""

import pytest

from studio.domain.provider_calls.model import (
    OutcomeUnknown,
    Pending,
    Refused,
    Throttled,
)
from studio.money import UNKNOWN, Cost
from studio.services.jobs.key_use import KeyUse
from studio.services.jobs.redrive_job import Selection
from tests.support.builders import TENANT, settled
from tests.support.fakes.provider import FakeProvider
from tests.support.workflows.job_in_memory import Harness, bench


def _entries(found: Harness) -> tuple[tuple[int, ...], int]:
    read = settled(found.studio.raw.ledger.entries(TENANT, found.job_id))
    return read.known, read.unknown


def test_a_call_that_goes_on_is_asked_after_by_its_handle() -> None:
    found = bench("a", provider="runware", vendor=FakeProvider(polls=2))
    assert found.call() == {"outcome": "pending", "attempt": 1, "round": 1, "wait_seconds": 20}
    assert found.item().handle == found.studio.provider.requests[0].request_id
    assert found.call(round=1)["outcome"] == "pending"
    assert found.call(round=2)["outcome"] == "generated"
    assert found.studio.provider.paid == {"a": 1}
    assert len(found.studio.provider.requests) == 1


def test_the_longer_a_call_takes_the_rarer_it_is_asked_after() -> None:
    found = bench("a", provider="runware", vendor=FakeProvider(polls=99))
    waits = [found.call(round=round)["wait_seconds"] for round in (0, 5, 8, 14, 40)]
    assert waits == [20, 20, 90, 300, 300]


def test_a_call_that_goes_on_for_too_long_has_an_unknown_outcome() -> None:
    found = bench("a", provider="runware", vendor=FakeProvider(polls=99))
    found.call()
    found.later(minutes=31)
    assert found.call(round=3)["outcome"] == "unknown"
    assert _entries(found) == ((), 1)


@pytest.mark.parametrize("polls", [3, 99], ids=["found", "lost"])
def test_a_redrive_asks_for_the_call_that_took_too_long_before_it_pays_again(polls: int) -> None:
    found = bench("a", provider="runware", vendor=FakeProvider(polls=polls))
    found.call()
    found.call(round=1)
    found.later(minutes=31)
    assert found.call(round=3)["outcome"] == "unknown"
    found.finish()
    found.studio.redrive(TENANT, found.job_id, _key(found), Selection(statuses={"unknown"}))
    assert found.studio.provider.paid == {"a": 1}

    first = found.call()["outcome"]
    if polls == 3:
        assert first == "generated"
        assert found.studio.provider.paid == {"a": 1}
        return
    # It still goes on; after its time it is given up, and the caller's word pays for another.
    assert first == "pending"
    found.later(minutes=31)
    assert found.call(round=3)["outcome"] == "throttled"
    assert (found.item().status, found.item().handle) == ("queued", None)
    found.call(round=4)
    assert found.studio.provider.paid == {"a": 2}
    assert len({request.request_id for request in found.studio.provider.requests}) == 2


@pytest.mark.parametrize("when", ["busy", "refused"])
def test_a_question_about_a_call_has_answers_of_its_own(when: str) -> None:
    answer = Throttled("transient", "later", 9) if when == "busy" else Refused("moderation", "no")

    class Asked(FakeProvider):
        def poll(self, handle: str) -> Throttled | Refused:
            return answer

    found = bench("a", provider="runware", vendor=Asked(polls=2))
    found.call()
    outcome = found.call(round=1)
    if when == "busy":
        assert (outcome["outcome"], outcome["wait_seconds"]) == ("pending", 9)
        assert found.item().status == "running"
    else:
        assert outcome["outcome"] == "failed"


def test_no_answer_from_a_provider_that_cannot_be_asked_is_booked_as_unknown() -> None:
    found = bench("a", replies=(OutcomeUnknown("the line went dead"),))
    assert found.call()["outcome"] == "unknown"
    item = found.item()
    assert (item.status, item.cost) == ("unknown", UNKNOWN)
    assert item.error is not None
    assert (item.error.code, item.error.message) == (
        "outcome-unknown", "this provider cannot be asked",
    )  # fmt: skip
    assert found.job.unknown_costs == 1
    assert _entries(found) == ((), 1)


def test_no_answer_from_a_provider_that_can_be_asked_is_looked_up() -> None:
    vendor = FakeProvider(askable=True)
    vendor.paid_replies.append(OutcomeUnknown("the line went dead"))
    found = bench("a", provider="runware", vendor=vendor)
    assert found.call()["outcome"] == "generated"
    assert vendor.paid == {"a": 1}
    assert vendor.looked_up == 1


def test_a_request_that_never_arrived_is_sent_again_after_its_deadline() -> None:
    vendor = FakeProvider(askable=True)
    vendor.replies.append(OutcomeUnknown("the line went dead"))
    found = bench("a", provider="runware", vendor=vendor)
    assert found.call()["outcome"] == "pending"
    assert found.call(round=1)["outcome"] == "pending"
    found.later(minutes=5)
    assert found.call(round=2)["outcome"] == "generated"
    assert vendor.requests[0] == vendor.requests[1]
    assert vendor.paid == {"a": 1}


def test_a_call_of_a_dead_worker_is_waited_for_until_its_deadline() -> None:
    found = bench("a", replies=(ConnectionError("the worker died"),))
    with pytest.raises(ConnectionError):
        found.call()
    answer = found.call()
    assert (answer["outcome"], answer["wait_seconds"]) == ("pending", 15)
    assert len(found.studio.provider.requests) == 1
    found.later(minutes=5)
    assert found.call()["outcome"] == "unknown"
    assert len(found.studio.provider.requests) == 1


def test_a_repeatable_provider_is_simply_called_again() -> None:
    vendor = FakeProvider(repeatable=True, askable=True, cost=Cost(0, "priced", "builtin-1"))
    vendor.replies.append(ConnectionError("the worker died"))
    found = bench("a", provider="builtin", vendor=vendor)
    with pytest.raises(ConnectionError):
        found.call()
    assert found.call()["outcome"] == "generated"
    assert found.item().attempt == 1


def test_pending_may_come_as_the_answer_to_a_second_send() -> None:
    vendor = FakeProvider(askable=True)
    vendor.replies.append(Pending("task-7", 3))
    found = bench("a", provider="runware", vendor=vendor)
    assert found.call()["wait_seconds"] == 3
    assert found.item().handle == "task-7"


def _key(found: Harness) -> KeyUse:
    return KeyUse("POST redrive", f"redrive {found.job.run}", "body")
