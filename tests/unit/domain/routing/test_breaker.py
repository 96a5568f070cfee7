"""The circuit breaker: what opens it, who probes, what closes it, and for how long it holds."""

from datetime import datetime, timedelta
from functools import reduce

import pytest

from studio.domain.provider_calls.model import (
    Generated,
    OutcomeUnknown,
    Pending,
    ProviderOutcome,
    Refused,
    Throttled,
)
from studio.domain.routing.breaker import (
    FAULTS_TO_OPEN,
    LONGEST_OUTAGE,
    LONGEST_PAUSE,
    Breaker,
    after_fault,
    after_success,
    fault_of,
    start_probe,
)
from studio.domain.routing.bucket import Bucket
from studio.money import Cost
from tests.support.fakes.edges import START

LEASE = timedelta(minutes=5)


def at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def after_faults(*seconds: float, breaker: Breaker | None = None) -> Breaker:
    return reduce(
        lambda one, when: after_fault(one, "transient", at(when)), seconds, breaker or Breaker()
    )


OPEN = after_faults(0, 1, 2, 3, 4)


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (Throttled("transient", "503"), "transient"),
        (OutcomeUnknown("cut"), "no_answer"),
        (Throttled("rate_limit", "slow down"), None),
        (Refused("auth", "who are you"), None),
        (Refused("moderation", "no"), None),
        (Refused("bad_answer", "rubbish"), None),
        (Pending("task", 5), None),
        (Generated(b"", Cost(1, "priced")), None),
    ],
)
def test_only_who_does_not_answer_is_at_fault(answer: ProviderOutcome, kind: str | None) -> None:
    assert fault_of(answer) == kind


def test_it_opens_at_the_last_of_enough_faults_in_a_row() -> None:
    breaker = after_faults(*range(FAULTS_TO_OPEN - 1))
    assert (breaker.state(at(9)), breaker.wait(at(9)), breaker.failures) == ("closed", 0, 4)
    assert breaker.next_probe_at is None
    breaker = after_fault(breaker, "no_answer", at(9))
    assert (breaker.state(at(9)), breaker.wait(at(9))) == ("open", 30)
    assert (breaker.failures, breaker.failing_since, breaker.opened_at) == (5, at(0), at(9))
    assert (breaker.error_kind, breaker.error_at, breaker.version) == ("no_answer", at(9), 5)


def test_an_answer_ends_the_row_and_leaves_the_last_error_to_be_seen() -> None:
    breaker = after_success(after_faults(0, 1, 2, 3))
    assert not breaker.has_failures
    assert (breaker.error_kind, breaker.error_at, breaker.version) == ("transient", at(3), 5)
    assert after_faults(4, 5, 6, 7, breaker=breaker).state(at(7)) == "closed"


def test_faults_far_apart_are_no_row_and_slow_ones_are() -> None:
    slow = [300 * number for number in range(5)]
    assert after_faults(*slow).state(at(1200)) == "open"
    rare = [361 * number for number in range(9)]
    breaker = after_faults(*rare)
    assert (breaker.state(at(rare[-1])), breaker.failures) == ("closed", 1)
    assert breaker.failing_since == at(rare[-1])


def test_after_its_pause_it_is_half_open_and_a_probe_is_due() -> None:
    assert (OPEN.state(at(33.9)), OPEN.wait(at(33.9))) == ("open", 1)
    assert (OPEN.state(at(34)), OPEN.wait(at(34))) == ("half_open", 0)
    assert OPEN.next_probe_at == at(34)


def test_while_a_probe_is_under_way_others_look_again_soon() -> None:
    probe = start_probe(OPEN, at(40), at(40) + LEASE)
    assert (probe.state(at(41)), probe.wait(at(41))) == ("half_open", 30)
    assert probe.wait(at(325)) == 15
    assert probe.next_probe_at == at(340)


def test_a_probe_that_died_is_followed_by_another_when_its_lease_is_over() -> None:
    probe = start_probe(OPEN, at(40), at(40) + LEASE)
    assert probe.wait(at(339)) == 1
    assert (probe.wait(at(340)), probe.state(at(340))) == (0, "half_open")


def test_each_fault_of_a_probe_doubles_the_pause_up_to_the_longest() -> None:
    breaker, now, pauses = OPEN, 4.0, []
    for _ in range(8):
        pauses.append(breaker.wait(at(now)))
        now += pauses[-1]
        breaker = after_fault(start_probe(breaker, at(now), at(now + 9)), "transient", at(now))
    assert pauses == [30, 60, 120, 240, 480, 600, 600, 600]
    assert (breaker.trips, breaker.failures, breaker.failing_since) == (9, 13, at(0))
    assert breaker.probe_until is None


def test_an_outage_may_last_for_years() -> None:
    breaker = reduce(lambda one, _: after_fault(one, "transient", at(9)), range(2000), OPEN)
    assert breaker.wait(at(9)) == 600


def test_a_probe_that_is_answered_closes_it_for_all() -> None:
    closed = after_success(start_probe(OPEN, at(40), at(50)))
    assert (closed.state(at(41)), closed.wait(at(41)), closed.trips) == ("closed", 0, 0)
    again = after_faults(42, 43, 44, 45, 46, breaker=closed)
    assert again.wait(at(46)) == 30, "the pause begins anew"


def test_an_old_record_says_nothing_of_today() -> None:
    long_open = after_fault(OPEN, "transient", at(34))
    due = at(94)
    soon, late = due + LONGEST_PAUSE, due + LONGEST_PAUSE + timedelta(seconds=1)
    assert after_fault(start_probe(long_open, soon, soon), "transient", soon).trips == 3
    fresh = after_fault(start_probe(long_open, late, late), "transient", late)
    assert (fresh.trips, fresh.failures, fresh.failing_since) == (1, 1, late)
    assert not fresh.is_lasting(late + timedelta(minutes=1))


def test_patience_ends_with_the_row_and_only_while_it_is_open() -> None:
    assert not OPEN.is_lasting(at(0) + LONGEST_OUTAGE)
    assert OPEN.is_lasting(at(1) + LONGEST_OUTAGE)
    assert not after_faults(0).is_lasting(at(99_999))


def test_a_bucket_tells_how_many_calls_are_left_and_from_when_there_is_one() -> None:
    fresh = Bucket()
    assert (fresh.tokens(60, at(0)), fresh.wait(60, at(0)), fresh.free_at(60)) == (10, 0, None)
    used = Bucket(full_at=at(7))
    assert (used.tokens(60, at(0)), used.wait(60, at(0))) == (3, 0)
    assert used.tokens(60, at(60)) == 10
    empty = Bucket(full_at=at(12))
    assert (empty.tokens(5, at(0)), empty.wait(5, at(0)), empty.free_at(5)) == (0, 12, at(12))
    held = Bucket(full_at=at(40))
    assert (held.tokens(60, at(0)), held.wait(60, at(0)), held.wait(None, at(0))) == (0, 31, 30)
