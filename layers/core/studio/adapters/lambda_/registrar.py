"""Registrar on Lambda: the function that decodes is asked to look at once."""

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from studio.errors import RegistrarUnavailableError

if TYPE_CHECKING:
    from mypy_boto3_lambda import LambdaClient


@dataclass(frozen=True, slots=True)
class LambdaRegistrar:
    """The function register_upload."""

    client: "LambdaClient"
    function: str

    def register(self, key: str) -> None:
        """Have the object at a key registered, and wait for it."""
        try:
            answer = self.client.invoke(
                FunctionName=self.function, Payload=json.dumps({"key": key}).encode()
            )
        except (ClientError, BotoCoreError) as error:
            raise RegistrarUnavailableError("the upload is being looked at; ask again") from error
        if "FunctionError" in answer:
            raise RegistrarUnavailableError("the upload could not be looked at yet; ask again")
