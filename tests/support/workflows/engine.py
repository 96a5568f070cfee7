"""Runs the executions of a studio, sends their events, and repeats the calls of a client."""

from collections.abc import Callable
from dataclasses import dataclass, field

from studio.domain.jobs.model import Job
from studio.domain.orders.request import JobRequest
from studio.errors import BudgetExceededError
from studio.ports.jobs import Replayed
from studio.services.jobs.key_use import KeyUse
from studio.services.jobs.redrive_job import Selection
from tests.support.fakes.edges import Started
from tests.support.workflows.asl import (
    ExecutionDied,
    ExecutionFailedError,
    Interpreter,
    definition,
    drive,
)
from tests.support.workflows.jobs import Studio

_CRASHES = (Exception, ExecutionDied)
# An API call, an asynchronous invocation: all of them are tried again a few times.
_ATTEMPTS = 12
_ROUNDS = 16


@dataclass
class Engine:
    """Caller of the services: the state machine, the event bus, the sweeper and a client.

    Attributes:
        announces_deaths: Whether the death of an execution reaches FinishJob as an event.
        visited: States that were entered.
    """

    studio: Studio
    announces_deaths: bool = True
    visited: set[str] = field(default_factory=set)

    def run_executions(self) -> None:
        """Run every execution that was started and is not over."""
        for name in self.studio.workflow.running():
            self._run(name, self.studio.workflow.executions[name])

    def live(self, tenant: str, order: JobRequest, key: KeyUse) -> Job:
        """Order images and do what a caller does until nothing fails any more.

        Images whose outcome is unknown stay so: to pay again is the caller's word to give.
        """
        job_id = self._insist(lambda: _job_id(self.studio.submit(tenant, order, key)))
        return self.settle(tenant, job_id)

    def settle(self, tenant: str, job_id: str) -> Job:
        """Let time pass, executions run and the sweeper sweep; redrive what failed."""
        for turn in range(_ROUNDS):
            self.run_executions()
            self.studio.clock.advance(900)
            self.sweep()
            job = self.studio.raw.jobs.get(tenant, job_id)
            if job.finished_at is None:
                continue
            if not job.counts.failed:
                return job
            key = KeyUse("POST redrive", f"redrive-{turn}-{job_id}", "failed")
            try:
                self.redrive(tenant, job_id, key, Selection())
            except BudgetExceededError:
                # The month has no room for another try, so the images stay failed.
                return job
        raise AssertionError(f"{job_id} never came to rest: {job}")

    def redrive(self, tenant: str, job_id: str, key: KeyUse, selection: Selection) -> None:
        """Run images again, as a caller who repeats what got no answer."""
        self._insist(lambda: _job_id(self.studio.submit_redrive(tenant, job_id, key, selection)))

    def sweep(self) -> None:
        """Let the schedule fire; if the sweeper dies, it fires again."""
        self._insist(lambda: str(self.studio.sweep()))

    def dead_execution(self, started: Started) -> None:
        """Deliver the event about an execution that died."""
        payload = {"tenant": started.tenant, "job_id": started.job_id, "run": started.run}
        self._insist(lambda: str(self.studio.invoke("FinishJob", payload)))

    def _run(self, name: str, started: Started) -> None:
        document = {"tenant": started.tenant, "job_id": started.job_id, "run": started.run}
        steps = Interpreter(definition(), self.visited).run(document)
        alive = True
        try:
            drive(steps, self.studio.invoke, self.studio.clock.advance)
        except (ExecutionFailedError, ExecutionDied):
            alive = False
        self.studio.workflow.ended.add(name)
        if not alive and self.announces_deaths:
            self.dead_execution(started)

    def _insist(self, act: Callable[[], str]) -> str:
        """Do something until it is answered."""
        for _ in range(_ATTEMPTS):
            try:
                return act()
            except BudgetExceededError:
                raise
            except _CRASHES as error:
                crash = error
        raise AssertionError("never answered") from crash


def _job_id(made: Job | Replayed) -> str:
    return made.answer if isinstance(made, Replayed) else made.job_id
