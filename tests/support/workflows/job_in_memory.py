"""A job in memory, and the steps of the workflow as calls."""

from collections import deque
from dataclasses import dataclass
from datetime import timedelta

from studio.domain.jobs.image_spec import SourceRef
from studio.domain.jobs.model import Item, Job
from studio.services.workflow.steps import ImageTask, StepResult
from tests.support.builders import TENANT, a_key, an_order, unique
from tests.support.fakes.provider import FakeProvider, Reply
from tests.support.workflows.engine import Engine
from tests.support.workflows.jobs import Studio, memory_studio


@dataclass
class Harness:
    """One job and the studio it lives in."""

    studio: Studio
    job_id: str

    @property
    def job(self) -> Job:
        return self.studio.raw.jobs.get(TENANT, self.job_id)

    @property
    def items(self) -> tuple[Item, ...]:
        return self.studio.raw.jobs.load(TENANT, self.job_id)[1]

    def item(self, number: int = 1) -> Item:
        return self.studio.raw.jobs.get_item(TENANT, self.job_id, number)

    def task(self, number: int = 1, *, attempt: int = 0, round: int = 0) -> ImageTask:
        run = self.job.run
        return ImageTask(TENANT, self.job_id, number, run=run, attempt=attempt, round=round)

    def call(self, number: int = 1, *, round: int = 0) -> StepResult:
        return self.studio.call_provider.run(self.task(number, round=round))

    def prepare(self, number: int = 1) -> StepResult:
        return self.studio.prepare_source.run(self.task(number))

    def finish(self, *, asked: bool = False) -> str:
        return self.studio.finish_job.run(TENANT, self.job_id, self.job.run, asked=asked)

    def run(self) -> Job:
        """Run the execution to its end."""
        Engine(self.studio).run_executions()
        return self.job

    def later(self, **span: float) -> None:
        self.studio.clock.advance(timedelta(**span).total_seconds())


def bench(
    *prompts: str | None,
    provider: str = "openai",
    vendor: FakeProvider | None = None,
    replies: tuple[Reply, ...] = (),
    limit: int | None = None,
    max_cost: int | None = None,
    sources: tuple[SourceRef, ...] = (),
    strength: str | None = None,
    fallback: tuple[tuple[str, str | None], ...] = (),
) -> Harness:
    """Create a job of one image per prompt."""
    studio = memory_studio(vendor or FakeProvider(replies=deque(replies)), monthly_limit=limit)
    order = an_order(
        *prompts, provider=provider, max_cost=max_cost, sources=sources, strength=strength,
        fallback=fallback,
    )  # fmt: skip
    job = studio.create(TENANT, order, a_key(unique("key")))
    return Harness(studio, job.job_id)
