"""Counts the requests to AWS of a run, with hooks in the functions' clients."""

import json
import threading
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from benchmarks.dynamodb_units import Index, Record, indexes, read_units, write_units
from studio.adapters import clients as aws
from tests.support.mock_aws.stack import clients, tables, template

S3_PUTS = {"PutObject", "CopyObject", "ListObjectsV2"}
S3_GETS = {"GetObject", "HeadObject"}


@dataclass(frozen=True, slots=True)
class _Write:
    """A record that a request writes."""

    table: str
    key: dict[str, Any]
    before: Record | None
    factor: int


@dataclass(slots=True)
class Meter:
    """Counts of what AWS bills; ``calls`` are the requests by name."""

    used: Counter[str] = field(default_factory=Counter)
    units: dict[str, float] = field(default_factory=lambda: {"write_units": 0, "read_units": 0})
    calls: Counter[str] = field(default_factory=Counter)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _indexes: Mapping[str, list[Index]] = field(
        default_factory=lambda: {
            name: indexes(template()["Resources"][name]["Properties"]) for name in tables()
        }
    )

    def listen(self) -> None:
        """Register hooks in the clients that the functions share."""
        dynamodb = aws.dynamodb().meta.events
        dynamodb.register("before-call", self._before_dynamodb)
        dynamodb.register("after-call", self._after_dynamodb)
        for billed in (aws.s3().meta.events, aws.events().meta.events):
            billed.register("before-call", self._count)
        for free in (aws.step_functions().meta.events, aws.ssm().meta.events):
            free.register("before-call", self._name)

    def _name(self, model: Any, **_: object) -> None:  # noqa: ANN401 - botocore's own types
        with self._lock:
            self.calls[model.name] += 1

    def _count(self, model: Any, **_: object) -> None:  # noqa: ANN401
        self._name(model)
        with self._lock:
            if model.name in S3_PUTS:
                self.used["s3_puts"] += 1
            elif model.name in S3_GETS:
                self.used["s3_gets"] += 1
            elif model.name == "PutEvents":
                self.used["events"] += 1
            else:
                raise ValueError(f"the price of {model.name} is not known")

    def _before_dynamodb(
        self,
        model: Any,  # noqa: ANN401
        params: dict[str, Any],
        context: dict[str, Any],
        **_: object,
    ) -> None:
        self._name(model)
        request = json.loads(params["body"])
        context["studio_request"] = request
        context["studio_writes"] = list(_writes(model.name, request))

    def _after_dynamodb(
        self,
        model: Any,  # noqa: ANN401
        parsed: dict[str, Any],
        context: dict[str, Any],
        **_: object,
    ) -> None:
        request, writes = context["studio_request"], context["studio_writes"]
        written = sum(
            write_units(one.before, _read(one.table, one.key), self._indexes[one.table],
                        factor=one.factor)
            for one in writes
        )  # fmt: skip
        with self._lock:
            self.units["write_units"] += written
            if not writes:
                self.units["read_units"] += _read_units(model.name, request, parsed)


def _writes(operation: str, request: dict[str, Any]) -> Iterator[_Write]:
    if operation == "TransactWriteItems":
        for action in request["TransactItems"]:
            ((_, one),) = action.items()
            yield _write(one, 2)
    elif operation in ("PutItem", "UpdateItem"):
        yield _write(request, 1)


def _write(one: dict[str, Any], factor: int) -> _Write:
    source = one.get("Key") or one["Item"]
    key = {name: source[name] for name in ("pk", "sk")}
    return _Write(one["TableName"], key, _read(one["TableName"], key), factor)


def _read(table: str, key: dict[str, Any]) -> Record | None:
    answer = clients().dynamodb.get_item(TableName=table, Key=key, ConsistentRead=True)
    return answer.get("Item")


def _batch_read_units(request: dict[str, Any], parsed: dict[str, Any]) -> float:
    """Return the units of a BatchGetItem: each key is a read of its own, found or not."""
    units = 0.0
    for table, wanted in request["RequestItems"].items():
        consistent = bool(wanted.get("ConsistentRead"))
        found = parsed["Responses"].get(table, [])
        missing = len(wanted["Keys"]) - len(found)
        units += sum(read_units([record], consistent=consistent) for record in found)
        units += missing * read_units([], consistent=consistent)
    return units


def _read_units(operation: str, request: dict[str, Any], parsed: dict[str, Any]) -> float:
    if operation == "BatchGetItem":
        return _batch_read_units(request, parsed)
    consistent = bool(request.get("ConsistentRead"))
    if operation == "GetItem":
        found = [parsed["Item"]] if "Item" in parsed else []
    elif operation == "Query" and "IndexName" not in request:
        found = parsed["Items"]
    else:
        raise ValueError(f"the reads of {operation} are not known")
    return read_units(found, consistent=consistent)
