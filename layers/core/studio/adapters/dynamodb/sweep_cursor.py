"""SweepCursor on DynamoDB: one record of the Catalog table, pk SWEEP, sk JOBS."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from studio.adapters.dynamodb.base import read, write

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_KEY = {"pk": "SWEEP", "sk": "JOBS"}


@dataclass(frozen=True, slots=True)
class DynamoSweepCursor:
    """Where the newest sweep of jobs stopped. The last writer decides, because a sweep repeats."""

    client: "DynamoDBClient"
    table: str

    def read(self) -> tuple[str, str] | None:
        """Return the tenant and id of the last job that was looked at, None for the beginning."""
        row = read(self.client, self.table, _KEY) or {}
        return (row["tenant"], row["job_id"]) if "job_id" in row else None

    def write(self, after: tuple[str, str] | None) -> None:
        """Keep where the next sweep goes on, None for the beginning."""
        place = {"tenant": after[0], "job_id": after[1]} if after else {}
        self.client.put_item(**write(self.table, _KEY, put=place))
