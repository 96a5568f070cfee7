"""DownloadBuilder on an asynchronous invocation."""

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mypy_boto3_lambda import LambdaClient


@dataclass(frozen=True, slots=True)
class LambdaDownloadBuilder:
    """The function build_download, called without waiting for it."""

    client: "LambdaClient"
    function: str

    def start(self, tenant: str, download_id: str) -> None:
        """Have a download packed; Lambda tries a call that fails twice more, then keeps it."""
        self.client.invoke(
            FunctionName=self.function,
            InvocationType="Event",
            Payload=json.dumps({"tenant": tenant, "download_id": download_id}),
        )
