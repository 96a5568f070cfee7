"""CallLimitStore on DynamoDB: a record per provider account and model (Catalog, pk RATE#{bucket}).

- Take a token and read the breaker: one conditional UpdateItem that returns the record, and a
  second one if the bucket was idle.
- The same without a rate limit: one GetItem, eventually consistent, half a read unit.
- Write a move of the breaker: one UpdateItem on condition of the version before the move.
- Read many: one BatchGetItem for each hundred.

The bucket is one number, the time (epoch milliseconds) at which it is full again. Times of the
breaker are milliseconds too. A member that the breaker does not have is not in the record.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from studio.adapters.dynamodb.base import Attributes, batch_get, decode, encode, write
from studio.adapters.dynamodb.writes import condition_failed
from studio.domain.routing.breaker import Breaker
from studio.domain.routing.bucket import BURST, Bucket, interval
from studio.ports.routing import TokenResult

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_KEPT_SECONDS = 86_400
_PREFIX = "RATE#"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True)
class DynamoCallLimitStore:
    """Buckets and breakers of the Catalog table."""

    client: "DynamoDBClient"
    table: str

    def acquire(self, bucket: str, per_minute: int | None, at: datetime) -> TokenResult:
        """Take a token if the breaker is closed, and return the state of the breaker."""
        if per_minute is None:
            return self._unlimited(bucket, at)
        now, step = _milliseconds(at), interval(per_minute)
        latest = _milliseconds(at + max(BURST, step) - step)
        taken, row = self._write(
            bucket,
            condition="#full_at BETWEEN :now AND :latest AND attribute_not_exists(#opened_at)",
            values={"now": now, "latest": latest},
            adds={"full_at": step // _MILLISECOND},
        )
        if taken:
            return TokenResult(0, _breaker(row))
        if "opened_at" in row:
            return TokenResult(_bucket(row).wait(per_minute, at), _breaker(row))
        taken, row = self._write(
            bucket,
            condition="attribute_not_exists(#full_at) OR #full_at < :now",
            values={"now": now},
            sets={
                "full_at": _milliseconds(at + step),
                "per_minute": per_minute,
                "expires_at": _expires(at),
            },
        )
        if taken:
            return TokenResult(0, _breaker(row))
        # Another caller took the idle bucket first; the next try of this one finds room.
        return TokenResult(max(1, _bucket(row).wait(per_minute, at)), _breaker(row))

    def pause_until(self, bucket: str, seconds: int, at: datetime) -> None:
        """Refuse all calls for ``seconds``."""
        until = at + timedelta(seconds=seconds) + BURST
        self._write(
            bucket,
            condition="attribute_not_exists(#full_at) OR #full_at < :until",
            values={"until": _milliseconds(until)},
            sets={"full_at": _milliseconds(until), "expires_at": _expires(until)},
        )

    def swap(self, bucket: str, before: Breaker, after: Breaker, at: datetime) -> Breaker | None:
        """Write a move of a breaker; return the present state if another move came first."""
        record = _record(after)
        swapped, row = self._write(
            bucket,
            condition="attribute_not_exists(#version) OR #version = :seen",
            values={"seen": before.version},
            sets={**record, "expires_at": _expires(at)},
            removes=tuple(name for name, value in record.items() if value is None),
        )
        return None if swapped else _breaker(row)

    def read(self, buckets: Collection[str]) -> Mapping[str, Bucket]:
        """Return the buckets that were called lately, by name."""
        keys = [encode(_key(name)) for name in sorted(set(buckets))]
        rows = batch_get(self.client, self.table, keys)
        return {row["pk"].removeprefix(_PREFIX): _bucket(row) for row in rows}

    def _unlimited(self, bucket: str, at: datetime) -> TokenResult:
        answer = self.client.get_item(TableName=self.table, Key=encode(_key(bucket)))
        if "Item" not in answer:
            # Once a day, so that each account that is called has a record.
            self._write(bucket, sets={"expires_at": _expires(at)})
        row = _bucket(decode(answer.get("Item", {})))
        return TokenResult(row.wait(None, at), row.breaker)

    def _write(self, bucket: str, **change: Any) -> tuple[bool, Attributes]:  # noqa: ANN401 - passed on
        """Write if the condition holds; return whether it held, and the present record."""
        request = write(self.table, _key(bucket), **change)
        try:
            answer = self.client.update_item(
                **request, ReturnValues="ALL_NEW", ReturnValuesOnConditionCheckFailure="ALL_OLD"
            )
        except ClientError as error:
            if not condition_failed(error):
                raise
            response: dict[str, Any] = {**error.response}
            return False, decode(response.get("Item", {}))
        return True, decode(answer["Attributes"])


def _key(bucket: str) -> dict[str, str]:
    return {"pk": f"{_PREFIX}{bucket}", "sk": "BUCKET"}


def _bucket(row: Attributes) -> Bucket:
    return Bucket(_time(row.get("full_at")), row.get("per_minute"), _breaker(row))


def _record(breaker: Breaker) -> dict[str, object]:
    return {
        "version": breaker.version,
        "failures": breaker.failures or None,
        "failing_since": _number(breaker.failing_since),
        "opened_at": _number(breaker.opened_at),
        "trips": breaker.trips or None,
        "probe_until": _number(breaker.probe_until),
        "error_kind": breaker.error_kind,
        "error_at": _number(breaker.error_at),
    }


def _breaker(row: Attributes) -> Breaker:
    return Breaker(
        version=row.get("version", 0),
        failures=row.get("failures", 0),
        failing_since=_time(row.get("failing_since")),
        opened_at=_time(row.get("opened_at")),
        trips=row.get("trips", 0),
        probe_until=_time(row.get("probe_until")),
        error_kind=row.get("error_kind"),
        error_at=_time(row.get("error_at")),
    )


def _milliseconds(at: datetime) -> int:
    return (at - _EPOCH) // _MILLISECOND


def _number(at: datetime | None) -> int | None:
    return None if at is None else _milliseconds(at)


def _time(milliseconds: int | None) -> datetime | None:
    return None if milliseconds is None else _EPOCH + milliseconds * _MILLISECOND


def _expires(at: datetime) -> int:
    return _milliseconds(at) // 1000 + _KEPT_SECONDS
