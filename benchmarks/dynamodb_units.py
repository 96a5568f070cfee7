"""DynamoDB's units for a request, computed from the records before and after it.

On demand, a write unit is 1 KB. A read unit is 4 KB of a consistent read, or 8 KB of an eventually
consistent read. A transaction doubles the units of the table, but not of its indexes. An index is
written only if its projection of the record changes. Sources: DynamoDB developer guide, "Capacity
unit consumption" and "Item sizes and formats". Mocks do not compute units.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Record = Mapping[str, Mapping[str, Any]]

WRITE_UNIT = 1024
READ_UNIT = 4096


@dataclass(frozen=True, slots=True)
class Index:
    """A global secondary index.

    Attributes:
        keys: The attributes that place a record in it.
        kept: The attributes of a record that it has; None for all.
    """

    keys: frozenset[str]
    kept: frozenset[str] | None


def indexes(table: Mapping[str, Any]) -> list[Index]:
    """Return the indexes of a table from its properties in the template."""
    table_keys = {key["AttributeName"] for key in table["KeySchema"]}
    found = []
    for index in table.get("GlobalSecondaryIndexes", []):
        keys = {key["AttributeName"] for key in index["KeySchema"]}
        projection = index["Projection"]
        kept = None
        if projection["ProjectionType"] != "ALL":
            kept = keys | table_keys | set(projection.get("NonKeyAttributes", []))
        found.append(Index(frozenset(keys), None if kept is None else frozenset(kept)))
    return found


def write_units(
    before: Record | None, after: Record | None, table_indexes: Sequence[Index], *, factor: int
) -> int:
    """Return the units of one write.

    Args:
        before: The record before the write; None if there was none.
        after: The record after the write.
        table_indexes: The indexes of its table.
        factor: 2 within a transaction, else 1.
    """
    largest = max(size(before or {}), size(after or {}), 1)
    units = factor * math.ceil(largest / WRITE_UNIT)
    return units + sum(_index_units(index, before, after) for index in table_indexes)


def read_units(records: Sequence[Record], *, consistent: bool) -> float:
    """Return the units of one read that returned these records, possibly none."""
    units = max(1, math.ceil(sum(size(record) for record in records) / READ_UNIT))
    return units if consistent else units / 2


def size(record: Record) -> int:
    """Return the bytes of a record: the names of its attributes and their values."""
    return sum(len(name.encode()) + _value_size(value) for name, value in record.items())


def _value_size(value: Mapping[str, Any]) -> int:
    ((kind, content),) = value.items()
    match kind:
        case "S":
            return len(content.encode())
        case "N":
            # Two digits in a byte, and a byte for sign and scale.
            return math.ceil(len(content.strip("-0.") or "0") / 2) + 1
        case "L":
            return 3 + sum(1 + _value_size(member) for member in content)
        case "M":
            return 3 + len(content) + size(content)
        case "BOOL" | "NULL":
            return 1
    raise ValueError(f"no record of this stack has a value of type {kind}")


def _index_units(index: Index, before: Record | None, after: Record | None) -> int:
    old, new = _projected(index, before), _projected(index, after)
    if old == new:
        return 0
    units = [math.ceil(size(one) / WRITE_UNIT) for one in (old, new) if one is not None]
    moved = old and new and any(old[key] != new[key] for key in index.keys)
    return sum(units) if moved else max(units)


def _projected(index: Index, record: Record | None) -> Record | None:
    if record is None or not index.keys <= set(record):
        return None
    if index.kept is None:
        return record
    return {name: value for name, value in record.items() if name in index.kept}
