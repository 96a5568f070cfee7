"""CallProvider: the paid step."""

from dataclasses import replace
from datetime import timedelta
from typing import cast

import pytest

from studio.domain.assets.model import raw_key
from studio.domain.jobs.staged_result import StagedResult
from studio.domain.provider_calls.model import (
    Credentials,
    ErrorKind,
    OutcomeUnknown,
    Refused,
    Throttled,
)
from studio.errors import CredentialsMissingError
from studio.money import Cost
from studio.ports.jobs import JobStore
from studio.services.jobs.key_use import KeyUse
from tests.support.builders import PRICE, TENANT, a_picture, settled
from tests.support.fakes.edges import START, FakeCredentialStore
from tests.support.fakes.provider import FakeProvider, FakeProviders
from tests.support.workflows.job_in_memory import Harness, bench
from tests.support.workflows.jobs import Ports


def _raw(found: Harness, attempt: int = 1) -> str:
    return raw_key(TENANT, found.job_id, 1, attempt)


def _entries(found: Harness) -> tuple[tuple[int, ...], int]:
    read = settled(found.studio.raw.ledger.entries(TENANT, found.job_id))
    return read.known, read.unknown


def test_an_image_is_staged_with_the_facts_of_its_call() -> None:
    found = bench("a red fox")
    assert found.call() == {"outcome": "generated", "attempt": 1, "round": 0, "wait_seconds": 0}
    data, metadata = found.studio.raw.blobs.read(_raw(found))
    assert data == a_picture()
    assert StagedResult.from_metadata(metadata).cost == PRICE
    item = found.item()
    assert (item.status, item.stage, item.attempt_open) == ("running", "AI_CALL", True)
    assert item.attempt_deadline == START + timedelta(seconds=240 + 60)
    assert item.log[-1].message == "Attempt 1: openai gpt-image-2"


def test_the_request_is_the_order_in_the_providers_words() -> None:
    found = bench("a red fox")
    found.call()
    request = found.studio.provider.requests[0]
    assert (request.prompt, request.model, request.quality) == (
        "a red fox", "gpt-image-2", "medium",
    )  # fmt: skip
    assert request.width * request.height >= 655_360


def test_an_attempt_has_one_request_id_and_the_next_another() -> None:
    busy = Throttled("transient", "try again")
    found = bench("a", replies=(busy,))
    found.call()
    found.later(minutes=5)
    found.call()
    first, second = found.studio.provider.requests
    assert first.request_id != second.request_id


def test_a_repeat_finds_the_staged_bytes_and_does_not_call() -> None:
    found = bench("a")
    found.call()
    assert found.call()["outcome"] == "generated"
    assert found.studio.provider.paid == {"a": 1}


@pytest.mark.parametrize("status", ["succeeded", "failed", "skipped", "cancelled", "unknown"])
def test_an_image_that_ended_is_left_alone(status: str) -> None:
    found = bench("a", None)
    if status == "skipped":
        assert found.call(2)["outcome"] == "skipped"
        return
    if status == "failed":
        found.studio.provider.replies.append(Refused("moderation", "no"))
    if status == "unknown":
        found.studio.provider.replies.append(OutcomeUnknown("no answer"))
    if status == "cancelled":
        found.studio.cancel(TENANT, found.job_id)
    found.run()
    calls = len(found.studio.provider.requests)
    assert found.call()["outcome"] == status
    assert len(found.studio.provider.requests) == calls


def test_a_worker_of_an_earlier_run_starts_nothing() -> None:
    found = bench("a", replies=(Refused("moderation", "no"),))
    late = found.task()
    found.run()
    found.studio.redrive(TENANT, found.job_id, _key(found))
    assert found.studio.call_provider.run(late)["outcome"] == "skipped"
    assert found.item().status == "queued"


_KINDS: list[ErrorKind] = [
    "auth", "permission", "validation", "moderation", "credits", "model_gone", "no_image",
    "bad_answer",
]  # fmt: skip


@pytest.mark.parametrize("kind", _KINDS)
def test_a_refusal_fails_the_image_at_no_cost(kind: ErrorKind) -> None:
    found = bench("a", replies=(Refused(kind, "not this"),))
    assert found.call()["outcome"] == "failed"
    item = found.item()
    assert item.error is not None
    assert item.error.code == f"provider-{kind.replace('_', '-')}"
    assert item.error.message == "not this"
    assert item.cost is None
    assert _entries(found) == ((), 0)


def test_a_refusal_that_was_charged_is_booked() -> None:
    charged = Refused("moderation", "no", Cost(5_000, "reported"), "req-9")
    found = bench("a", replies=(charged,))
    assert found.call()["outcome"] == "failed"
    assert found.job.cost == 5_000
    assert _entries(found) == ((5_000,), 0)


def test_retry_after_is_honoured_by_this_and_every_other_job() -> None:
    found = bench("a", "b", replies=(Throttled("rate_limit", "slow", 45),))
    answer = found.call()
    assert answer == {"outcome": "throttled", "attempt": 1, "round": 1, "wait_seconds": 45}
    assert (found.item().status, found.item().attempt_open) == ("queued", False)
    assert found.call(2)["wait_seconds"] >= 45
    assert len(found.studio.provider.requests) == 1
    found.later(seconds=57)
    assert found.call(2)["outcome"] == "generated"


