"""Workflow."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import boto3
import pytest
from botocore.config import Config

from studio.adapters.step_functions.jobs import StepFunctionsWorkflow
from studio.errors import UnavailableError
from studio.ports.jobs import Workflow
from tests.support.fakes.edges import FakeWorkflow
from tests.support.mock_aws.stack import REGION, STATE_MACHINE_ARN, clients, mock_stack

_EXECUTIONS = STATE_MACHINE_ARN.replace(":stateMachine:", ":execution:")


@dataclass(frozen=True, slots=True)
class Subject:
    """A workflow, how its executions are ended, and where no state machine is."""

    workflow: Workflow
    end: Callable[[str], object]
    unavailable: Workflow


@pytest.fixture(params=["memory", "aws"])
def subject(request: pytest.FixtureRequest) -> Iterator[Subject]:
    if request.param == "memory":
        fake = FakeWorkflow()
        yield Subject(fake, fake.ended.add, FakeWorkflow(available=False))
        return
    with mock_stack() as here:
        client = here.step_functions
        yield Subject(
            StepFunctionsWorkflow(client, STATE_MACHINE_ARN),
            lambda name: client.stop_execution(executionArn=f"{_EXECUTIONS}:{name}"),
            StepFunctionsWorkflow(client, f"{STATE_MACHINE_ARN}Gone"),
        )


def _start(workflow: Workflow, name: str = "job_1", run: int = 1) -> None:
    workflow.start(name, tenant="acme", job_id="job_1", run=run)


def test_an_execution_is_running_once_it_was_started(subject: Subject) -> None:
    assert subject.workflow.state("job_1") == "absent"
    _start(subject.workflow)
    assert subject.workflow.state("job_1") == "running"
    assert subject.workflow.state("job_1-run2") == "absent"


def test_an_execution_that_is_over_has_ended(subject: Subject) -> None:
    _start(subject.workflow)
    subject.end("job_1")
    assert subject.workflow.state("job_1") == "ended"


@pytest.mark.parametrize("run", [1, 2])
def test_a_second_start_of_a_name_changes_nothing(subject: Subject, run: int) -> None:
    _start(subject.workflow)
    _start(subject.workflow, run=run)
    assert subject.workflow.state("job_1") == "running"
    subject.end("job_1")
    _start(subject.workflow, run=run)
    assert subject.workflow.state("job_1") == "ended"


def test_a_start_that_fails_is_told(subject: Subject) -> None:
    with pytest.raises(UnavailableError):
        _start(subject.unavailable)


def test_the_input_is_ids_only() -> None:
    with mock_stack() as here:
        _start(StepFunctionsWorkflow(here.step_functions, STATE_MACHINE_ARN), run=1)
        found = here.step_functions.describe_execution(executionArn=f"{_EXECUTIONS}:job_1")
    assert json.loads(found["input"]) == {"tenant": "acme", "job_id": "job_1", "run": 1}


def test_no_answer_counts_as_not_started() -> None:
    client = boto3.client(
        "stepfunctions",
        region_name=REGION,
        endpoint_url="http://127.0.0.1:9",
        aws_access_key_id="testing",
        aws_secret_access_key="testing",
        config=Config(connect_timeout=1, retries={"total_max_attempts": 1}),
    )
    with pytest.raises(UnavailableError):
        _start(StepFunctionsWorkflow(client, STATE_MACHINE_ARN))


def test_what_a_state_cannot_tell_is_raised() -> None:
    with mock_stack():
        broken = StepFunctionsWorkflow(clients().step_functions, "no arn at all")
        with pytest.raises(clients().step_functions.exceptions.ClientError):
            broken.state("job_1")
