"""KeyRegister."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import pytest
from botocore.exceptions import ClientError

from studio.adapters.key_register import SsmKeyRegister
from studio.domain.provider_calls.model import Credentials
from studio.ports.credentials import KeyRegister
from tests.support.fakes.edges import FakeCredentialStore
from tests.support.mock_aws.stack import clients, mock_stack

if TYPE_CHECKING:
    from mypy_boto3_ssm import SSMClient

PATH = "/studio/providers"


@dataclass(frozen=True, slots=True)
class Subject:
    """A register, and how a key gets into its store under a provider and an account's name."""

    register: KeyRegister
    put: Callable[[str, str], None]


@pytest.fixture(params=["memory", "aws"])
def subject(request: pytest.FixtureRequest) -> Iterator[Subject]:
    if request.param == "memory":
        fake = FakeCredentialStore()

        def put(provider: str, name: str) -> None:
            fake.accounts[provider, name] = Credentials("key")

        yield Subject(fake, put)
        return
    with mock_stack():
        yield Subject(SsmKeyRegister(lambda: clients().ssm, PATH), _put)


def _put(provider: str, name: str) -> None:
    clients().ssm.put_parameter(Name=f"{PATH}/{provider}/{name}", Value="key", Type="SecureString")


def test_a_provider_with_a_key_of_the_stack_or_of_the_tenant_is_not_missing(
    subject: Subject,
) -> None:
    subject.put("openai", "default")
    subject.put("runware", "tenants/acme")
    subject.put("gemini", "tenants/zenith")
    asked = ["openai", "runware", "gemini", "stability"]
    assert subject.register.missing("acme", asked) == {"gemini", "stability"}
    assert subject.register.missing("zenith", asked) == {"runware", "stability"}


def test_more_providers_than_a_page_has_are_all_found(subject: Subject) -> None:
    asked = [f"provider{number}" for number in range(24)]
    for name in asked[:23]:
        subject.put(name, "default")
    assert subject.register.missing("acme", asked) == {asked[23]}


class Describing:
    """An SSM client that counts its calls; ``names`` are the parameters that exist."""

    def __init__(self, *names: str) -> None:
        self.names, self.calls, self.fault = list(names), 0, False

    def get_paginator(self, operation: str) -> "Describing":
        assert operation == "describe_parameters", "no other operation shows no value"
        return self

    def paginate(self, **_: object) -> list[dict[str, list[dict[str, str]]]]:
        self.calls += 1
        if self.fault:
            raise ClientError({"Error": {"Code": "ThrottlingException"}}, "DescribeParameters")
        return [{"Parameters": [{"Name": f"{PATH}/{name}/default"} for name in self.names]}]


def _register(client: Describing) -> tuple[SsmKeyRegister, list[float]]:
    now = [0.0]
    return SsmKeyRegister(lambda: cast("SSMClient", client), PATH, lambda: now[0]), now


def test_a_key_is_looked_up_once_a_minute_and_a_missing_one_soon_again() -> None:
    client = Describing("openai")
    register, now = _register(client)
    for now[0] in (0, 59.9):
        assert register.missing("acme", ["openai"]) == frozenset()
    assert client.calls == 1
    now[0] = 60
    register.missing("acme", ["openai"])
    assert client.calls == 2
    assert register.missing("acme", ["openai", "runware"]) == {"runware"}
    assert register.missing("acme", ["runware"]) == {"runware"}
    assert client.calls == 3
    client.names.append("runware")
    now[0] = 62
    assert register.missing("acme", ["runware"]) == frozenset()
    register.missing("zenith", ["runware"])
    assert client.calls == 5


def test_a_store_that_does_not_answer_refuses_nothing() -> None:
    client = Describing()
    client.fault = True
    register, _ = _register(client)
    assert register.missing("acme", ["openai"]) == frozenset()
    client.fault = False
    assert register.missing("acme", ["openai"]) == {"openai"}
