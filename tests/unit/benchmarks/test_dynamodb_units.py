"""Units are worked out as DynamoDB bills them; the examples are from its developer guide."""

from typing import Any

import pytest

from benchmarks.dynamodb_units import Index, indexes, read_units, size, write_units
from tests.support.mock_aws.stack import template

Record = dict[str, dict[str, Any]]

BY_STATUS = Index(keys=frozenset({"status"}), kept=frozenset({"pk", "status"}))


def record(kilobytes: float, **attributes: str) -> Record:
    """A record of so many KB, rounded down to bytes, with a few attributes in it."""
    plain: Record = {name: {"S": value} for name, value in attributes.items()}
    plain["fill"] = {"S": ""}
    plain["fill"] = {"S": "x" * (int(kilobytes * 1024) - size(plain))}
    return plain


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"S": "abc"}, 3),
        ({"S": "ä"}, 2),
        ({"N": "7"}, 2),
        ({"N": "-12345"}, 4),
        ({"N": "0"}, 2),
        ({"BOOL": True}, 1),
        ({"NULL": True}, 1),
        ({"L": [{"S": "a"}, {"S": "bc"}]}, 3 + 2 + 3),
        ({"M": {"k": {"S": "abc"}}}, 3 + 1 + 1 + 3),
    ],
)
def test_a_value_counts_beside_its_name(value: dict[str, Any], expected: int) -> None:
    assert size({"name": value}) == len("name") + expected


def test_a_write_is_billed_by_the_larger_of_old_and_new() -> None:
    assert write_units(None, record(1), [], factor=1) == 1
    assert write_units(None, record(1.01), [], factor=1) == 2
    assert write_units(record(2.5), record(0.5), [], factor=1) == 3
    assert write_units(None, None, [], factor=1) == 1


def test_a_transaction_costs_twice_but_not_for_the_index() -> None:
    new = record(0.5, pk="a", status="queued")

    assert write_units(None, new, [BY_STATUS], factor=2) == 2 + 1


def test_an_index_is_written_when_its_projection_changes() -> None:
    queued, longer = (record(size, pk="a", status="queued") for size in (0.4, 0.5))
    running = record(0.4, pk="a", status="running")
    outside = record(0.4, pk="a")

    assert write_units(queued, longer, [BY_STATUS], factor=1) == 1
    assert write_units(queued, running, [BY_STATUS], factor=1) == 1 + 2
    assert write_units(queued, outside, [BY_STATUS], factor=1) == 1 + 1
    assert write_units(outside, outside, [BY_STATUS], factor=1) == 1


def test_an_index_of_all_attributes_is_written_with_every_change() -> None:
    complete = Index(keys=BY_STATUS.keys, kept=None)
    queued, longer = (record(size, pk="a", status="queued") for size in (0.4, 1.5))

    assert write_units(queued, longer, [complete], factor=1) == 2 + 2
    assert write_units(queued, queued, [complete], factor=1) == 1


def test_reads_are_billed_by_four_kilobytes() -> None:
    assert read_units([], consistent=True) == 1
    assert read_units([record(4)], consistent=True) == 1
    assert read_units([record(2), record(2.1)], consistent=True) == 2
    assert read_units([record(4)], consistent=False) == 0.5


def test_indexes_are_read_from_the_template() -> None:
    contents, by_tenant, still_open = indexes(template()["Resources"]["JobsTable"]["Properties"])

    assert (contents.keys, contents.kept) == (frozenset({"contents", "content_id"}), None)
    assert by_tenant.keys == {"tenant", "job_id"}
    assert by_tenant.kept == frozenset({"pk", "sk", "tenant", "job_id", "status", "operation"})
    assert still_open.kept == frozenset({"pk", "sk", "open", "job_id"})
