"""One mock account per test, with the template's tables, bucket and state machine."""

from collections.abc import Iterator

import pytest

from studio.adapters import clients as aws
from tests.support.mock_aws.account import empty_account, running_api
from tests.support.mock_aws.api_client import Api

_CLIENTS = (
    aws.dynamodb,
    aws.s3,
    aws.step_functions,
    aws.events,
    aws.ssm,
    aws.sqs,
    aws.scheduler,
    aws.lambda_,
)


@pytest.fixture(scope="module")
def clients() -> Iterator[None]:
    """The functions' clients, kept for a module: making them costs more than a test."""
    yield
    for client in _CLIENTS:
        client.cache_clear()


@pytest.fixture
def account(clients: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An empty mock account with the template's resources and a key for each provider."""
    with empty_account(monkeypatch):
        yield


@pytest.fixture
def api(account: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Api]:
    """The API's handler in the environment that the template gives it."""
    with running_api(monkeypatch) as running:
        yield running
