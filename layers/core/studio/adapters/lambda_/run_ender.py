"""RunEnder on asynchronous invocations."""

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from mypy_boto3_lambda import LambdaClient


@dataclass(frozen=True, slots=True)
class LambdaRunEnder:
    """The function finish_job or finish_batch, called without waiting for it.

    Attributes:
        member: What the function's event calls the id.
    """

    client: "LambdaClient"
    function: str
    member: Literal["job_id", "batch_id"]

    def end(self, tenant: str, owner_id: str, run: int) -> None:
        """Have a run ended; Lambda tries a call that fails again, then keeps it in the DLQ."""
        wanted = {"tenant": tenant, self.member: owner_id, "run": run}
        self.client.invoke(
            FunctionName=self.function, InvocationType="Event", Payload=json.dumps(wanted)
        )
