"""KeyVault and KeyNames: keys are written and found, and not read."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest

from studio.adapters.provider_keys import SsmKeyNames, SsmKeyVault
from studio.ports.credentials import KeyNames, KeyVault
from tests.support.fakes.integrations import FakeKeyVault
from tests.support.mock_aws.stack import clients, mock_stack

PATH = "/studio/image-studio/providers"
VALUE = "a-key-of-a-provider"


@dataclass(frozen=True, slots=True)
class Subject:
    """The keys, and how one of the stack gets among them."""

    vault: KeyVault
    names: KeyNames
    put_shared: Callable[[str], None]


@pytest.fixture(params=["memory", "aws"])
def subject(request: pytest.FixtureRequest) -> Iterator[Subject]:
    if request.param == "memory":
        fake = FakeKeyVault()

        def put(provider: str) -> None:
            fake.of_stack |= {provider}

        yield Subject(fake, fake, put)
        return
    with mock_stack():
        ssm = clients().ssm
        ssm.put_parameter(Name=f"{PATH}/odd", Value="x", Type="String")
        ssm.put_parameter(Name=f"{PATH}s/openai/tenants/other", Value="x", Type="String")
        yield Subject(SsmKeyVault(ssm, PATH), SsmKeyNames(ssm, PATH), _put_shared)


def _put_shared(provider: str) -> None:
    name = f"{PATH}/{provider}/default"
    clients().ssm.put_parameter(Name=name, Value=VALUE, Type="SecureString")


def test_each_key_of_an_account_has_a_higher_version(subject: Subject) -> None:
    assert [subject.vault.put("openai", "acme", VALUE) for _ in range(2)] == [1, 2]
    assert subject.vault.put("openai", "rival", VALUE) == 1


def test_keys_are_found_by_tenant_and_of_the_stack(subject: Subject) -> None:
    subject.vault.put("openai", "rival", VALUE)
    subject.vault.put("openai", "acme", VALUE)
    subject.put_shared("gemini")
    subject.put_shared("runware")
    assert subject.names.tenants() == [("openai", "acme"), ("openai", "rival")]
    assert subject.names.shared(["openai", "gemini", "stability"]) == {"gemini"}
    assert subject.names.shared([]) == frozenset()


def test_more_keys_than_a_page_has_are_all_found(subject: Subject) -> None:
    asked = [f"provider{number}" for number in range(24)]
    for name in asked[:23]:
        subject.put_shared(name)
        for tenant in ("acme", "rival", "zenith"):
            subject.vault.put(name, tenant, VALUE)
    assert subject.names.shared(asked) == set(asked[:23])
    assert len(subject.names.tenants()) == 69


def test_a_deleted_key_is_gone_and_a_repeat_changes_nothing(subject: Subject) -> None:
    subject.vault.put("openai", "acme", VALUE)
    for _ in range(2):
        subject.vault.delete("openai", "acme")
        assert subject.names.tenants() == []


def test_a_key_is_stored_encrypted() -> None:
    with mock_stack():
        SsmKeyVault(clients().ssm, PATH).put("openai", "acme", VALUE)
        (kept,) = clients().ssm.describe_parameters()["Parameters"]
    assert (kept["Name"], kept["Type"]) == (f"{PATH}/openai/tenants/acme", "SecureString")
