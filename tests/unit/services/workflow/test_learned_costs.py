"""Costs of calls that were settled as unknown and became known later."""

import pytest

from studio.domain.assets.model import raw_key
from studio.domain.jobs.staged_result import StagedResult
from studio.domain.ledger.model import totals
from studio.domain.provider_calls.model import Generated, ProviderOutcome, Refused
from studio.money import UNKNOWN, Cost
from studio.services.jobs.redrive_job import Selection
from tests.support.builders import PRICE, TENANT, a_key, a_picture, unique
from tests.support.fakes.provider import FakeProvider
from tests.support.reliability.invariants import keep_books
from tests.support.workflows.job_in_memory import Harness, bench

LOST = Selection(statuses={"unknown"})


def _lost(vendor: FakeProvider | None = None) -> Harness:
    """Return a job whose only image has a paid call of unknown outcome."""
    found = bench("a", provider="runware", vendor=vendor or FakeProvider(polls=3))
    found.call()
    found.later(minutes=31)
    assert found.call(round=3)["outcome"] == "unknown"
    found.finish()
    assert (found.job.unknown_costs, _committed(found)) == (1, found.item().estimate.micros)
    return found


def _redriven(found: Harness) -> Harness:
    found.studio.redrive(TENANT, found.job_id, a_key(unique("key")), LOST)
    found.run()
    keep_books(found.studio, [(TENANT, found.job_id)])
    return found


def _committed(found: Harness) -> int:
    return found.studio.raw.ledger.committed(TENANT, found.job.budget_month)


def _adjusted(found: Harness) -> list[int | None]:
    entries = found.studio.raw.ledger.entries(TENANT, found.job_id)
    return [entry.amount for entry in entries if entry.type == "adjust"]


def _books(found: Harness) -> set[int]:
    """Return what ledger, job, item and month say that the job cost."""
    item, entries = found.item(), found.studio.raw.ledger.entries(TENANT, found.job_id)
    assert item.cost is not None
    return {totals(entries).settled, found.job.cost, item.cost.known_micros, _committed(found)}


def test_a_call_that_is_found_by_a_redrive_is_booked_everywhere() -> None:
    found = _redriven(_lost())
    assert found.item().status == "succeeded"
    assert found.studio.provider.paid == {"a": 1}
    assert _books(found) == {PRICE.micros}
    asset = found.studio.raw.assets.get(TENANT, found.item().asset_id)
    assert (asset.cost, found.item().cost) == (PRICE, PRICE)
    assert found.job.unknown_costs == 0


def test_an_entry_of_a_call_says_what_was_called_and_for_how_long() -> None:
    found = _lost()
    _redriven(found)
    entries = found.studio.raw.ledger.entries(TENANT, found.job_id)
    assert {entry.operation for entry in entries} == {"generate"}
    took = {entry.type: entry.duration_ms for entry in entries}
    lost_after = 31 * 60_000
    assert (took["reserve"], took["release"]) == (None, None)
    # The redrive asks once more, 20 seconds later.
    assert (took["settle"], took["adjust"]) == (lost_after, lost_after + 20_000)
    (learned,) = [entry for entry in entries if entry.type == "adjust"]
    assert learned.provider_request_id == f"req-{found.studio.provider.requests[0].request_id}"


def test_the_duration_of_a_call_ends_when_its_result_is_there() -> None:
    found = bench("a", provider="runware", vendor=FakeProvider(polls=1))
    found.call()
    found.later(seconds=20)
    assert found.call(round=1)["outcome"] == "generated"
    found.later(minutes=3)
    found.studio.fail_image.run(found.task(attempt=1))
    durations = [e.duration_ms for e in found.studio.raw.ledger.entries(TENANT, found.job_id)]
    assert durations == [None, 20_000]


def test_a_result_that_its_worker_stored_late_is_booked() -> None:
    found = _lost(FakeProvider(polls=99))
    staged = StagedResult(Cost(7, "reported"), "req-1").to_metadata()
    found.studio.raw.blobs.put_if_absent(raw_key(TENANT, found.job_id, 1, 1), a_picture(), staged)
    _redriven(found)
    assert (found.item().status, _books(found)) == ("succeeded", {7})


class _ScriptedProvider(FakeProvider):
    """A provider that answers each question about a call as it was told."""

    answer: ProviderOutcome | None = None

    def poll(self, handle: str) -> ProviderOutcome:
        return super().poll(handle) if self.answer is None else self.answer


@pytest.mark.parametrize(
    ("answer", "cost"),
    [
        (Refused("moderation", "no", Cost(9, "reported")), 9),
        (Refused("moderation", "no"), 0),
        (Refused("transient", "it failed"), 0),
        (Generated(b"no picture", Cost(11, "reported")), 11),
    ],
)
def test_a_call_that_failed_later_has_the_cost_of_its_failure(
    answer: ProviderOutcome, cost: int
) -> None:
    vendor = _ScriptedProvider(polls=99)
    found = _lost(vendor)
    vendor.answer = answer
    _redriven(found)
    assert (found.item().status, _books(found), found.job.unknown_costs) == ("failed", {cost}, 0)


@pytest.mark.parametrize(
    "answer",
    [
        Refused("auth", "the key is wrong"),
        Refused("bad_answer", "it cannot be read", UNKNOWN),
    ],
)
def test_an_answer_without_the_cost_of_the_call_books_nothing(answer: ProviderOutcome) -> None:
    vendor = _ScriptedProvider(polls=99)
    found = _lost(vendor)
    vendor.answer = answer
    _redriven(found)
    assert (found.item().status, _adjusted(found), found.job.unknown_costs) == ("failed", [], 1)


def test_a_call_is_corrected_once() -> None:
    vendor = _ScriptedProvider(polls=99)
    found = _lost(vendor)
    vendor.answer = Generated(a_picture(), Cost(11, "reported"))
    found.studio.redrive(TENANT, found.job_id, a_key(unique("key")), LOST)
    assert found.call()["outcome"] == "generated"
    found.studio.fail_image.run(found.task(attempt=1))
    found.finish()
    assert (found.item().status, _adjusted(found), _books(found)) == ("failed", [11], {11})
    found.studio.redrive(TENANT, found.job_id, a_key(unique("key")))
    found.run()
    keep_books(found.studio, [(TENANT, found.job_id)])
    assert (found.item().status, _adjusted(found), _books(found)) == ("succeeded", [11], {11})
    assert found.studio.raw.assets.get(TENANT, found.item().asset_id).cost == Cost(11, "reported")


def test_another_unknown_call_keeps_the_cost_of_the_image_unknown() -> None:
    vendor = _ScriptedProvider(polls=99)
    found = _lost(vendor)
    # The first call stays lost, the second one is lost and then found.
    found.studio.redrive(TENANT, found.job_id, a_key(unique("key")), LOST)
    found.call()
    found.later(minutes=31)
    found.call(round=3)
    found.call(round=2)
    found.later(minutes=31)
    assert found.call(round=3)["outcome"] == "unknown"
    found.finish()
    assert found.job.unknown_costs == 2
    vendor.answer = Generated(a_picture(), Cost(11, "reported"))
    _redriven(found)
    assert (found.item().status, found.job.unknown_costs, found.job.cost) == ("succeeded", 1, 11)
    asset = found.studio.raw.assets.get(TENANT, found.item().asset_id)
    assert (asset.cost, found.item().cost) == (UNKNOWN, UNKNOWN)
