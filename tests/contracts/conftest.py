"""Fixtures of the contract suites: the ports in memory, on AWS, and on AWS with write conflicts."""

from collections.abc import Iterator

import httpx
import pytest

from studio.providers.shared.transport import StatusKeepingTransport
from tests.support.mock_aws.conflicting_dynamodb import BACKENDS, dynamodb_of
from tests.support.mock_aws.stack import mock_stack
from tests.support.workflows.jobs import Ports, aws_studio, memory_studio


@pytest.fixture(params=BACKENDS)
def ports(request: pytest.FixtureRequest) -> Iterator[Ports]:
    """Empty stores, tables and bucket as the template describes them."""
    if request.param == "memory":
        yield memory_studio().raw
        return
    with mock_stack():
        yield aws_studio(dynamodb=dynamodb_of(request.param)).raw


@pytest.fixture(scope="module")
def client() -> Iterator[httpx.Client]:
    """A client like the one that the adapters share."""
    # Each test has another server, and the pool looks through what it keeps at each request.
    limits = httpx.Limits(max_keepalive_connections=4)
    with httpx.Client(transport=StatusKeepingTransport(limits), trust_env=False) as client:
        yield client
