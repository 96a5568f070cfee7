"""Waiting for a job's end in the caller's stead."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime

import pytest

from studio.api.jobs.commands import wait_for_end
from studio.domain.jobs.model import Counts, Job

AT = datetime(2026, 1, 31, tzinfo=UTC)
QUEUED = Job(
    tenant="acme",
    job_id="job_1",
    operation="generate",
    name=None,
    created_at=AT,
    created_by="ann",
    counts=Counts(total=1),
)


@dataclass
class Time:
    """A clock that only sleeping moves."""

    now: float = 100.0
    naps: int = 0

    def sleep(self, seconds: float) -> None:
        assert seconds > 0
        self.now += seconds
        self.naps += 1

    def clock(self) -> float:
        return self.now


@pytest.mark.parametrize(
    ("ends_after", "waited"), [(0.0, 0.0), (0.3, 0.6), (5.0, 5.4), (99.0, 10.0)]
)
def test_it_looks_often_at_first_and_never_longer_than_asked(
    ends_after: float, waited: float
) -> None:
    time = Time()

    def read() -> Job:
        return replace(QUEUED, finished_at=AT) if time.now >= 100 + ends_after else QUEUED

    job = wait_for_end(read(), read, 10, sleep=time.sleep, clock=time.clock)
    assert time.now - 100 == pytest.approx(waited)
    assert (job.finished_at is not None) == (ends_after <= 10)
    assert time.naps <= 12
