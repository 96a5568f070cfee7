"""Restraint: who gets leave to call, and what an answer says to the calls after it."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest

from studio.domain.catalogue.catalogue import provider_card
from studio.domain.provider_calls.model import (
    Answer,
    Credentials,
    Generated,
    OutcomeUnknown,
    Throttled,
)
from studio.domain.routing.breaker import Breaker
from studio.money import Cost
from studio.services.routing.call_limiter import Held, Leave, Restraint
from tests.support.builders import a_job, a_spec, an_item
from tests.support.fakes.call_limits import FakeRestraintStore
from tests.support.fakes.edges import FakeClock, FakeCredentialStore

BUCKET = "runware/default/runware:101@1"
FAULT = Throttled("transient", "try again")
LOST = OutcomeUnknown("no answer came")
MADE = Generated(b"", Cost(1, "priced"))
SLOW_DOWN = Throttled("rate_limit", "slow down")
LEASE = timedelta(seconds=180)


@dataclass
class Desk:
    """Callers of one account without a limit of its own."""

    store: FakeRestraintStore = field(default_factory=FakeRestraintStore)
    clock: FakeClock = field(default_factory=FakeClock)
    provider: str = "runware"
    model: str = "runware:101@1"
    rate: int | None = None

    @property
    def restraint(self) -> Restraint:
        credentials = Credentials("secret", rate_per_minute=self.rate)
        return Restraint(self.store, FakeCredentialStore({(self.provider, "default"): credentials}))

    @property
    def breaker(self) -> Breaker:
        return self.store.read([BUCKET])[BUCKET].breaker

    def ask(self) -> Leave | Held:
        item = an_item(a_job(), spec=a_spec(provider=self.provider, model=self.model))
        return self.restraint.ask(item, provider_card(self.provider), self.clock(), LEASE)

    def leave(self) -> Leave:
        leave = self.ask()
        assert isinstance(leave, Leave)
        return leave

    def heed(self, leave: Leave, answer: Answer) -> None:
        self.restraint.heed(leave, answer, self.clock())

    def call(self, *answers: Answer) -> None:
        for answer in answers:
            self.heed(self.leave(), answer)

    def opened(self) -> "Desk":
        self.call(*[FAULT] * 5)
        return self


def test_faults_in_a_row_hold_up_everybody_until_one_call_is_let_through() -> None:
    desk = Desk()
    desk.call(FAULT, LOST, FAULT, LOST, FAULT)
    assert desk.ask() == Held(30, "failing")
    desk.clock.advance(30)
    probe = desk.leave()
    assert desk.ask() == Held(30, "failing")
    desk.heed(probe, MADE)
    assert desk.ask() == Leave(BUCKET, desk.breaker)


def test_a_healthy_call_writes_nothing() -> None:
    desk = Desk()
    desk.call(MADE, SLOW_DOWN, MADE)
    assert desk.breaker == Breaker()


@pytest.mark.parametrize("answer", [MADE, SLOW_DOWN])
def test_any_answer_ends_a_row(answer: Answer) -> None:
    desk = Desk()
    desk.call(FAULT, FAULT, FAULT, FAULT, answer, FAULT)
    assert (desk.breaker.failures, desk.breaker.opened_at) == (1, None)


def test_a_probe_that_fails_holds_everybody_up_for_longer() -> None:
    desk = Desk().opened()
    desk.clock.advance(30)
    desk.call(FAULT)
    assert desk.ask() == Held(60, "failing")


def test_a_probe_that_never_answers_is_followed_by_another() -> None:
    desk = Desk().opened()
    desk.clock.advance(30)
    dead = desk.leave()
    desk.clock.advance(179)
    assert desk.ask() == Held(1, "failing")
    desk.clock.advance(1)
    second = desk.leave()
    desk.heed(dead, FAULT)
    assert desk.breaker == second.breaker, "the late word of a probe that was given up"
    desk.heed(second, MADE)
    assert not desk.breaker.troubled


def test_a_call_from_before_says_nothing_while_it_is_open() -> None:
    desk = Desk()
    slow, failing = desk.leave(), Leave(BUCKET, Breaker())
    desk.opened()
    opened = desk.breaker
    desk.heed(slow, MADE)
    desk.heed(failing, FAULT)
    assert desk.breaker == opened


def test_a_call_that_began_in_a_row_does_not_close_what_opened_since() -> None:
    desk = Desk()
    desk.call(FAULT)
    slow = desk.leave()
    desk.call(*[FAULT] * 4)
    desk.heed(slow, MADE)
    assert desk.ask() == Held(30, "failing")


def test_faults_of_calls_side_by_side_are_all_counted() -> None:
    desk = Desk()
    leaves = [desk.leave() for _ in range(4)]
    for leave in leaves:
        desk.heed(leave, FAULT)
    assert desk.breaker.failures == 4


def test_an_answer_beside_a_fault_ends_the_row_all_the_same() -> None:
    desk = Desk()
    desk.call(FAULT, FAULT)
    failing, answered = desk.leave(), desk.leave()
    desk.heed(failing, FAULT)
    desk.heed(answered, MADE)
    assert desk.breaker.failures == 0
    version = desk.breaker.version
    desk.heed(failing, MADE)
    assert desk.breaker.version == version, "there is nothing left to end"


def test_an_outage_that_lasts_is_not_waited_for_but_is_still_probed() -> None:
    desk = Desk().opened()
    for pause in (30, 60, 120, 240, 480):
        desk.clock.advance(pause)
        desk.call(FAULT)
    assert desk.ask() == Held(600, "lasting")
    desk.clock.advance(600)
    assert isinstance(desk.ask(), Leave)


@pytest.mark.parametrize(("answer", "wait"), [(None, 30), (MADE, 1), (FAULT, 60)])
def test_who_loses_the_election_waits_for_the_winner(answer: Answer | None, wait: int) -> None:
    desk = Desk().opened()
    desk.clock.advance(30)
    winner = Desk(desk.store, desk.clock)

    class Slow(FakeRestraintStore):
        """Another caller is elected, and perhaps answered, before this one is."""

        def swap(self, bucket: str, *move: Any) -> Breaker | None:
            leave = winner.leave()
            if answer is not None:
                winner.heed(leave, answer)
            return winner.store.swap(bucket, *move)

    desk.store = Slow(winner.store.buckets)
    assert desk.ask() == Held(wait, "failing")


def test_a_probe_keeps_to_the_bucket() -> None:
    desk = Desk(rate=60).opened()
    desk.store.hold_off(BUCKET, 90, desk.clock())
    assert desk.ask() == Held(30, "failing")
    desk.clock.advance(40)
    assert desk.ask() == Held(51, "busy")
    desk.clock.advance(51)
    assert isinstance(desk.ask(), Leave)


def test_a_wish_for_quiet_is_everybodys_also_where_no_limit_is_kept() -> None:
    desk = Desk()
    desk.store.hold_off(BUCKET, 20, desk.clock())
    assert desk.ask() == Held(20, "busy")


def test_who_has_no_account_is_never_restrained() -> None:
    desk = Desk(provider="builtin", model="preview-1")
    for _ in range(9):
        desk.call(FAULT)
    assert desk.ask() == Leave(None, Breaker())
    assert desk.store.buckets == {}


def test_models_and_accounts_fail_by_themselves() -> None:
    desk = Desk().opened()
    desk.model = "runware:100@1"
    assert isinstance(desk.ask(), Leave)
