"""A mock account without rows, with a key for each provider, and the API's handler in it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
from moto import mock_aws
from moto.backends import get_backend

from functions.api import handler
from studio.adapters.dynamodb.key_records import DynamoKeyRecordStore
from studio.clock import utc_now
from studio.domain.catalogue.catalogue import keyed_providers, provider_card
from studio.domain.catalogue.entries import provider_ids
from tests.support.mock_aws.api_client import Api, Rows, stored
from tests.support.mock_aws.environment import environment
from tests.support.mock_aws.stack import (
    ACCOUNT,
    CATALOG,
    REGION,
    clients,
    create_resources,
    tables,
)


@contextmanager
def empty_account(patch: pytest.MonkeyPatch) -> Iterator[None]:
    """Enter an empty mock account with the template's resources and a key for each provider."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        patch.setenv(name, "testing")
    for name in ("AWS_REGION", "AWS_DEFAULT_REGION"):
        patch.setenv(name, REGION)
    with mock_aws():
        create_resources()
        store_keys()
        yield


def store_keys() -> None:
    """Store a key of the stack for every provider that needs one."""
    path = environment("ApiFunction")["PROVIDER_KEYS_PATH"]
    for provider in provider_ids():
        if provider_card(provider).auth == "key":
            name = f"{path}/{provider}/default"
            _store_parameter(name, "key")


def _store_parameter(name: str, value: str) -> None:
    """Store a secure parameter as a call of SSM does, at a tenth of its time."""
    get_backend("ssm")[ACCOUNT][REGION].put_parameter(
        name=name,
        description="",
        value=value,
        parameter_type="SecureString",
        allowed_pattern="",
        keyid="alias/aws/ssm",
        overwrite=False,
        tags=[],
        data_type="text",
        tier=None,
        policies=None,
    )


def without_key_of(*providers: str) -> None:
    """Let the account know that the stack has a key for every provider but these."""
    keyed = set(keyed_providers(provider_ids()))
    DynamoKeyRecordStore(clients().dynamodb, CATALOG).put_shared(keyed - set(providers), utc_now())


@contextmanager
def running_api(patch: pytest.MonkeyPatch) -> Iterator[Api]:
    """Run the API's handler in the environment that the template gives it."""
    for name, value in environment("ApiFunction").items():
        patch.setenv(name, value)
    patch.setenv("NOTIFICATION_SENDER", "Studio <studio@example.com>")
    with Api() as running:
        yield running
    handler.build.cache_clear()


@dataclass(frozen=True, slots=True)
class Contents:
    """Contents of an account: the rows of its tables and its parameters by name."""

    rows: Rows
    parameters: dict[str, str]


def contents() -> Contents:
    """Return what the account holds."""
    found = clients().ssm.get_parameters_by_path(Path="/", Recursive=True, WithDecryption=True)
    return Contents(stored(), {one["Name"]: one["Value"] for one in found["Parameters"]})


def restore(wanted: Contents) -> None:
    """Give the tables these rows again and no others, and the parameters their values."""
    here, now = clients(), contents()
    for table in tables():
        rows, found = wanted.rows.get(table, []), now.rows.get(table, [])
        for row in found:
            if row not in rows:
                here.dynamodb.delete_item(TableName=table, Key={"pk": row["pk"], "sk": row["sk"]})
        for row in rows:
            if row not in found:
                here.dynamodb.put_item(TableName=table, Item=row)
    for name, value in wanted.parameters.items():
        if now.parameters.get(name) != value:
            here.ssm.put_parameter(Name=name, Value=value, Type="SecureString", Overwrite=True)
