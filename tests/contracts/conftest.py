"""The same suite for the ports in memory and on AWS."""

from collections.abc import Iterator

import pytest

from tests.support.worlds.jobs import Ports, aws_world, memory_world
from tests.support.worlds.stack import mock_stack


@pytest.fixture(params=["memory", "aws"])
def ports(request: pytest.FixtureRequest) -> Iterator[Ports]:
    """Empty stores, tables and bucket as the template describes them."""
    if request.param == "memory":
        yield memory_world().raw
        return
    with mock_stack():
        yield aws_world().raw
