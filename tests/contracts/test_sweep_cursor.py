"""SweepCursor."""

import pytest

from studio.adapters.dynamodb.sweep_cursor import DynamoSweepCursor
from studio.ports.jobs import SweepCursor
from tests.support.fakes.edges import FakeSweepCursor
from tests.support.mock_aws import stack
from tests.support.mock_aws.stack import mock_stack


def check(cursor: SweepCursor) -> None:
    assert cursor.read() is None
    cursor.write(("acme", "job_1"))
    assert cursor.read() == ("acme", "job_1")
    cursor.write(("other", "job_2"))
    assert cursor.read() == ("other", "job_2")
    cursor.write(None)
    assert cursor.read() is None


@pytest.mark.parametrize("backend", ["memory", "aws"])
def test_the_newest_place_is_kept_until_the_next(backend: str) -> None:
    if backend == "memory":
        check(FakeSweepCursor())
        return
    with mock_stack():
        check(DynamoSweepCursor(stack.clients().dynamodb, stack.CATALOG))
