"""CallLimiter: which calls may start, and what each outcome changes for later calls."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest

from studio.domain.catalogue.catalogue import provider_card
from studio.domain.provider_calls.model import (
    Credentials,
    Generated,
    OutcomeUnknown,
    ProviderOutcome,
    Throttled,
)
from studio.domain.routing.breaker import Breaker
from studio.metrics import NAMESPACE
from studio.money import Cost
from studio.services.routing.call_limiter import CallLimiter, Denied, Permit
from tests.support.builders import a_job, a_spec, an_item
from tests.support.fakes.call_limits import FakeCallLimitStore
from tests.support.fakes.edges import FakeClock, FakeCredentialStore
from tests.support.mock_aws.metric_lines import values_of

BUCKET = "runware/default/runware:101@1"
FAULT = Throttled("transient", "try again")
LOST = OutcomeUnknown("no answer came")
MADE = Generated(b"", Cost(1, "priced"))
SLOW_DOWN = Throttled("rate_limit", "slow down")
LEASE = timedelta(seconds=180)


@dataclass
class Harness:
    """Callers of one account without a limit of its own."""

    store: FakeCallLimitStore = field(default_factory=FakeCallLimitStore)
    clock: FakeClock = field(default_factory=FakeClock)
    provider: str = "runware"
    model: str = "runware:101@1"
    rate: int | None = None

    @property
    def call_limits(self) -> CallLimiter:
        credentials = Credentials("secret", rate_per_minute=self.rate)
        return CallLimiter(
            self.store, FakeCredentialStore({(self.provider, "default"): credentials})
        )

    @property
    def breaker(self) -> Breaker:
        return self.store.read([BUCKET])[BUCKET].breaker

    def acquire(self) -> Permit | Denied:
        item = an_item(a_job(), spec=a_spec(provider=self.provider, model=self.model))
        return self.call_limits.acquire(item, provider_card(self.provider), self.clock(), LEASE)

    def permit(self) -> Permit:
        permit = self.acquire()
        assert isinstance(permit, Permit)
        return permit

    def record_outcome(self, permit: Permit, answer: ProviderOutcome) -> None:
        self.call_limits.record_outcome(permit, answer, self.clock())

    def call(self, *answers: ProviderOutcome) -> None:
        for answer in answers:
            self.record_outcome(self.permit(), answer)

    def opened(self) -> "Harness":
        self.call(*[FAULT] * 5)
        return self


def test_faults_in_a_row_hold_up_all_jobs_until_one_call_is_let_through() -> None:
    intake = Harness()
    intake.call(FAULT, LOST, FAULT, LOST, FAULT)
    assert intake.acquire() == Denied(30, "failing")
    intake.clock.advance(30)
    probe = intake.permit()
    assert intake.acquire() == Denied(30, "failing")
    intake.record_outcome(probe, MADE)
    assert intake.acquire() == Permit(BUCKET, intake.breaker)


def test_a_healthy_call_writes_nothing() -> None:
    intake = Harness()
    intake.call(MADE, SLOW_DOWN, MADE)
    assert intake.breaker == Breaker()


@pytest.mark.parametrize("answer", [MADE, SLOW_DOWN])
def test_any_answer_ends_a_row(answer: ProviderOutcome) -> None:
    intake = Harness()
    intake.call(FAULT, FAULT, FAULT, FAULT, answer, FAULT)
    assert (intake.breaker.failures, intake.breaker.opened_at) == (1, None)


def test_a_probe_that_fails_holds_all_jobs_up_for_longer() -> None:
    intake = Harness().opened()
    intake.clock.advance(30)
    intake.call(FAULT)
    assert intake.acquire() == Denied(60, "failing")


def test_a_probe_that_never_answers_is_followed_by_another() -> None:
    intake = Harness().opened()
    intake.clock.advance(30)
    dead = intake.permit()
    intake.clock.advance(179)
    assert intake.acquire() == Denied(1, "failing")
    intake.clock.advance(1)
    second = intake.permit()
    intake.record_outcome(dead, FAULT)
    assert intake.breaker == second.breaker, "the late word of a probe that was given up"
    intake.record_outcome(second, MADE)
    assert not intake.breaker.has_failures


def test_a_call_from_before_says_nothing_while_it_is_open() -> None:
    intake = Harness()
    slow, failing = intake.permit(), Permit(BUCKET, Breaker())
    intake.opened()
    opened = intake.breaker
    intake.record_outcome(slow, MADE)
    intake.record_outcome(failing, FAULT)
    assert intake.breaker == opened


def test_a_call_that_began_in_a_row_does_not_close_what_opened_since() -> None:
    intake = Harness()
    intake.call(FAULT)
    slow = intake.permit()
    intake.call(*[FAULT] * 4)
    intake.record_outcome(slow, MADE)
    assert intake.acquire() == Denied(30, "failing")


def test_faults_of_calls_side_by_side_are_all_counted() -> None:
    intake = Harness()
    leaves = [intake.permit() for _ in range(4)]
    for permit in leaves:
        intake.record_outcome(permit, FAULT)
    assert intake.breaker.failures == 4


def test_an_answer_beside_a_fault_ends_the_row_all_the_same() -> None:
    intake = Harness()
    intake.call(FAULT, FAULT)
    failing, answered = intake.permit(), intake.permit()
    intake.record_outcome(failing, FAULT)
    intake.record_outcome(answered, MADE)
    assert intake.breaker.failures == 0
    version = intake.breaker.version
    intake.record_outcome(failing, MADE)
    assert intake.breaker.version == version, "there is nothing left to end"


def test_an_outage_that_lasts_is_not_waited_for_but_is_still_probed() -> None:
    intake = Harness().opened()
    for pause in (30, 60, 120, 240, 480):
        intake.clock.advance(pause)
        intake.call(FAULT)
    assert intake.acquire() == Denied(600, "lasting")
    intake.clock.advance(600)
    assert isinstance(intake.acquire(), Permit)


@pytest.mark.parametrize(("answer", "wait"), [(None, 30), (MADE, 1), (FAULT, 60)])
def test_who_loses_the_election_waits_for_the_winner(
    answer: ProviderOutcome | None, wait: int
) -> None:
    intake = Harness().opened()
    intake.clock.advance(30)
    winner = Harness(intake.store, intake.clock)

    class Slow(FakeCallLimitStore):
        """Another caller is elected, and perhaps answered, before this one is."""

        def swap(self, bucket: str, *move: Any) -> Breaker | None:
            permit = winner.permit()
            if answer is not None:
                winner.record_outcome(permit, answer)
            return winner.store.swap(bucket, *move)

    intake.store = Slow(winner.store.buckets)
    assert intake.acquire() == Denied(wait, "failing")


def test_a_probe_keeps_to_the_bucket() -> None:
    intake = Harness(rate=60).opened()
    intake.store.pause_until(BUCKET, 90, intake.clock())
    assert intake.acquire() == Denied(30, "failing")
    intake.clock.advance(40)
    assert intake.acquire() == Denied(51, "busy")
    intake.clock.advance(51)
    assert isinstance(intake.acquire(), Permit)


def test_a_wish_for_quiet_holds_for_all_jobs_without_a_limit_too() -> None:
    intake = Harness()
    intake.store.pause_until(BUCKET, 20, intake.clock())
    assert intake.acquire() == Denied(20, "busy")


def test_who_has_no_account_is_never_restrained() -> None:
    intake = Harness(provider="builtin", model="preview-1")
    for _ in range(9):
        intake.call(FAULT)
    assert intake.acquire() == Permit(None, Breaker())
    assert intake.store.buckets == {}


def test_models_and_accounts_fail_by_themselves() -> None:
    intake = Harness().opened()
    intake.model = "runware:100@1"
    assert isinstance(intake.acquire(), Permit)


def test_a_breaker_that_opens_is_counted_each_time(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("POWERTOOLS_SERVICE_NAME", "studio")
    intake = Harness()
    by_provider = {"service": "studio", "Provider": "runware"}
    for faults, opened in ((4, []), (1, [1])):
        intake.call(*[FAULT] * faults)
        printed = capsys.readouterr().out
        assert values_of(printed, NAMESPACE, "BreakersOpened", by_provider) == opened
    intake.clock.advance(30)
    intake.call(FAULT)
    printed = capsys.readouterr().out
    assert values_of(printed, NAMESPACE, "BreakersOpened", {"service": "studio"}) == [1]
