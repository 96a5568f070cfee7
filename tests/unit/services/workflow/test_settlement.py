"""The entry of a lost call: the id that the provider gave it, where one is known."""

import json

import pytest

from studio.domain.ledger.model import LedgerEntry
from studio.domain.provider_calls.model import OutcomeUnknown, Pending
from studio.money import UNKNOWN
from studio.providers.shared.result_files import PaidResult
from studio.providers.wavespeed.job import Job
from studio.services.workflow.settlement import call_id
from tests.support.builders import TENANT
from tests.support.fakes.provider import FakeProvider
from tests.support.workflows.job_in_memory import Harness, bench

LOST = OutcomeUnknown("the line went dead")


def lost_entry(found: Harness) -> LedgerEntry:
    (entry,) = [
        entry
        for entry in found.studio.raw.ledger.entries(TENANT, found.job_id)
        if entry.type == "settle"
    ]
    assert (entry.amount, entry.basis) == (None, "unknown")
    return entry


def pending(handle: str) -> Harness:
    """Return a job whose call the provider has queued under a handle."""
    vendor = FakeProvider(askable=True, polls=99)
    vendor.replies.append(Pending(handle, 3))
    found = bench("a", provider="runware", vendor=vendor)
    found.call()
    assert found.item().handle == handle
    return found


def test_a_queued_call_that_is_lost_keeps_its_id() -> None:
    found = pending("task-7")
    found.later(hours=1)
    assert found.call(round=3)["outcome"] == "unknown"
    assert lost_entry(found).provider_request_id == "task-7"


def test_a_queued_call_of_a_dead_execution_keeps_its_id() -> None:
    found = pending("task-8")
    found.later(hours=1)
    found.finish(asked=True)
    assert lost_entry(found).provider_request_id == "task-8"


def test_a_call_without_a_handle_has_no_id() -> None:
    found = bench("a", replies=(LOST,))
    found.later(hours=1)
    found.run()
    assert lost_entry(found).provider_request_id is None


@pytest.mark.parametrize(
    ("handle", "found"),
    [
        (None, None),
        ("task-7", "task-7"),
        ("stable-image-ultra/gen-9", "gen-9"),
        (Job("m", 64, 64, {"duration": 5}, id="pred-3").handle, "pred-3"),
        (Job("m", 64, 64, {"duration": 5}, searches=2).handle, None),
        (json.dumps({"model": "m", "dialect": "fal-ai", "call_id": "req-5"}), "req-5"),
        (PaidResult.of("https://a.test/x.png", UNKNOWN, "call-1", 3, "a").handle, "call-1"),
        (PaidResult.of("https://a.test/x.png", UNKNOWN, None, None, None).handle, None),
    ],
)
def test_the_id_of_a_call_is_read_from_each_kind_of_handle(
    handle: str | None, found: str | None
) -> None:
    assert call_id(handle) == found
