"""A DynamoDB client that refuses writes of rows in use, as AWS does and the mock never does."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock
from typing import TYPE_CHECKING, Any, cast

from botocore.exceptions import ClientError

from studio.adapters.dynamodb.writes import RETRY, WriteRetry
from tests.support.mock_aws.stack import clients

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

Row = tuple[str, str, str]

# What the contract suites of the stores run against.
BACKENDS = ("memory", "aws", "conflicts")
_SINGLE_WRITES = ("put_item", "update_item", "delete_item")


@dataclass
class Timer:
    """Time that passes only by waiting."""

    now: float = 0.0
    pauses: list[float] = field(default_factory=list)

    def sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.now += seconds

    def retry(self) -> WriteRetry:
        """Return the policy of the studio in this time."""
        return WriteRetry(sleep=self.sleep, clock=lambda: self.now)


@dataclass
class ConflictingDynamoDB:
    """A client over the mock's, with conflicts.

    Attributes:
        client: Does what is not refused.
        times: How often each write is refused before it is let through.
        hold_seconds: How long a transaction keeps its rows from all others.
        conflicts: How many writes were refused.
    """

    client: object
    times: int = 0
    hold_seconds: float = 0.0
    conflicts: int = 0
    _locked: dict[Row, float] = field(default_factory=dict)
    _refused: dict[frozenset[Row], int] = field(default_factory=dict)
    _mutex: Any = field(default_factory=Lock)

    def __getattr__(self, operation: str) -> Callable[..., object]:
        act = getattr(self.client, operation)

        def call(**request: Any) -> object:
            # The mock's writes are not whole under threads.
            with self._mutex:
                self._meet_others(operation, request)
                answer = act(**request)
                if operation == "transact_write_items":
                    self._keep(request)
                return answer

        return call

    def as_client(self) -> "DynamoDBClient":
        """Return this as what an adapter takes."""
        return cast("DynamoDBClient", self)

    @contextmanager
    def locked(self, table: str, key: Mapping[str, str]) -> Iterator[None]:
        """Keep a row from all writers."""
        row = (table, key["pk"], key["sk"])
        self._locked[row] = float("inf")
        yield
        del self._locked[row]

    def _meet_others(self, operation: str, request: dict[str, Any]) -> None:
        """Refuse a write if a row of it is in use.

        Raises:
            ClientError: as AWS words it: for a transaction with a reason for each action.
        """
        if operation == "transact_write_items":
            rows = [_row_of(action) for action in request["TransactItems"]]
        elif operation in _SINGLE_WRITES:
            rows = [_row(request)]
        else:
            return
        now = time.monotonic()
        in_use = [row for row in rows if self._locked.get(row, 0) > now]
        name = frozenset(rows)
        if not in_use and self._refused.get(name, 0) < self.times:
            self._refused[name] = self._refused.get(name, 0) + 1
            in_use = rows[:1]
        if in_use:
            self.conflicts += 1
            raise _conflict(operation, rows, in_use)
        self._refused.pop(name, None)

    def _keep(self, request: Mapping[str, Any]) -> None:
        """Keep the rows of a transaction from all others for a moment."""
        until = time.monotonic() + self.hold_seconds
        self._locked |= {_row_of(action): until for action in request["TransactItems"]}


def dynamodb_of(backend: str) -> tuple["DynamoDBClient", WriteRetry]:
    """Return the client and the policy of a backend; with ``conflicts`` each write meets two."""
    if backend == "conflicts":
        return ConflictingDynamoDB(clients().dynamodb, times=2).as_client(), Timer().retry()
    return clients().dynamodb, RETRY


def _conflict(operation: str, rows: Sequence[Row], in_use: Sequence[Row]) -> ClientError:
    if operation != "transact_write_items":
        return refusal("TransactionConflictException", operation)
    return cancelled(*("TransactionConflict" if row in in_use else "None" for row in rows))


def cancelled(*codes: str) -> ClientError:
    """Return the refusal of a transaction, with one reason per action."""
    return refusal(
        "TransactionCanceledException",
        "TransactWriteItems",
        CancellationReasons=[{"Code": code} for code in codes],
    )


def refusal(code: str, operation: str, **members: object) -> ClientError:
    """Return the refusal of a call."""
    answer: Any = {"Error": {"Code": code, "Message": code}, **members}
    return ClientError(answer, operation)


def _row_of(action: Mapping[str, dict[str, Any]]) -> Row:
    (request,) = action.values()
    return _row(request)


def _row(request: Mapping[str, Any]) -> Row:
    key = request.get("Key") or request["Item"]
    return request["TableName"], key["pk"]["S"], key["sk"]["S"]
