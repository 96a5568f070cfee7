"""Random lives of jobs of two tenants: whatever happens in whatever order, the books are kept."""

from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from studio.domain.jobs.image_spec import SourceRef
from studio.domain.jobs.model import Job
from studio.domain.jobs.wanted import EVERY_JOB
from studio.domain.orders.request import JobRequest
from studio.domain.provider_calls.model import OutcomeUnknown, Refused, Throttled
from studio.errors import (
    BudgetExceededError,
    IdempotencyKeyReusedError,
    StateConflictError,
    StudioError,
    TargetUnreachableError,
)
from studio.money import Cost
from studio.ports.jobs import Replayed
from studio.services.contents.edit_slots import changed_slot
from studio.services.jobs.key_use import KeyUse
from studio.services.jobs.redrive_job import Selection
from tests.support.builders import MONTH, a_key, a_picture, an_order
from tests.support.contents import with_article
from tests.support.fakes.edges import FakeBlobStore, Started
from tests.support.fakes.provider import FakeProvider, Reply
from tests.support.fakes.web import Page
from tests.support.reliability.invariants import (
    STRANGER,
    TERMINAL_JOB,
    is_over,
    keep_books,
    not_found,
)
from tests.support.workflows.asl import (
    Command,
    ExecutionFailedError,
    Interpreter,
    Steps,
    definition,
    obey,
)
from tests.support.workflows.engine import Engine
from tests.support.workflows.jobs import Studio, memory_studio

# Every line is covered by other tests, and tracing makes the tests three times as slow.
pytestmark = pytest.mark.untraced

TENANTS = ("acme", "zenith")

# By provider: what a picture costs, a little less than its estimate, and a limit for about ten.
_MONEY = {
    "openai": (Cost(30_000, "priced", "prices-1"), 500_000),
    "runware": (Cost(1_000, "reported"), 13_000),
}
_MACHINE = definition()

_REPLIES: dict[str, Reply] = {
    "rate limit": Throttled("rate_limit", "slow down", 30),
    "transient": Throttled("transient", "try again"),
    "moderation": Refused("moderation", "no such pictures"),
    "validation": Refused("validation", "not like this"),
    "no answer": OutcomeUnknown("nothing came back"),
    "crash": ConnectionError("the function died"),
}
_PAID_REPLIES: dict[str, Reply] = {
    "refused but charged": Refused("moderation", "no such pictures", Cost(10, "reported")),
    "no answer": OutcomeUnknown("nothing came back"),
    "crash": ConnectionError("the function died"),
}

_URL = "https://shop.test/lamp.png"
_SOURCES = (SourceRef(url=_URL),)
_PAGES: dict[str, Page | Exception] = {
    "picture": Page(a_picture()),
    "another picture": Page(a_picture(48)),
    "nothing": Page(b"", 404),
    "html": Page(b"<html></html>"),
    "no answer": TargetUnreachableError("timeout"),
}


