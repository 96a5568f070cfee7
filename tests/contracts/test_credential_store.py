"""CredentialStore."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from botocore.exceptions import ClientError

from studio.adapters.secrets import SsmCredentialStore
from studio.domain.catalogue.catalogue import is_keyless
from studio.domain.provider_calls.model import Credentials
from studio.errors import CredentialsMissingError
from studio.ports.credentials import CredentialStore
from tests.support.fakes.edges import FakeCredentialStore
from tests.support.mock_aws.stack import clients, mock_stack

PATH = "/studio/providers"


@dataclass(frozen=True, slots=True)
class Subject:
    """A store, and how a key gets into it under a provider and an account's name."""

    store: CredentialStore
    put: Callable[[str, str, str], None]


@pytest.fixture(params=["memory", "aws"])
def subject(request: pytest.FixtureRequest) -> Iterator[Subject]:
    if request.param == "memory":
        fake = FakeCredentialStore(keyless=frozenset({"bedrock"}))

        def put(provider: str, name: str, key: str) -> None:
            fake.accounts[provider, name] = Credentials(key)

        yield Subject(fake, put)
        return
    with mock_stack():
        yield Subject(SsmCredentialStore(clients().ssm, PATH, is_keyless), _put)


def _put(provider: str, name: str, value: str) -> None:
    clients().ssm.put_parameter(
        Name=f"{PATH}/{provider}/{name}", Value=value, Type="SecureString", Overwrite=True
    )


def test_a_tenant_without_a_key_uses_the_stacks(subject: Subject) -> None:
    subject.put("openai", "default", "shared-key")
    assert subject.store.get("openai", "acme") == Credentials("shared-key")
    assert subject.store.account("openai", "acme") == "openai/default"


def test_the_role_is_the_account_of_a_provider_without_keys(subject: Subject) -> None:
    assert subject.store.get("bedrock", "acme") == Credentials("")
    assert subject.store.account("bedrock", "acme") == "bedrock/role"


def test_a_tenants_own_key_comes_first(subject: Subject) -> None:
    subject.put("openai", "default", "shared-key")
    subject.put("openai", "tenants/acme", "own-key")
    assert subject.store.get("openai", "acme") == Credentials("own-key")
    assert subject.store.account("openai", "acme") == "openai/tenants/acme"
    assert subject.store.get("openai", "zenith") == Credentials("shared-key")


def test_a_provider_without_a_key_is_told(subject: Subject) -> None:
    subject.put("runware", "default", "shared-key")
    subject.put("openai", "tenants/zenith", "foreign-key")
    for ask in (subject.store.get, subject.store.account):
        with pytest.raises(CredentialsMissingError):
            ask("openai", "acme")


def test_an_account_may_name_its_gateway_and_its_rate() -> None:
    with mock_stack():
        value = {"api_key": "key", "base_url": "https://gateway.test", "rate_per_minute": 60}
        _put("openai", "default", json.dumps(value))
        found = SsmCredentialStore(clients().ssm, PATH).get("openai", "acme")
    assert found == Credentials("key", "https://gateway.test", 60)


def test_a_key_is_read_once_and_kept_for_a_while() -> None:
    with mock_stack():
        _put("openai", "default", "old-key")
        store = SsmCredentialStore(clients().ssm, PATH)
        assert store.get("openai", "acme") == Credentials("old-key")
        _put("openai", "default", "new-key")
        assert store.get("openai", "acme") == Credentials("old-key")
        assert SsmCredentialStore(clients().ssm, PATH).get("openai", "acme").api_key == "new-key"


def test_a_missing_key_says_where_to_store_one_and_is_looked_for_again() -> None:
    with mock_stack():
        store = SsmCredentialStore(clients().ssm, PATH)
        with pytest.raises(CredentialsMissingError) as caught:
            store.get("openai", "acme")
        where = f"store one as {PATH}/openai/default"
        assert str(caught.value) == f"no key is stored for provider openai: {where}"
        _put("openai", "default", "key")
        assert store.get("openai", "acme") == Credentials("key")


def test_another_fault_of_the_store_is_not_taken_for_a_missing_key() -> None:
    class Denied:
        def get_parameter(self, **_: object) -> None:
            raise ClientError({"Error": {"Code": "AccessDeniedException"}}, "GetParameter")

    client: Any = Denied()
    with pytest.raises(ClientError):
        SsmCredentialStore(client, PATH).get("openai", "acme")


def test_no_key_shows_in_text() -> None:
    with mock_stack():
        _put("openai", "default", "secret-key")
        store = SsmCredentialStore(clients().ssm, PATH)
        assert "secret-key" not in repr(store.get("openai", "acme"))
        assert "secret-key" not in repr(store)
