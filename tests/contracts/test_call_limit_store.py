"""CallLimitStore: a bucket and a breaker per account, holds that are kept, moves made once."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest

from studio.adapters.dynamodb.call_limits import DynamoCallLimitStore
from studio.domain.catalogue.catalogue import provider_card
from studio.domain.provider_calls.model import Credentials
from studio.domain.routing.breaker import Breaker, after_fault, after_success, start_probe
from studio.domain.routing.bucket import Bucket
from studio.ports.routing import TokenResult
from studio.services.routing.call_limiter import CallLimiter, Denied, Permit
from tests.support.builders import a_job, an_item
from tests.support.fakes.edges import START, FakeCredentialStore
from tests.support.mock_aws.atomic_client import OneAtATime
from tests.support.workflows.jobs import Ports

# No transaction writes these records, so their writes meet no conflict.
pytestmark = pytest.mark.parametrize("ports", ["memory", "aws"], indirect=True)

BUCKET = "openai/default/gpt-image-2"


def _taken(ports: Ports, per_minute: int, seconds: float = 0) -> int:
    """Take tokens until none is left and return how many there were."""
    at = START + timedelta(seconds=seconds)
    count = 0
    while ports.call_limits.acquire(BUCKET, per_minute, at).wait == 0:
        count += 1
        assert count < 1000
    return count


@pytest.mark.parametrize(("per_minute", "burst"), [(60, 10), (600, 100), (5, 1), (1, 1)])
def test_a_full_bucket_holds_a_burst_of_ten_seconds(
    ports: Ports, per_minute: int, burst: int
) -> None:
    assert _taken(ports, per_minute) == burst


def test_the_wait_that_an_empty_bucket_names_is_enough_and_not_too_long(ports: Ports) -> None:
    at = START
    _taken(ports, 5)
    wait = ports.call_limits.acquire(BUCKET, 5, at).wait
    assert wait == 12
    assert ports.call_limits.acquire(BUCKET, 5, at + timedelta(seconds=wait - 1)).wait == 1
    assert ports.call_limits.acquire(BUCKET, 5, at + timedelta(seconds=wait)).wait == 0


def test_over_a_minute_no_more_than_the_rate_and_a_burst_go_out(ports: Ports) -> None:
    taken = sum(_taken(ports, 60, seconds) for seconds in range(60))
    assert taken == 60 + 10 - 1


def test_a_refused_try_takes_nothing(ports: Ports) -> None:
    _taken(ports, 60)
    for _ in range(20):
        assert ports.call_limits.acquire(BUCKET, 60, START).wait == 1
    assert _taken(ports, 60, 1) == 1


def test_an_idle_bucket_fills_up_but_not_over(ports: Ports) -> None:
    _taken(ports, 60)
    assert _taken(ports, 60, 3600) == 10


def test_buckets_do_not_know_each_other(ports: Ports) -> None:
    _taken(ports, 5)
    assert ports.call_limits.acquire("openai/tenants/acme/gpt-image-2", 5, START).wait == 0


def test_a_hold_is_kept_to_its_end(ports: Ports) -> None:
    ports.call_limits.pause_until(BUCKET, 30, START)
    assert ports.call_limits.acquire(BUCKET, 60, START + timedelta(seconds=29)).wait > 0
    assert ports.call_limits.acquire(BUCKET, 60, START + timedelta(seconds=31)).wait == 0


def test_a_hold_works_on_a_bucket_in_use(ports: Ports) -> None:
    assert ports.call_limits.acquire(BUCKET, 60, START).wait == 0
    ports.call_limits.pause_until(BUCKET, 30, START)
    assert ports.call_limits.acquire(BUCKET, 60, START).wait > 29


def test_a_shorter_hold_does_not_end_a_longer_one(ports: Ports) -> None:
    ports.call_limits.pause_until(BUCKET, 120, START)
    ports.call_limits.pause_until(BUCKET, 5, START)
    assert ports.call_limits.acquire(BUCKET, 60, START + timedelta(seconds=60)).wait > 30


OPEN = Breaker(
    version=5,
    failures=5,
    failing_since=START - timedelta(seconds=40),
    opened_at=START - timedelta(seconds=31),
    trips=1,
    error_kind="no_answer",
    error_at=START - timedelta(seconds=31),
)


def _opened(ports: Ports) -> None:
    assert ports.call_limits.swap(BUCKET, Breaker(), OPEN, START) is None


@pytest.mark.parametrize("per_minute", [60, None])
def test_asking_for_a_token_brings_the_breaker_along(ports: Ports, per_minute: int | None) -> None:
    assert ports.call_limits.acquire(BUCKET, per_minute, START) == TokenResult(0, Breaker())
    failed = after_fault(Breaker(), "transient", START)
    assert ports.call_limits.swap(BUCKET, Breaker(), failed, START) is None
    # Of a bucket in use, and of one that is idle.
    for seconds in (0, 3600):
        at = START + timedelta(seconds=seconds)
        assert ports.call_limits.acquire(BUCKET, per_minute, at) == TokenResult(0, failed)


def test_an_open_breaker_gives_no_token(ports: Ports) -> None:
    ports.call_limits.acquire(BUCKET, 60, START)
    _opened(ports)
    for seconds in (0, 5, 3600):
        for _ in range(20):
            at = START + timedelta(seconds=seconds)
            assert ports.call_limits.acquire(BUCKET, 60, at) == TokenResult(0, OPEN)
    assert ports.call_limits.swap(BUCKET, OPEN, after_success(OPEN), START) is None
    assert _taken(ports, 60) == 9


def test_an_open_breaker_does_not_hide_that_the_bucket_is_held(ports: Ports) -> None:
    ports.call_limits.pause_until(BUCKET, 30, START)
    _opened(ports)
    assert ports.call_limits.acquire(BUCKET, 60, START) == TokenResult(31, OPEN)


def test_without_a_limit_only_a_wish_for_quiet_makes_a_call_wait(ports: Ports) -> None:
    for _ in range(50):
        assert ports.call_limits.acquire(BUCKET, None, START).wait == 0
    ports.call_limits.pause_until(BUCKET, 30, START)
    assert ports.call_limits.acquire(BUCKET, None, START).wait == 30
    assert ports.call_limits.acquire(BUCKET, None, START + timedelta(seconds=30)).wait == 0


def test_what_is_written_is_read_and_what_is_over_is_gone(ports: Ports) -> None:
    _opened(ports)
    probe = start_probe(OPEN, START, START + timedelta(seconds=300))
    assert ports.call_limits.swap(BUCKET, OPEN, probe, START) is None
    assert ports.call_limits.read([BUCKET]) == {BUCKET: Bucket(breaker=probe)}
    closed = after_success(probe)
    assert ports.call_limits.swap(BUCKET, probe, closed, START) is None
    assert ports.call_limits.read([BUCKET])[BUCKET].breaker == closed
    assert ports.call_limits.acquire(BUCKET, 60, START) == TokenResult(0, closed)


def test_a_move_from_what_is_no_more_is_not_made(ports: Ports) -> None:
    first = after_fault(Breaker(), "transient", START)
    assert ports.call_limits.swap(BUCKET, Breaker(), first, START) is None
    late = after_fault(Breaker(), "no_answer", START)
    assert ports.call_limits.swap(BUCKET, Breaker(), late, START) == first
    second = after_fault(first, "transient", START)
    assert ports.call_limits.swap(BUCKET, first, second, START) is None
    assert ports.call_limits.swap(BUCKET, first, after_success(first), START) == second


def test_of_many_who_would_probe_at_once_one_is_elected(ports: Ports) -> None:
    store = ports.call_limits
    if isinstance(store, DynamoCallLimitStore):
        client: Any = OneAtATime(store.client)
        store = replace(store, client=client)
    _opened(ports)
    account = FakeCredentialStore({("openai", "default"): Credentials("secret")})
    call_limits, item = CallLimiter(store, account), an_item(a_job())
    start = Barrier(8)

    def ask(_: int) -> Permit | Denied:
        start.wait(timeout=20)
        return call_limits.acquire(item, provider_card("openai"), START, timedelta(seconds=300))

    with ThreadPoolExecutor(8) as callers:
        answers = list(callers.map(ask, range(8)))
    (probe,) = [answer for answer in answers if isinstance(answer, Permit)]
    assert probe.breaker.probe_until == START + timedelta(seconds=300)
    assert answers.count(Denied(30, "failing")) == 7
    assert store.read([BUCKET])[BUCKET].breaker == probe.breaker


def test_many_are_read_and_those_without_calls_are_left_out(ports: Ports) -> None:
    names = [f"openai/default/model-{number}" for number in range(120)]
    for name in (names[0], names[110]):
        ports.call_limits.acquire(name, 60, START)
    ports.call_limits.acquire("runware/default/unlimited", None, START)
    full_at = START + timedelta(seconds=1)
    assert ports.call_limits.read([*names, "runware/default/unlimited"]) == {
        names[0]: Bucket(full_at, 60),
        names[110]: Bucket(full_at, 60),
        "runware/default/unlimited": Bucket(),
    }
    assert ports.call_limits.read([]) == {}