class JobLives(RuleBasedStateMachine):
    """What callers, providers, AWS and time can do to jobs."""

    def __init__(self) -> None:
        super().__init__()
        self.studio: Studio
        self.limit: int
        self.provider_name: str
        self.orders: dict[tuple[str, str], tuple[JobRequest, KeyUse, str]] = {}
        self.alive: dict[str, tuple[Steps, Command]] = {}
        self.begun: set[str] = set()
        self.cancelled: dict[tuple[str, str], dict[int, int]] = {}
        self.broken: set[str] = set()
        self.expired: set[tuple[str, str]] = set()
        self.succeeded: set[tuple[str, int]] = set()
        self.prompts = 0
        self.keys = 0

    @initialize(askable=st.booleans(), polls=st.sampled_from([0, 2]))
    def open_the_studio(self, askable: bool, polls: int) -> None:
        self.provider_name = "runware" if askable else "openai"
        cost, self.limit = _MONEY[self.provider_name]
        provider = FakeProvider(askable=askable, polls=polls, cost=cost)
        self.studio = memory_studio(provider, monthly_limit=self.limit)
        self.studio.web.put(_URL, _PAGES["picture"])
        for tenant in TENANTS:
            self._create(tenant, images=2)

    # --- callers ------------------------------------------------------------------------------

    @precondition(lambda self: len(self.orders) < 4)
    @rule(tenant=st.sampled_from(TENANTS), images=st.integers(1, 3), sourced=st.booleans())
    def create(self, tenant: str, images: int, sourced: bool) -> None:
        self._create(tenant, images, _SOURCES if sourced else ())

    def _create(self, tenant: str, images: int, sources: tuple[SourceRef, ...] = ()) -> None:
        prompts = [f"picture {self.prompts + number}" for number in range(images)]
        self.prompts += images
        order = an_order(*prompts, provider=self.provider_name, sources=sources)
        order = with_article(self.studio, tenant, order)
        key = self._key()
        committed = self.studio.raw.ledger.committed(tenant, MONTH)
        try:
            job = self.studio.create(tenant, order, key)
        except BudgetExceededError as error:
            assert committed + error.requested > self.limit
        else:
            self.orders[tenant, job.job_id] = order, key, job.job_id

    @rule(data=st.data(), same_body=st.booleans())
    def create_again(self, data: Any, same_body: bool) -> None:
        (tenant, _), (order, key, answer) = data.draw(st.sampled_from(list(self.orders.items())))
        use = key if same_body else key._replace(body_hash="other")
        try:
            repeated = self.studio.submit(tenant, order, use)
        except IdempotencyKeyReusedError:
            assert not same_body
        else:
            assert same_body
            assert repeated == Replayed(answer)

    @rule(data=st.data())
    def cancel(self, data: Any) -> None:
        tenant, job_id = self._any_job(data)
        try:
            job = self.studio.cancel(tenant, job_id)
        except StateConflictError:
            assert self._job(tenant, job_id).status in TERMINAL_JOB
        else:
            assert job.status == "cancelling"
            items = self.studio.raw.jobs.load(tenant, job_id)[1]
            self.cancelled[tenant, job_id] = {item.number: item.attempt for item in items}

    @rule(data=st.data(), what=st.sampled_from(["failed", "unknown", "cancelled", "numbers"]))
    def redrive(self, data: Any, what: Any) -> None:
        tenant, job_id = self._any_job(data)
        selection = Selection(numbers=(1,)) if what == "numbers" else Selection(statuses=(what,))
        before = self._job(tenant, job_id)
        try:
            job = self.studio.redrive(tenant, job_id, self._key(), selection)
        except (StateConflictError, BudgetExceededError):
            assert self._job(tenant, job_id) == before
        else:
            assert before.status in TERMINAL_JOB
            assert job.run == before.run + 1
            self.cancelled.pop((tenant, job_id), None)

    @rule(data=st.data())
    def edit_a_slot(self, data: Any) -> None:
        tenant, job_id = self._any_job(data)
        (content_id,) = self._job(tenant, job_id).content_ids
        article = self.studio.raw.contents.load(tenant, content_id)
        slot, *others = article.slots
        prompt = f"{slot.prompt} again"
        changed = changed_slot(slot, others, {"prompt": prompt}, self.studio.clock())
        self.studio.raw.contents.put_slot(article.content, changed, slot)

    @rule(data=st.data())
    def start_a_claimed_content(self, data: Any) -> None:
        tenant, job_id = self._any_job(data)
        job = self._job(tenant, job_id)
        order = self.orders[tenant, job_id][0]
        with pytest.raises((StateConflictError, BudgetExceededError)):
            self.studio.create(tenant, order, self._key())
        assert self._job(tenant, job_id) == job

    @rule(data=st.data())
    def a_stranger_tries_everything(self, data: Any) -> None:
        _, job_id = self._any_job(data)
        not_found(self.studio.cancel, STRANGER, job_id)
        not_found(self.studio.redrive, STRANGER, job_id, self._key())
        for content_id in self._job(*self._any_job(data)).content_ids:
            not_found(self.studio.raw.contents.load, STRANGER, content_id)

    # --- the provider -------------------------------------------------------------------------

    @rule(name=st.sampled_from(sorted(_REPLIES)))
    def the_next_call_goes_wrong(self, name: str) -> None:
        self.studio.provider.replies.append(_REPLIES[name])

    @rule(name=st.sampled_from(sorted(_PAID_REPLIES)))
    def the_next_paid_call_goes_wrong(self, name: str) -> None:
        self.studio.provider.paid_replies.append(_PAID_REPLIES[name])

    # --- the web ------------------------------------------------------------------------------

    @rule(name=st.sampled_from(sorted(_PAGES)))
    def the_address_shows_something_else(self, name: str) -> None:
        self.studio.web.put(_URL, _PAGES[name])

    # --- AWS ----------------------------------------------------------------------------------

    @precondition(lambda self: self.running)
    @rule(data=st.data(), steps=st.integers(1, 12))
    def an_execution_goes_on(self, data: Any, steps: int) -> None:
        self._go_on(data.draw(st.sampled_from(self.running)), steps)

    @precondition(lambda self: self.running)
    @rule(steps=st.integers(1, 40))
    def all_executions_go_on(self, steps: int) -> None:
        for name in self.running:
            self._go_on(name, steps)

    @precondition(lambda self: self.running)
    @rule()
    def executions_run_to_their_end(self) -> None:
        for name in self.running:
            self._go_on(name, 1000)

    @precondition(lambda self: self.running)
    @rule(data=st.data(), announced=st.booleans())
    def an_execution_dies(self, data: Any, announced: bool) -> None:
        name = data.draw(st.sampled_from(self.running))
        self.alive.pop(name, None)
        self.studio.workflow.ended.add(name)
        if announced:
            self._tolerating_conflicts(
                lambda: self.studio.invoke("FinishJob", self._document(name))
            )

    @precondition(lambda self: self.studio.delivered)
    @rule(data=st.data())
    def an_event_comes_again(self, data: Any) -> None:
        function, payload = data.draw(st.sampled_from(self.studio.delivered))
        self._tolerating_conflicts(lambda: self.studio.invoke(function, payload))

    @rule(
        function=st.sampled_from(
            ["StartJob", "PrepareSource", "PostProcess", "SaveImage", "FailImage"]
        )
    )
    def a_function_breaks(self, function: str) -> None:
        self.broken.add(function)

    @rule()
    def functions_work_again(self) -> None:
        self.broken.clear()

    @rule()
    def the_sweeper_sweeps(self) -> None:
        self.studio.sweep()

    @rule()
    def staged_bytes_expire(self) -> None:
        """Take away what was staged for jobs that ended, as the bucket does after two weeks."""
        blobs = self.studio.raw.blobs
        assert isinstance(blobs, FakeBlobStore)
        for tenant, job_id in self.orders:
            if self._job(tenant, job_id).finished_at is not None:
                folder = f"staging/{tenant}/{job_id}/"
                for key in [key for key in blobs.blobs if key.startswith(folder)]:
                    del blobs.blobs[key]
                    self.expired.add((tenant, job_id))

    @rule(seconds=st.sampled_from([1, 30, 120, 700]))
    def time_passes(self, seconds: int) -> None:
        self.studio.clock.advance(seconds)

    # --- invariants ---------------------------------------------------------------------------

    @invariant()
    def the_books_are_kept(self) -> None:
        keep_books(self.studio, self.orders)
        self._no_picture_was_paid_twice()
        for tenant in TENANTS:
            assert self.studio.raw.ledger.committed(tenant, MONTH) <= self.limit
            self._nothing_was_paid_that_was_not_held(tenant)
            listed = {
                job.job_id for job in self.studio.raw.jobs.page(tenant, EVERY_JOB, 100, None).jobs
            }
            assert listed == {job_id for owner, job_id in self.orders if owner == tenant}

    @invariant()
    def what_was_cancelled_begins_no_more_calls(self) -> None:
        for (tenant, job_id), attempts in self.cancelled.items():
            for item in self.studio.raw.jobs.load(tenant, job_id)[1]:
                assert item.attempt == attempts[item.number]

    @invariant()
    def a_finished_picture_stays(self) -> None:
        now = {
            (job_id, item.number)
            for tenant, job_id in self.orders
            for item in self.studio.raw.jobs.load(tenant, job_id)[1]
            if item.status == "succeeded"
        }
        assert self.succeeded <= now
        self.succeeded = now

    def teardown(self) -> None:
        """Let everything come to rest; then every job has ended (P1)."""
        self.broken.clear()
        self.studio.web.put(_URL, _PAGES["picture"])
        self.studio.provider.replies.clear()
        self.studio.provider.paid_replies.clear()
        while self.running:
            self._step(self.running[0])
        for tenant, job_id in self.orders:
            Engine(self.studio).settle(tenant, job_id)
            is_over(*self.studio.raw.jobs.load(tenant, job_id))
        self.the_books_are_kept()

    # --- hands --------------------------------------------------------------------------------

    @property
    def running(self) -> list[str]:
        return self.studio.workflow.running()

    def _go_on(self, name: str, steps: int) -> None:
        for _ in range(steps):
            if name in self.studio.workflow.ended:
                return
            self._step(name)

    def _step(self, name: str) -> None:
        """Let an execution do one thing."""
        try:
            if name not in self.begun:
                self.begun.add(name)
                steps = Interpreter(_MACHINE, set()).run(self._document(name))
                self.alive[name] = steps, next(steps)
                return
            steps, command = self.alive[name]
            self.alive[name] = steps, obey(steps, command, self._invoke, self._sleep)
        except StopIteration:
            self.studio.workflow.ended.add(name)
        except ExecutionFailedError:
            self.studio.workflow.ended.add(name)
            self.studio.invoke("FinishJob", self._document(name))

    def _invoke(self, function: str, payload: dict[str, Any]) -> object:
        if function in self.broken:
            raise ConnectionError(f"{function} is broken")
        return self.studio.invoke(function, payload)

    def _sleep(self, seconds: float) -> None:
        self.studio.clock.advance(seconds)

    def _document(self, name: str) -> dict[str, Any]:
        started: Started = self.studio.workflow.executions[name]
        return {"tenant": started.tenant, "job_id": started.job_id, "run": started.run}

    def _tolerating_conflicts(self, act: Callable[[], object]) -> None:
        """Do what AWS would do again if it raised."""
        with suppress(StudioError, ConnectionError):
            act()

    def _nothing_was_paid_that_was_not_held(self, tenant: str) -> None:
        """P3; the pictures of this model never cost more than their estimate."""
        for owner, job_id in self.orders:
            for entry in self.studio.raw.ledger.entries(owner, job_id):
                if owner == tenant and entry.type == "settle":
                    assert (entry.amount or 0) <= entry.reserved

    def _no_picture_was_paid_twice(self) -> None:
        """P2; only bytes that expired before they were used may be made anew."""
        for tenant, job_id in self.orders.keys() - self.expired:
            pictures = Counter(
                entry.item
                for entry in self.studio.raw.ledger.entries(tenant, job_id)
                if entry.type == "settle" and entry.amount == self.studio.provider.cost.micros
            )
            assert all(count == 1 for count in pictures.values())

    def _any_job(self, data: Any) -> tuple[str, str]:
        found: tuple[str, str] = data.draw(st.sampled_from(list(self.orders)))
        return found

    def _job(self, tenant: str, job_id: str) -> Job:
        return self.studio.raw.jobs.get(tenant, job_id)

    def _key(self) -> KeyUse:
        self.keys += 1
        return a_key(f"key-{self.keys}")


JobLives.TestCase.settings = settings(
    max_examples=120,
    stateful_step_count=40,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
TestJobLives = JobLives.TestCase
