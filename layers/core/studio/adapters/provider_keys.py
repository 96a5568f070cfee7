"""KeyVault and KeyNames on SSM Parameter Store: keys are written, and found by their names.

No value of a parameter is read here. Paths are those of ``studio.adapters.secrets``.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from studio.domain.provider_calls.accounts import SHARED, key_path, own_account

if TYPE_CHECKING:
    from mypy_boto3_ssm import SSMClient

_NAMES_AT_ONCE = 50


@dataclass(frozen=True, slots=True)
class SsmKeyVault:
    """Tenants' keys under one path prefix, written as SecureStrings."""

    client: "SSMClient"
    prefix: str

    def put(self, provider: str, tenant: str, value: str) -> int:
        """Store a key and return the version of its parameter."""
        name = key_path(self.prefix, provider, own_account(tenant))
        answer = self.client.put_parameter(
            Name=name, Value=value, Type="SecureString", Overwrite=True
        )
        return answer["Version"]

    def delete(self, provider: str, tenant: str) -> None:
        """Delete a key, if there is one."""
        name = key_path(self.prefix, provider, own_account(tenant))
        try:
            self.client.delete_parameter(Name=name)
        except ClientError as error:
            if error.response.get("Error", {}).get("Code") != "ParameterNotFound":
                raise


@dataclass(frozen=True, slots=True)
class SsmKeyNames:
    """The names of the keys under one path prefix."""

    client: "SSMClient"
    prefix: str

    def shared(self, providers: Collection[str]) -> frozenset[str]:
        """Return those of some providers that the stack has a key of."""
        names = {key_path(self.prefix, provider, SHARED): provider for provider in providers}
        if not names:
            return frozenset()
        wanted = {"Key": "Name", "Option": "Equals", "Values": list(names)}
        return frozenset(names[name] for name in self._listed(wanted) if name in names)

    def tenants(self) -> list[tuple[str, str]]:
        """Return provider and tenant of each key of a tenant."""
        below = {"Key": "Path", "Option": "Recursive", "Values": [self.prefix]}
        parts = [name.removeprefix(f"{self.prefix}/").split("/") for name in self._listed(below)]
        return sorted(
            (part[0], part[2])
            for part in parts
            if len(part) == 3 and part[1:] == own_account(part[2]).split("/")
        )

    def _listed(self, wanted: Any) -> Iterator[str]:  # noqa: ANN401 - a filter of the client
        pages = self.client.get_paginator("describe_parameters").paginate(
            ParameterFilters=[wanted], PaginationConfig={"PageSize": _NAMES_AT_ONCE}
        )
        return (entry["Name"] for page in pages for entry in page["Parameters"])
