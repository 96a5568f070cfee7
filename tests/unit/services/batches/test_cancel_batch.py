"""CancelBatch: what a cancelled batch stops and never starts."""

from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest

from studio.domain.batches.model import BatchRow
from studio.domain.provider_calls.model import Refused
from studio.errors import (
    StateConflictError,
)
from tests.support.builders import TENANT
from tests.support.fakes.batches import FakeBatchStore
from tests.support.fakes.provider import FakeProvider
from tests.support.workflows.batches import submitted


def test_cancelling_stops_rows_and_running_jobs() -> None:
    studio, batch = submitted("fox", "owl")
    step = studio.step(batch, 2)

    stopping = studio.cancel(batch.batch_id)
    assert (stopping.status, stopping.waiting, stopping.cancelled) == ("cancelling", 1, 0)
    assert studio.step(batch, 3)["outcome"] == "cancelled"
    studio.run_job(step)
    done = studio.run(batch)

    assert (done.status, done.rows.cancelled, done.waiting) == ("cancelled", 1, 0)
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

    def row(self, tenant: str, batch_id: str, number: int) -> BatchRow | None:
        found = super().row(tenant, batch_id, number)
        self.cancel(batch_id)
        return found


def test_a_row_is_not_run_again_behind_a_cancel() -> None:
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
