"""What all DynamoDB adapters share: attribute coding and the reading of failed conditions."""

import random
import re
import time
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from boto3.dynamodb.types import TypeDeserializer, TypeSerializer
from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import AttributeValueTypeDef

Attributes = dict[str, Any]

_serializer = TypeSerializer()
_deserializer = TypeDeserializer()


def encode(record: Mapping[str, object]) -> "dict[str, AttributeValueTypeDef]":
    """Code a flat record for DynamoDB; members that are None are left out."""
    return {
        name: _serializer.serialize(value) for name, value in record.items() if value is not None
    }


def decode(attributes: Mapping[str, Any]) -> Attributes:
    """Read a record back; every number of ours is an integer."""
    return {name: _plain(_deserializer.deserialize(value)) for name, value in attributes.items()}


def _plain(value: object) -> object:
    if isinstance(value, Decimal):
        return int(value)
    if isinstance(value, dict):
        return {key: _plain(member) for key, member in value.items()}
    if isinstance(value, list):
        return [_plain(member) for member in value]
    return value


_TRIES = 8
_FIRST_PAUSE_SECONDS = 0.05
_LONGEST_PAUSE_SECONDS = 1.0


def tries() -> Iterator[int]:
    """Yield for each try of a transaction that may meet others at a row where many count.

    DynamoDB refuses the later one at once. The pauses between tries are random, as those of the
    SDK are for throttling, and about two seconds in all.
    """
    for attempt in range(_TRIES):
        if attempt:
            longest = min(_FIRST_PAUSE_SECONDS * 2**attempt, _LONGEST_PAUSE_SECONDS)
            time.sleep(random.uniform(0, longest))  # noqa: S311 - no secret is made of it
        yield attempt


def condition_failed(error: ClientError) -> bool:
    """Tell whether a single write failed because its condition did not hold."""
    return error.response.get("Error", {}).get("Code") == "ConditionalCheckFailedException"


def cancellations(error: ClientError) -> list[dict[str, Any]]:
    """Return the reasons of a cancelled transaction, one per action in order, or []."""
    if error.response.get("Error", {}).get("Code") != "TransactionCanceledException":
        return []
    reasons: list[Any] = list(error.response.get("CancellationReasons", []))
    return reasons


def failed_at(reasons: list[dict[str, Any]], index: int) -> bool:
    """Tell whether the action at ``index`` failed its condition."""
    return index < len(reasons) and reasons[index].get("Code") == "ConditionalCheckFailed"


def conflicted(reasons: list[dict[str, Any]]) -> bool:
    """Tell whether another transaction was writing one of the same records."""
    return any(reason.get("Code") == "TransactionConflict" for reason in reasons)


def batch_get(
    client: "DynamoDBClient", table: str, keys: "Sequence[dict[str, AttributeValueTypeDef]]"
) -> list[Attributes]:
    """Read up to 100 records in one call, or more calls where AWS asks to come again."""
    rows: list[Attributes] = []
    request: Any = {table: {"Keys": keys, "ConsistentRead": True}}
    while request:
        answer = client.batch_get_item(RequestItems=request)
        rows += [decode(row) for row in answer["Responses"].get(table, [])]
        request = answer.get("UnprocessedKeys")
    return rows


def write(
    table: str,
    key: Mapping[str, str],
    *,
    condition: str | None = None,
    put: Mapping[str, object] | None = None,
    sets: Mapping[str, object] | None = None,
    adds: Mapping[str, int] | None = None,
    removes: tuple[str, ...] = (),
    appends: Mapping[str, list[str]] | None = None,
    values: Mapping[str, object] | None = None,
) -> dict[str, Any]:
    """Build one conditional write, for ``put_item``/``update_item`` or inside a transaction.

    Attribute names in ``condition`` are written ``#name`` and values ``:name``, so that no word
    of DynamoDB's reserved list can get in the way.

    Args:
        table: Name of the table.
        key: Primary key of the record.
        condition: What must hold for the write to happen; None where nothing need hold.
        put: The whole record, for a put; the other arguments then describe no change.
        sets: Attributes to set; None values are left alone.
        adds: Numbers to add to attributes.
        removes: Attributes to remove.
        appends: Lists to append to list attributes.
        values: Values that only the condition uses.
    """
    bound = {f":{name}": _serializer.serialize(value) for name, value in (values or {}).items()}
    names = {f"#{name}": name for name in re.findall(r"#(\w+)", condition or "")}
    request: dict[str, Any] = {"TableName": table}
    if condition:
        request["ConditionExpression"] = condition
    if put is not None:
        request["Item"] = encode({**key, **put})
    else:
        request["Key"] = encode(key)
        clauses = _clauses(sets or {}, adds or {}, removes, appends or {}, names, bound)
        request["UpdateExpression"] = " ".join(clauses)
    if names:
        request["ExpressionAttributeNames"] = names
    if bound:
        request["ExpressionAttributeValues"] = bound
    return request


def _clauses(
    sets: Mapping[str, object],
    adds: Mapping[str, int],
    removes: tuple[str, ...],
    appends: Mapping[str, list[str]],
    names: dict[str, str],
    bound: dict[str, Any],
) -> list[str]:
    """Write the parts of an update expression, entering its names and values."""
    given = {name: value for name, value in sets.items() if value is not None}
    for name in (*given, *adds, *removes, *appends):
        names[f"#{name}"] = name
    for name, value in (*given.items(), *adds.items(), *appends.items()):
        bound[f":new_{name}"] = _serializer.serialize(value)
    assignments = [f"#{name} = :new_{name}" for name in given]
    assignments += [f"#{name} = list_append(#{name}, :new_{name})" for name in appends]
    clauses = []
    if assignments:
        clauses.append(f"SET {', '.join(assignments)}")
    if adds:
        clauses.append(f"ADD {', '.join(f'#{name} :new_{name}' for name in adds)}")
    if removes:
        clauses.append(f"REMOVE {', '.join(f'#{name}' for name in removes)}")
    return clauses
