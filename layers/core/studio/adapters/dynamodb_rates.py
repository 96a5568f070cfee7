"""RateLimiter on DynamoDB: one record per provider account (table Catalog, pk RATE#{bucket}).

The bucket is kept as one number, the time (epoch milliseconds) at which it would be full again;
each call moves it one interval further. Up to a burst of that lead may be used at once. One
conditional write takes a token; nobody waits inside a function.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from studio.adapters.dynamodb import condition_failed, decode, write

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_BURST_SECONDS = 10
_KEPT_SECONDS = 86_400


@dataclass(frozen=True, slots=True)
class DynamoRateLimiter:
    """Buckets of the Catalog table."""

    client: "DynamoDBClient"
    table: str

    def acquire(self, bucket: str, per_minute: int, at: datetime) -> int:
        """Take a token; return 0, or how many seconds to wait where none is left."""
        now = _milliseconds(at)
        interval = 60_000 // per_minute
        horizon = now + max(_BURST_SECONDS * 1000, interval)
        busy = self._write(
            bucket,
            condition="#full_at BETWEEN :now AND :latest",
            values={"now": now, "latest": horizon - interval},
            adds={"full_at": interval},
        )
        if busy is None:
            return 0
        idle = self._write(
            bucket,
            condition="attribute_not_exists(#full_at) OR #full_at < :now",
            values={"now": now},
            sets={"full_at": now + interval, "expires_at": now // 1000 + _KEPT_SECONDS},
        )
        if idle is None:
            return 0
        # Two that find the bucket idle race for it; there is room for the loser at his next try.
        return max(1, -(-(idle + interval - horizon) // 1000))

    def hold_off(self, bucket: str, seconds: int, at: datetime) -> None:
        """Let nobody call for so many seconds."""
        until = _milliseconds(at) + (seconds + _BURST_SECONDS) * 1000
        self._write(
            bucket,
            condition="attribute_not_exists(#full_at) OR #full_at < :until",
            values={"until": until},
            sets={"full_at": until, "expires_at": until // 1000 + _KEPT_SECONDS},
        )

    def _write(self, bucket: str, **change: Any) -> int | None:  # noqa: ANN401 - passed on
        """Write if the condition holds (None), else return the time kept in the record."""
        request = write(self.table, {"pk": f"RATE#{bucket}", "sk": "BUCKET"}, **change)
        try:
            self.client.update_item(**request, ReturnValuesOnConditionCheckFailure="ALL_OLD")
        except ClientError as error:
            if not condition_failed(error):
                raise
            response: dict[str, Any] = {**error.response}
            full_at: int = decode(response.get("Item", {})).get("full_at", 0)
            return full_at
        return None


def _milliseconds(at: datetime) -> int:
    return round(at.timestamp() * 1000)
