"""CredentialStore on SSM Parameter Store (SecureString), cached for less than a minute.

Paths: {prefix}/{provider}/tenants/{tenant}, else {prefix}/{provider}/default. The value is the
plain key, or a JSON object: {"api_key": ..., "base_url": ..., "rate_per_minute": ...}. The object
is for an account behind a gateway, or with another rate limit than the catalogue assumes.
"""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from studio.domain.provider_calls.accounts import ROLE, SHARED, key_path, own_account
from studio.domain.provider_calls.model import Credentials
from studio.errors import CredentialsMissingError

if TYPE_CHECKING:
    from mypy_boto3_ssm import SSMClient

CACHED_SECONDS = 45
"""A key that is changed or deleted is out of use within a minute."""


@dataclass(frozen=True, slots=True)
class _Account:
    name: str
    credentials: Credentials
    until: float


@dataclass(slots=True)
class SsmCredentialStore:
    """Keys under one path prefix of the Parameter Store.

    ``is_keyless`` tells of a provider whose account is the function's own role where nothing is
    stored.
    """

    client: "SSMClient"
    prefix: str
    is_keyless: Callable[[str], bool] = lambda provider: False
    _cache: dict[tuple[str, str], _Account] = field(default_factory=dict)

    def get(self, provider: str, tenant: str) -> Credentials:
        """Return the account to use: the tenant's own, else the stack's."""
        return self._account(provider, tenant).credentials

    def account(self, provider: str, tenant: str) -> str:
        """Name the account that ``get`` uses."""
        return self._account(provider, tenant).name

    def _account(self, provider: str, tenant: str) -> _Account:
        found = self._cache.get((provider, tenant))
        if found is None or found.until < time.monotonic():
            found = self._read(provider, tenant)
            self._cache[provider, tenant] = found
        return found

    def _read(self, provider: str, tenant: str) -> _Account:
        # One name at a time: the local AWS cannot tie a policy to the names of GetParameters.
        for name in (own_account(tenant), SHARED):
            value = self._value(key_path(self.prefix, provider, name))
            if value is not None:
                until = time.monotonic() + CACHED_SECONDS
                return _Account(f"{provider}/{name}", _credentials(value), until)
        if self.is_keyless(provider):
            until = time.monotonic() + CACHED_SECONDS
            return _Account(f"{provider}/{ROLE}", Credentials(""), until)
        where = key_path(self.prefix, provider, SHARED)
        raise CredentialsMissingError(
            f"no key is stored for provider {provider}: store one as {where}"
        )

    def _value(self, path: str) -> str | None:
        try:
            answer = self.client.get_parameter(Name=path, WithDecryption=True)
        except ClientError as error:
            if error.response.get("Error", {}).get("Code") == "ParameterNotFound":
                return None
            raise
        return answer["Parameter"]["Value"]


def _credentials(value: str) -> Credentials:
    if not value.lstrip().startswith("{"):
        return Credentials(value.strip())
    members = json.loads(value)
    return Credentials(
        members.get("api_key", ""), members.get("base_url"), members.get("rate_per_minute")
    )
