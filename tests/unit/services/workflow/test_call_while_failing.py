"""CallProvider and the breaker: who waits, who falls back, who ends, and that nothing is owed."""

from collections import deque
from dataclasses import replace
from datetime import timedelta

import pytest

from studio.domain.jobs.model import Waiting
from studio.domain.jobs.progress import item_percent
from studio.domain.provider_calls.model import OutcomeUnknown, Refused, Throttled
from studio.domain.routing.breaker import FAULTS_TO_OPEN
from tests.support.builders import TENANT
from tests.support.fakes.call_limits import FakeCallLimitStore
from tests.support.fakes.provider import FakeProvider, Reply
from tests.support.reliability.invariants import is_over, keep_books
from tests.support.workflows.job_in_memory import Harness, bench

BUCKET = "runware/default/runware:101@1"
DOWN = Throttled("transient", "try again")


def failing(*replies: Reply, fallback: tuple[tuple[str, str | None], ...] = ()) -> Harness:
    """A job of two images whose provider has just failed the first of them too often."""
    found = bench(
        "first", "second", provider="runware", fallback=fallback,
        replies=(*[DOWN] * FAULTS_TO_OPEN, *replies),
    )  # fmt: skip
    for round in range(FAULTS_TO_OPEN):
        wait = found.call(round=round)["wait_seconds"]
        if round < FAULTS_TO_OPEN - 1:
            found.later(seconds=wait)
    return found


def beside(found: Harness, **options: object) -> Harness:
    """Another job of the same account."""
    other = bench("other", provider="runware", **options)  # type: ignore[arg-type]
    other.studio.ports = replace(other.studio.ports, call_limits=found.studio.raw.call_limits)
    other.studio.clock.at = found.studio.clock.at
    return other


def test_an_image_waits_for_the_breaker_and_nothing_is_begun_or_paid() -> None:
    found = failing()
    before = found.item(2)
    answer = found.call(2)
    assert answer == {"outcome": "throttled", "attempt": 0, "round": 1, "wait_seconds": 30}
    item = found.item(2)
    waiting = Waiting("breaker_open", found.studio.clock() + timedelta(seconds=30))
    assert replace(item, waiting=None, log=before.log) == before
    assert item.waiting == waiting
    assert [line.message for line in item.log[len(before.log) :]] == [
        "Waiting for runware: its calls have been failing"
    ]
    found.later(seconds=10)
    assert found.call(2, round=1)["wait_seconds"] == 20
    assert found.item(2) == item
    assert len(found.studio.provider.requests) == FAULTS_TO_OPEN


def test_an_image_whose_call_is_pending_or_put_off_says_so_and_keeps_its_percentage() -> None:
    found = bench("a", provider="runware", vendor=FakeProvider(polls=2))
    found.call()
    began = found.studio.clock()
    held = found.item()
    assert held.waiting is not None
    assert (held.waiting.reason, held.waiting.until > began) == ("provider_pending", True)
    found.call(round=1)
    lines = [line.message for line in found.item().log]
    assert lines.count("Waiting for runware: it still works on the result") == 1
    put_off = bench("a", replies=(Throttled("rate_limit", "slow", 45),))
    put_off.call()
    item = put_off.item()
    until = put_off.studio.clock() + timedelta(seconds=45)
    assert item.waiting == Waiting("provider_throttled", until)
    assert (item.status, item_percent(item)) == ("queued", 25)
    put_off.later(seconds=120)
    put_off.call(round=1)
    assert put_off.item().waiting is None


def test_jobs_of_the_account_are_held_together_and_freed_together() -> None:
    found = failing()
    other = beside(found)
    assert other.call()["wait_seconds"] == 30
    other.later(seconds=30)
    found.later(seconds=30)
    assert other.call(round=1)["outcome"] == "generated"
    assert found.call(2)["outcome"] == "generated"


