"""One mock account per test, with the template's tables, bucket and state machine."""

from collections.abc import Iterator

import pytest
from moto import mock_aws

from functions.api import handler
from studio.adapters import clients as aws
from studio.domain.catalogue.catalogue import provider_card, provider_ids
from tests.integration.api_client import Api
from tests.integration.stack import environment
from tests.support.worlds.stack import REGION, create_resources
from tests.support.worlds.stack import clients as stack_clients

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


def store_keys() -> None:
    """Store a key of the stack for every provider that needs one."""
    path = environment("ApiFunction")["PROVIDER_KEYS_PATH"]
    for provider in provider_ids():
        if provider_card(provider).auth == "key":
            name = f"{path}/{provider}/default"
            stack_clients().ssm.put_parameter(Name=name, Value="key", Type="SecureString")


@pytest.fixture
def account(clients: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An empty mock account with the template's resources."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    for name in ("AWS_REGION", "AWS_DEFAULT_REGION"):
        monkeypatch.setenv(name, REGION)
    with mock_aws():
        create_resources()
        store_keys()
        yield


@pytest.fixture
def api(account: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Api]:
    """The API's handler in the environment that the template gives it."""
    for name, value in environment("ApiFunction").items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("NOTIFICATION_SENDER", "Studio <studio@example.com>")
    with Api() as running:
        yield running
    handler.build.cache_clear()
