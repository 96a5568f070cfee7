"""BatchWorkflow."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import pytest

from studio.adapters.step_functions.batches import StepFunctionsBatchWorkflow
from studio.domain.batches.model import Batch
from studio.domain.jobs.model import Counts
from studio.errors import UnavailableError
from studio.ports.batches import BatchWorkflow
from tests.support.fakes.batches import FakeBatchWorkflow
from tests.support.fakes.edges import START
from tests.support.mock_aws.stack import RUN_BATCH_ARN, mock_stack

_EXECUTIONS = RUN_BATCH_ARN.replace(":stateMachine:", ":execution:")
BATCH = Batch(
    "acme", "bat_1", "imp_1", None, START, "ann", total=20, images=Counts(20), concurrency=2
)


@dataclass(frozen=True, slots=True)
class Subject:
    """A workflow, how its executions are ended, and where no state machine is."""

    workflow: BatchWorkflow
    end: Callable[[str], object]
    unavailable: BatchWorkflow


@pytest.fixture(params=["memory", "aws"])
def subject(request: pytest.FixtureRequest) -> Iterator[Subject]:
    if request.param == "memory":
        fake = FakeBatchWorkflow()
        yield Subject(fake, fake.ended.add, FakeBatchWorkflow(available=False))
        return
    with mock_stack() as here:
        client = here.step_functions
        yield Subject(
            StepFunctionsBatchWorkflow(client, RUN_BATCH_ARN),
            lambda name: client.stop_execution(executionArn=f"{_EXECUTIONS}:{name}"),
            StepFunctionsBatchWorkflow(client, f"{RUN_BATCH_ARN}Gone"),
        )


@pytest.mark.parametrize(("run", "name"), [(1, "bat_1"), (2, "bat_1-run2")])
def test_a_run_is_started_once_under_its_own_name(subject: Subject, run: int, name: str) -> None:
    batch = replace(BATCH, run=run)
    assert subject.workflow.state(name) == "absent"
    for _ in range(2):
        subject.workflow.start(batch)
        assert subject.workflow.state(name) == "running"
    subject.end(name)
    subject.workflow.start(batch)
    assert subject.workflow.state(name) == "ended"


def test_a_start_that_fails_is_told(subject: Subject) -> None:
    with pytest.raises(UnavailableError):
        subject.unavailable.start(BATCH)


def test_the_input_is_ids_and_lanes_however_long_the_batch_is() -> None:
    with mock_stack() as here:
        long = replace(BATCH, total=10_000, concurrency=10)
        StepFunctionsBatchWorkflow(here.step_functions, RUN_BATCH_ARN).start(long)
        found = here.step_functions.describe_execution(executionArn=f"{_EXECUTIONS}:bat_1")
    wanted = json.loads(found["input"])
    assert wanted["lanes"][:1] == ["batches/acme/bat_1/1/lane-00.jsonl"]
    assert len(wanted["lanes"]) == 10
    assert (wanted["tenant"], wanted["batch_id"], wanted["run"]) == ("acme", "bat_1", 1)
    assert len(found["input"]) < 1_000