def test_no_image_waits_with_a_substitute() -> None:
    found = failing()
    other = beside(found, fallback=(("openai", None),))
    assert other.call()["wait_seconds"] == 1
    item = other.item()
    assert (item.spec.provider, item.attempt) == ("openai", 0)
    assert item.spec.replaced is not None
    assert item.spec.replaced.why == "its calls have been failing"
    assert other.call(round=1)["outcome"] == "generated"


def test_the_image_that_opened_it_falls_back_when_it_comes_back() -> None:
    found = failing(fallback=(("openai", None),))
    assert found.call(round=5)["wait_seconds"] == 1
    assert found.item().spec.provider == "openai"
    assert found.call(round=6)["outcome"] == "generated"


def test_two_jobs_at_once_send_one_probe() -> None:
    found = failing()
    found.later(seconds=30)
    store = found.studio.raw.call_limits
    assert isinstance(store, FakeCallLimitStore)
    held: list[int] = []

    class Slow(FakeProvider):
        """While it works on the probe, the other job comes along."""

        def submit(self, request: object) -> Throttled:
            held.append(other.call()["wait_seconds"])
            return DOWN

    other = beside(found)
    probe = beside(found, vendor=Slow())
    assert probe.call()["outcome"] == "throttled"
    assert held == [30]
    assert store.buckets[BUCKET].breaker.trips == 2
    assert other.studio.provider.requests == []


def test_the_waits_for_a_failing_provider_go_on_doubling() -> None:
    found = failing(*[DOWN] * 15)
    for pause in (30, 60, 120, 240):
        found.later(seconds=pause)
        found.call(2)
    assert found.call(2)["wait_seconds"] == 480


def test_the_rounds_of_an_image_end_as_an_outage_and_not_as_a_broken_step() -> None:
    found = failing()
    assert found.call(2, round=10)["outcome"] == "throttled"
    assert found.call(2, round=11)["outcome"] == "failed"
    error = found.item(2).error
    assert error is not None
    assert (error.code, error.retryable) == ("provider-unavailable", True)
    assert found.item(2).attempt == 0
    keep_books(found.studio, [(TENANT, found.job_id)])


def test_rounds_that_were_spent_on_a_busy_account_end_nothing() -> None:
    found = bench("a", provider="runware")
    found.studio.raw.call_limits.pause_until(BUCKET, 40, found.studio.clock())
    assert found.call(round=14)["outcome"] == "throttled"


@pytest.mark.parametrize("images", [2, 50])
def test_a_job_of_a_provider_that_stays_down_ends_within_the_hour(images: int) -> None:
    prompts = [f"picture {number}" for number in range(images)]
    found = bench(*prompts, provider="runware", replies=(DOWN,) * 1000)
    began = found.studio.clock.at
    assert found.run().status == "failed"
    assert (found.studio.clock.at - began).total_seconds() < 3600
    errors = {item.error.code if item.error else None for item in found.items}
    assert errors == {"provider-unavailable"}
    assert all(item.error is not None and item.error.retryable for item in found.items)
    assert len(found.studio.provider.requests) < 20
    is_over(found.job, found.items)
    keep_books(found.studio, [(TENANT, found.job_id)])


def test_lost_answers_stop_the_images_after_them() -> None:
    lost = OutcomeUnknown("no answer came")
    prompts = [str(number) for number in range(8)]
    found = bench(*prompts, provider="runware", vendor=FakeProvider(paid_replies=deque([lost] * 5)))
    for number in range(1, 6):
        assert found.call(number)["outcome"] == "pending"
    assert found.call(6)["outcome"] == "throttled"
    assert sum(found.studio.provider.paid.values()) == 5


def test_a_refusal_closes_what_a_probe_found_open() -> None:
    found = failing(Refused("moderation", "no"))
    found.later(seconds=30)
    assert found.call(2)["outcome"] == "failed"
    store = found.studio.raw.call_limits
    assert not store.read([BUCKET])[BUCKET].breaker.has_failures
