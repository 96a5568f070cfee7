"""Workflow on Step Functions: the execution's name makes a start idempotent."""

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from studio.errors import UnavailableError
from studio.ports.jobs import ExecutionState

if TYPE_CHECKING:
    from mypy_boto3_stepfunctions import SFNClient


@dataclass(frozen=True, slots=True)
class StepFunctionsWorkflow:
    """Executions of process_job; the input is ids only, never prompts or bytes."""

    client: "SFNClient"
    state_machine_arn: str

    def start(self, name: str, *, tenant: str, job_id: str, run: int) -> None:
        """Start an execution; a second start of the same name changes nothing."""
        try:
            self.client.start_execution(
                stateMachineArn=self.state_machine_arn,
                name=name,
                input=json.dumps({"tenant": tenant, "job_id": job_id, "run": run}),
            )
        except ClientError as error:
            if error.response.get("Error", {}).get("Code") != "ExecutionAlreadyExists":
                raise UnavailableError(f"could not start {name}") from error
        except BotoCoreError as error:
            raise UnavailableError(f"could not start {name}") from error

    def state(self, name: str) -> ExecutionState:
        """Return whether an execution is running, has ended, or does not exist."""
        return execution_state(self.client, self.state_machine_arn, name)


def execution_state(client: "SFNClient", state_machine_arn: str, name: str) -> ExecutionState:
    """Return whether an execution of a state machine is running, has ended, or does not exist."""
    arn = state_machine_arn.replace(":stateMachine:", ":execution:") + f":{name}"
    try:
        status = client.describe_execution(executionArn=arn)["status"]
    except ClientError as error:
        if error.response.get("Error", {}).get("Code") == "ExecutionDoesNotExist":
            return "absent"
        raise
    return "running" if status == "RUNNING" else "ended"
