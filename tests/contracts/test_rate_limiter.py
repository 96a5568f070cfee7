"""RateLimiter: a bucket per account, a small burst, and holds that are kept."""

from datetime import timedelta

import pytest

from tests.fake_edges import START
from tests.world import Ports

BUCKET = "openai/default/gpt-image-2"


def _taken(ports: Ports, per_minute: int, seconds: float = 0) -> int:
    """Take tokens until none is left and return how many there were."""
    at = START + timedelta(seconds=seconds)
    count = 0
    while ports.limiter.acquire(BUCKET, per_minute, at) == 0:
        count += 1
        assert count < 1000
    return count


@pytest.mark.parametrize(("per_minute", "burst"), [(60, 10), (600, 100), (5, 1), (1, 1)])
def test_a_full_bucket_holds_a_burst_of_ten_seconds(
    ports: Ports, per_minute: int, burst: int
) -> None:
    assert _taken(ports, per_minute) == burst


def test_the_wait_it_names_is_enough_and_not_too_long(ports: Ports) -> None:
    at = START
    _taken(ports, 5)
    wait = ports.limiter.acquire(BUCKET, 5, at)
    assert wait == 12
    assert ports.limiter.acquire(BUCKET, 5, at + timedelta(seconds=wait - 1)) == 1
    assert ports.limiter.acquire(BUCKET, 5, at + timedelta(seconds=wait)) == 0


def test_over_a_minute_no_more_than_the_rate_and_a_burst_go_out(ports: Ports) -> None:
    taken = sum(_taken(ports, 60, seconds) for seconds in range(60))
    assert taken == 60 + 10 - 1


def test_a_refused_try_takes_nothing(ports: Ports) -> None:
    _taken(ports, 60)
    for _ in range(20):
        assert ports.limiter.acquire(BUCKET, 60, START) == 1
    assert _taken(ports, 60, 1) == 1


def test_an_idle_bucket_fills_up_but_not_over(ports: Ports) -> None:
    _taken(ports, 60)
    assert _taken(ports, 60, 3600) == 10


def test_buckets_do_not_know_each_other(ports: Ports) -> None:
    _taken(ports, 5)
    assert ports.limiter.acquire("openai/tenants/acme/gpt-image-2", 5, START) == 0


def test_a_hold_is_kept_to_its_end(ports: Ports) -> None:
    ports.limiter.hold_off(BUCKET, 30, START)
    assert ports.limiter.acquire(BUCKET, 60, START + timedelta(seconds=29)) > 0
    assert ports.limiter.acquire(BUCKET, 60, START + timedelta(seconds=31)) == 0


def test_a_hold_works_on_a_bucket_in_use(ports: Ports) -> None:
    assert ports.limiter.acquire(BUCKET, 60, START) == 0
    ports.limiter.hold_off(BUCKET, 30, START)
    assert ports.limiter.acquire(BUCKET, 60, START) > 29


def test_a_shorter_hold_does_not_end_a_longer_one(ports: Ports) -> None:
    ports.limiter.hold_off(BUCKET, 120, START)
    ports.limiter.hold_off(BUCKET, 5, START)
    assert ports.limiter.acquire(BUCKET, 60, START + timedelta(seconds=60)) > 30