def test_a_passing_fault_is_tried_again_with_growing_waits() -> None:
    busy = Throttled("transient", "try again")
    found = bench("a", provider="runware", replies=(busy,) * 6)
    waits = []
    for round in range(5):
        waits.append(found.call(round=round)["wait_seconds"])
        found.later(seconds=waits[-1])
    assert waits == [5, 10, 20, 40, 80]
    assert found.call(round=5)["outcome"] == "failed"
    error = found.item().error
    assert error is not None
    assert (error.code, error.retryable) == ("provider-unavailable", True)


def test_a_rate_limit_may_take_longer_than_a_passing_fault() -> None:
    found = bench("a", provider="runware", replies=(Throttled("rate_limit", "slow"),))
    answer = found.call(round=20)
    assert (answer["outcome"], answer["wait_seconds"]) == ("throttled", 900)


def test_our_own_rate_limit_holds_across_jobs() -> None:
    found = bench("a", "b")
    assert found.call(1)["outcome"] == "generated"
    answer = found.call(2)
    assert (answer["outcome"], answer["wait_seconds"], answer["attempt"]) == ("throttled", 12, 0)
    assert found.item(2).attempt == 0
    found.later(seconds=12)
    assert found.call(2)["outcome"] == "generated"


def test_an_account_may_have_a_rate_of_its_own() -> None:
    found = bench("a", "b")
    accounts = found.studio.raw.credentials
    assert isinstance(accounts, FakeCredentialStore)
    accounts.accounts["openai", f"tenants/{TENANT}"] = Credentials("own", rate_per_minute=600)
    assert [found.call(number)["outcome"] for number in (1, 2)] == ["generated", "generated"]


def test_an_image_that_another_worker_began_is_waited_for() -> None:
    found = bench("a", provider="runware")
    raced = found.item()
    found.call()
    jobs = found.studio.raw.jobs

    class Stale:
        """The store as a worker sees it who read the item a moment too early."""

        def __getattr__(self, name: str) -> object:
            return (lambda *_: raced) if name == "get_item" else getattr(jobs, name)

    found.studio.ports = _with_jobs(found, Stale())
    answer = found.call()
    assert (answer["outcome"], answer["wait_seconds"]) == ("pending", 5)
    assert found.studio.provider.paid == {"a": 1}


def test_a_provider_without_a_key_fails_its_image_before_any_call() -> None:
    found = bench("a")
    _forget_keys(found)
    assert found.call()["outcome"] == "failed"
    error = found.item().error
    assert error is not None
    assert error.code == "provider-not-configured"
    assert _entries(found) == ((), 0)


@pytest.mark.parametrize("vendor", ["openai", "runware"])
def test_a_key_that_vanishes_during_a_call_is_waited_for_until_the_deadline(vendor: str) -> None:
    if vendor == "openai":
        found = bench("a", replies=(ConnectionError("the worker died"),))
        with pytest.raises(ConnectionError):
            found.call()
    else:
        found = bench("a", provider="runware", vendor=FakeProvider(polls=2))
        found.call()
    ports = found.studio.ports
    _forget_keys(found)
    assert found.call(round=1)["outcome"] == "pending"
    found.studio.ports = ports
    if vendor == "runware":
        assert [found.call(round=2)["outcome"] for _ in range(2)][-1] == "generated"
        return
    _forget_keys(found)
    found.later(minutes=5)
    assert found.call(round=2)["outcome"] == "unknown"
    assert _entries(found) == ((), 1)


def test_paid_bytes_need_no_key_any_more() -> None:
    found = bench("a")
    found.call()
    _forget_keys(found)
    assert found.call()["outcome"] == "generated"
    found.studio.fail_image.run(found.task())
    found.finish()
    found.studio.redrive(TENANT, found.job_id, _key(found))
    assert found.run().status == "succeeded"
    assert found.studio.provider.paid == {"a": 1}


def test_an_image_put_off_before_a_cancel_is_not_called_again() -> None:
    found = bench("a", replies=(Throttled("rate_limit", "slow", 7),))
    put_off = found.call()
    assert put_off["outcome"] == "throttled"
    # The cancel read the queue while the image was in its call, and so did not see it.
    job = found.job
    assert found.studio.raw.jobs.cancel(job, [], START, job.log[0])
    found.later(minutes=5)
    assert found.call(round=1)["outcome"] == "cancelled"
    assert len(found.studio.provider.requests) == 1
    assert found.job.counts.cancelled == 1


def test_a_cancel_keeps_paid_bytes_for_a_later_redrive() -> None:
    found = bench("a")
    found.call()
    found.studio.fail_image.run(found.task())
    found.finish()
    found.studio.redrive(TENANT, found.job_id, _key(found))
    job = found.job
    assert found.studio.raw.jobs.cancel(job, [], START, job.log[0])
    assert found.call()["outcome"] == "cancelled"
    assert found.item().attempt_open


def _key(found: Harness) -> KeyUse:
    return KeyUse("POST redrive", f"redrive {found.job.run}", "body")


def _forget_keys(found: Harness) -> None:
    def missing() -> Exception:
        return CredentialsMissingError("no key is stored for provider openai")

    found.studio.ports = replace(
        found.studio.ports, providers=FakeProviders(found.studio.provider, missing)
    )


def _with_jobs(found: Harness, jobs: object) -> Ports:
    return replace(found.studio.ports, jobs=cast("JobStore", jobs))
