"""TestIntegration on its events: the minute, an operator's request, and the API's."""

import json
from collections.abc import Iterator
from inspect import unwrap
from typing import Any

import pytest

from functions.test_integration import handler
from studio.adapters.dynamodb.key_records import DynamoKeyRecordStore
from studio.domain.integrations.model import ProviderAccess
from studio.domain.provider_calls.accounts import key_path
from tests.support.mock_aws.api_client import stored
from tests.support.mock_aws.environment import environment, sample
from tests.support.mock_aws.stack import CATALOG, clients

PATH = environment("TestIntegrationFunction")["PROVIDER_KEYS_PATH"]


@pytest.fixture(autouse=True)
def wired(account: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name, value in environment("TestIntegrationFunction").items():
        monkeypatch.setenv(name, value)
    handler.build.cache_clear()
    yield
    handler.build.cache_clear()


def run(event: dict[str, Any]) -> dict[str, Any]:
    answer: dict[str, Any] = unwrap(handler.lambda_handler)(event, None)
    return answer


def access(tenant: str = "acme") -> ProviderAccess:
    return DynamoKeyRecordStore(clients().dynamodb, CATALOG).setup(tenant).access


def store(provider: str, account: str, value: str = "planted-key-wxyz") -> None:
    name = key_path(PATH, provider, account)
    clients().ssm.put_parameter(Name=name, Value=value, Type="SecureString", Overwrite=True)


def test_every_minute_the_keys_of_the_stack_are_recorded() -> None:
    minute = {"source": "aws.events", "detail-type": "Scheduled Event", "detail": {}}
    run(minute)
    assert access().configured("openai") == "stack"
    clients().ssm.delete_parameter(Name=key_path(PATH, "openai", "default"))
    run(minute)
    assert (access().configured("openai"), access().configured("gemini")) == ("none", "stack")
    assert "planted" not in json.dumps(stored())


def test_keys_that_an_operator_stored_for_tenants_are_recorded_once() -> None:
    store("openai", "tenants/acme")
    store("runware", "tenants/acme", json.dumps({"api_key": "planted-key-abcd"}))
    store("acme", "tenants/acme")
    assert run({"tenants": True})["added"] == 2
    own = access().own
    assert {name: (one.last_four, one.stored_by) for name, one in own.items()} == {
        "openai": ("wxyz", "operator"), "runware": ("abcd", "operator"),
    }  # fmt: skip
    assert run({"tenants": True})["added"] == 0
    assert access("rival").own == {}
    assert "planted" not in json.dumps(stored())


def test_the_sample_of_the_api_is_a_test_of_a_key() -> None:
    assert set(sample("test_integration")) == {"tenant", "provider"}
    assert run({"tenant": "acme", "provider": "bedrock"}) == {
        "outcome": "untested",
        "detail": "Amazon Bedrock has no free call to test a key with.",
        "own": False,
    }


def test_a_key_is_read_anew_for_each_test() -> None:
    event = {"tenant": "acme", "provider": "openai"}
    clients().ssm.delete_parameter(Name=key_path(PATH, "openai", "default"))
    assert run(event) == {"outcome": None}
    store("openai", "tenants/acme", "no\nkey")
    assert run(event)["outcome"] == "refused"
