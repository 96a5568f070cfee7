"""FunctionInvoker on Lambda."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from studio.errors import UnavailableError

if TYPE_CHECKING:
    from mypy_boto3_lambda import LambdaClient


@dataclass(frozen=True, slots=True)
class LambdaInvoker:
    """One function of the stack, by its name.

    Attributes:
        client: For ``call`` a client whose read time-out is longer than the function's own.
        function: Name of the function.
    """

    client: "LambdaClient"
    function: str

    def call(self, payload: Mapping[str, object]) -> dict[str, Any]:
        """Run the function and return its answer."""
        try:
            answer = self.client.invoke(FunctionName=self.function, Payload=json.dumps(payload))
            document: dict[str, Any] = json.loads(answer["Payload"].read())
        except (ClientError, BotoCoreError, ValueError) as error:
            raise UnavailableError(f"{self.function} gave no answer") from error
        if answer.get("FunctionError"):
            raise UnavailableError(f"{self.function} failed")
        return document

    def send(self, payload: Mapping[str, object]) -> None:
        """Queue a run; Lambda repeats a failed one twice, then keeps it in the DLQ."""
        self.client.invoke(
            FunctionName=self.function, InvocationType="Event", Payload=json.dumps(payload)
        )
