"""Every sample event of the workflow does its work on the real handler."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from studio.adapters.dynamodb.jobs import DynamoJobStore
from studio.clock import utc_now
from studio.config import Tables
from studio.domain.orders.request import ImageRequest, JobRequest
from studio.services.jobs.create_job import CreateJob
from studio.services.jobs.key_use import KeyUse
from tests.support.builders import TODAY
from tests.support.mock_aws.environment import sample
from tests.support.mock_aws.stack import ASSETS, JOBS, LEDGER, ROOT, clients
from tests.support.mock_aws.workflow import Workflow, running

SAMPLES = {path.stem for path in (ROOT / "events").glob("*.json")}
STEPS = {
    "start_job", "call_provider", "prepare_source", "post_process", "save_image",
    "fail_image", "finish_job",
}  # fmt: skip


@pytest.fixture
def workflow() -> Iterator[Workflow]:
    with running() as started:
        yield started


@pytest.fixture
def store(workflow: Workflow) -> DynamoJobStore:
    return DynamoJobStore(clients().dynamodb, Tables(JOBS, ASSETS, LEDGER))


class NoWorkflow:
    def start(self, name: str, *, tenant: str, job_id: str, run: int) -> None:
        """Leave it to the events."""

    def state(self, name: str) -> Any:
        return "absent"


def given_the_job_of_the_samples(store: DynamoJobStore) -> None:
    """Write the job that the events speak of, under their id."""

    class Renamed:
        def create(
            self, job: Any, items: Any, reservation: Any, idempotency: Any, claims: Any
        ) -> None:
            name = sample("process_job")["job_id"]
            entry = replace(reservation.entry, job_id=name)
            store.create(
                replace(job, job_id=name),
                [replace(item, job_id=name) for item in items],
                reservation._replace(entry=entry),
                idempotency,
                claims,
            )

    CreateJob(
        jobs=Renamed(),  # type: ignore[arg-type]
        workflow=NoWorkflow(),
        now=lambda: utc_now() - timedelta(minutes=5),
        monthly_limit=None,
        answer=lambda _: "{}",
    ).run(
        "demo",
        JobRequest("generate", [ImageRequest("a sample", 64, 64)], "builtin", "ann", TODAY),
        KeyUse("POST /v1/jobs", "sample", "hash"),
    )


def test_the_samples_of_the_steps_carry_a_job_to_its_end(
    workflow: Workflow, store: DynamoJobStore
) -> None:
    given_the_job_of_the_samples(store)
    handlers = workflow.functions.handlers

    def step(name: str, handler: str) -> Any:
        return handlers[handler].lambda_handler(sample(name), _Context())

    assert step("start_job", "StartJob") == {"items": [1]}
    assert step("prepare_source", "PrepareSource")["outcome"] == "prepared"
    assert step("call_provider", "CallProvider")["outcome"] == "generated"
    rendered = step("post_process", "PostProcess")
    assert rendered["outcome"] == "rendered"
    wanted = sample("save_image")["step"]
    assert rendered.keys() == wanted.keys()
    assert rendered["image"]["key"] == wanted["image"]["key"]
    assert step("save_image", "SaveImage")["outcome"] == "succeeded"
    assert step("fail_image", "FailImage")["outcome"] == "failed"
    assert step("finish_job", "FinishJob") == {"status": "succeeded"}
    # A late event of the same execution changes nothing.
    assert step("execution_aborted", "FinishJob") == {"status": "succeeded"}


def test_the_sample_of_a_dead_execution_ends_its_job(
    workflow: Workflow, store: DynamoJobStore
) -> None:
    given_the_job_of_the_samples(store)
    handler = workflow.functions.handlers["FinishJob"]
    event = sample("execution_aborted")
    assert handler.lambda_handler(event, _Context()) == {"status": "failed"}
    job = store.get("demo", sample("process_job")["job_id"])
    assert (job.counts.failed, job.finished_at is not None) == (1, True)


def test_there_is_a_sample_for_every_entry_point() -> None:
    folders = {path.parent.name for path in (ROOT / "functions").glob("*/handler.py")}
    assert folders - {"api"} <= SAMPLES
    assert STEPS <= SAMPLES


class _Context:
    function_name = "step"
    memory_limit_in_mb = 256
    invoked_function_arn = "arn:aws:lambda:eu-central-1:123456789012:function:step"
    aws_request_id = str(datetime(2026, 11, 21, tzinfo=UTC))
