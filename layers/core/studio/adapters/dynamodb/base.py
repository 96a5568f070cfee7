"""Shared parts of all DynamoDB adapters: attribute coding, reads, and the building of writes."""

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import AttributeValueTypeDef

Attributes = dict[str, Any]

# BatchGetItem takes no more keys in one call.
_MOST_KEYS = 100


def encode(record: Mapping[str, object]) -> "dict[str, AttributeValueTypeDef]":
    """Return a record as DynamoDB codes it, without the members that are None.

    boto3's own codec takes about four times as long: its numbers are decimals of any length.
    The studio stores text, integers, booleans, lists and maps alone.

    Raises:
        TypeError: a value is of another type.
    """
    return {name: _coded(value) for name, value in record.items() if value is not None}


def _coded(value: object) -> "AttributeValueTypeDef":
    match value:
        case str():
            return {"S": value}
        case bool():
            return {"BOOL": value}
        case int():
            return {"N": str(value)}
        case None:
            return {"NULL": True}
        case list() | tuple():
            return {"L": [_coded(member) for member in value]}
        case Mapping():
            return {"M": {name: _coded(member) for name, member in value.items()}}
    raise TypeError(f"a value of type {type(value).__name__} cannot be stored")


def decode(attributes: Mapping[str, Any]) -> Attributes:
    """Return a record of DynamoDB as plain values."""
    return {name: _plain(value) for name, value in attributes.items()}


def _plain(coded: Mapping[str, Any]) -> object:
    ((kind, value),) = coded.items()
    match kind:
        case "N":
            return int(value)
        case "NULL":
            return None
        case "L":
            return [_plain(member) for member in value]
        case "M":
            return decode(value)
    return value


def read(client: "DynamoDBClient", table: str, key: Mapping[str, str]) -> Attributes | None:
    """Return the newest state of a row, None if there is none."""
    found = client.get_item(TableName=table, Key=encode(key), ConsistentRead=True)
    return decode(found["Item"]) if "Item" in found else None


def query(
    client: "DynamoDBClient",
    table: str,
    partition: str,
    *,
    limit: int | None = None,
    after: str | None = None,
    prefix: str = "",
    between: tuple[str, str] | None = None,
    having: str | None = None,
    newest_first: bool = False,
) -> list[Attributes]:
    """Return rows of a partition in the order of their sort keys.

    Args:
        client: The DynamoDB client.
        table: Name of the table.
        partition: Value of ``pk``.
        limit: The largest number of rows to return, None for all.
        after: Sort key of the row to continue behind, None to begin at the first.
        prefix: How the sort keys begin.
        between: The first and the last sort key of the rows; not together with ``prefix``.
        having: Attribute that a row must have to be returned.
        newest_first: Whether the rows come in descending order.
    """
    options = _selection(partition, prefix, between, having)
    if after is not None:
        options["ExclusiveStartKey"] = encode({"pk": partition, "sk": after})
    rows: list[Attributes] = []
    while limit is None or len(rows) < limit:
        if limit is not None:
            options["Limit"] = limit - len(rows)
        answer = client.query(
            TableName=table, ConsistentRead=True, ScanIndexForward=not newest_first, **options
        )
        rows += [decode(row) for row in answer["Items"]]
        if "LastEvaluatedKey" not in answer:
            break
        options["ExclusiveStartKey"] = answer["LastEvaluatedKey"]
    return rows


def _selection(
    partition: str, prefix: str, between: tuple[str, str] | None, having: str | None
) -> dict[str, Any]:
    """Return the arguments of a query that select its rows, see ``query``."""
    condition, values = "pk = :pk", {":pk": partition}
    if prefix:
        condition += " AND begins_with(sk, :prefix)"
        values[":prefix"] = prefix
    elif between:
        condition += " AND sk BETWEEN :first AND :last"
        values[":first"], values[":last"] = between
    options: dict[str, Any] = {
        "KeyConditionExpression": condition,
        "ExpressionAttributeValues": encode(values),
    }
    if having:
        options["FilterExpression"] = "attribute_exists(#having)"
        options["ExpressionAttributeNames"] = {"#having": having}
    return options


def batch_get(
    client: "DynamoDBClient", table: str, keys: "Sequence[dict[str, AttributeValueTypeDef]]"
) -> list[Attributes]:
    """Return the rows of any number of different keys, in no order; absent rows are left out."""
    rows: list[Attributes] = []
    for start in range(0, len(keys), _MOST_KEYS):
        some = keys[start : start + _MOST_KEYS]
        request: Any = {table: {"Keys": some, "ConsistentRead": True}}
        while request:
            answer = client.batch_get_item(RequestItems=request)
            rows += [decode(row) for row in answer["Responses"].get(table, [])]
            # DynamoDB leaves keys unprocessed where an answer would be too long.
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
    """Return one conditional write, for ``put_item``, ``update_item`` or a transaction.

    Attribute names in ``condition`` are written ``#name`` and values ``:name``, so that none of
    DynamoDB's reserved words can stand in it.

    Args:
        table: Name of the table.
        key: Primary key of the record.
        condition: What must hold for the write to happen, None for no condition.
        put: The whole record, for a put; the arguments below do not apply then.
        sets: Attributes to set; an attribute with the value None is not changed.
        adds: Numbers to add to attributes.
        removes: Attributes to remove.
        appends: Lists to append to list attributes.
        values: Values that only the condition uses.
    """
    bound = {f":{name}": _coded(value) for name, value in (values or {}).items()}
    names = {f"#{name}": name for name in re.findall(r"#(\w+)", condition or "")}
    request: dict[str, Any] = {"TableName": table}
    if put is not None:
        request["Item"] = encode({**key, **put})
    else:
        request["Key"] = encode(key)
        clauses = _clauses(sets or {}, adds or {}, removes, appends or {}, names, bound)
        request["UpdateExpression"] = " ".join(clauses)
    return request | _expressions(condition, names, bound)


def _expressions(
    condition: str | None, names: dict[str, str], bound: dict[str, Any]
) -> dict[str, Any]:
    """Return the condition of a write with the names and values of its expressions, if any."""
    members = {
        "ConditionExpression": condition,
        "ExpressionAttributeNames": names,
        "ExpressionAttributeValues": bound,
    }
    return {name: member for name, member in members.items() if member}


def _clauses(
    sets: Mapping[str, object],
    adds: Mapping[str, int],
    removes: tuple[str, ...],
    appends: Mapping[str, list[str]],
    names: dict[str, str],
    bound: dict[str, Any],
) -> list[str]:
    """Return the parts of an update expression, and add its names and values."""
    given = {name: value for name, value in sets.items() if value is not None}
    for name in (*given, *adds, *removes, *appends):
        names[f"#{name}"] = name
    for name, value in (*given.items(), *adds.items(), *appends.items()):
        bound[f":new_{name}"] = _coded(value)
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
