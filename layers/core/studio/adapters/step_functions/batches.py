"""BatchWorkflow on Step Functions."""

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from studio.adapters.step_functions.jobs import execution_state
from studio.domain.batches.manifest import lane_name
from studio.domain.batches.model import Batch, execution_name
from studio.errors import UnavailableError
from studio.ports.jobs import ExecutionState

if TYPE_CHECKING:
    from mypy_boto3_stepfunctions import SFNClient


@dataclass(frozen=True, slots=True)
class StepFunctionsBatchWorkflow:
    """Executions of run_batch; the input is ids and the keys of the lanes."""

    client: "SFNClient"
    state_machine_arn: str

    def start(self, batch: Batch) -> None:
        """Start the execution of the batch's run."""
        name = execution_name(batch.batch_id, batch.run)
        lanes = [batch.key(lane_name(batch.run, lane)) for lane in range(batch.concurrency)]
        wanted = {
            "tenant": batch.tenant,
            "batch_id": batch.batch_id,
            "run": batch.run,
            "lanes": lanes,
        }
        try:
            self.client.start_execution(
                stateMachineArn=self.state_machine_arn, name=name, input=json.dumps(wanted)
            )
        except ClientError as error:
            if error.response.get("Error", {}).get("Code") != "ExecutionAlreadyExists":
                raise UnavailableError(f"could not start {name}") from error
        except BotoCoreError as error:
            raise UnavailableError(f"could not start {name}") from error

    def state(self, name: str) -> ExecutionState:
        """Return whether an execution is running, has ended, or does not exist."""
        return execution_state(self.client, self.state_machine_arn, name)
