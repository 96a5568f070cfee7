"""Ports of provider accounts: their keys, and what is known of them without reading one."""

from collections.abc import Collection
from datetime import datetime
from typing import Protocol

from studio.domain.integrations.model import AccountSetup, KeyRecord
from studio.domain.provider_calls.model import Credentials


class CredentialStore(Protocol):
    """Provider accounts: the tenant's own, else the stack's."""

    def get(self, provider: str, tenant: str) -> Credentials:
        """Return the account to use.

        Raises:
            CredentialsMissingError: neither is stored.
        """
        ...

    def account(self, provider: str, tenant: str) -> str:
        """Return the name of the account that ``get`` uses, for state that its users share."""
        ...


class KeyRegister(Protocol):
    """Register of the providers that have no key or are switched off; it reads no key."""

    def missing(self, tenant: str, providers: Collection[str]) -> frozenset[str]:
        """Return the providers that have no key, neither the tenant's own nor the stack's."""
        ...

    def disabled(self, tenant: str, providers: Collection[str]) -> frozenset[str]:
        """Return the providers that the tenant has switched off."""
        ...


class KeyVault(Protocol):
    """The keys of tenants, to write and never to read."""

    def put(self, provider: str, tenant: str, value: str) -> int:
        """Store a tenant's key in the place of an earlier one, and return its version."""
        ...

    def delete(self, provider: str, tenant: str) -> None:
        """Delete a tenant's key, if there is one."""
        ...


class KeyRecordStore(Protocol):
    """Records of the keys that are stored.

    The key of a provider and its record are two stores. A change begins here, then writes the key,
    then its record. The record is written only if no other change of the same key began meanwhile.
    A change that wrote the key and not its record must be made again, see ``change_key``.
    """

    def setup(self, tenant: str) -> AccountSetup:
        """Return what a tenant has set up, in one read."""
        ...

    def begin(self, tenant: str, provider: str) -> int:
        """Begin a change of a tenant's key, and return its number, which only grows."""
        ...

    def put(self, tenant: str, provider: str, record: KeyRecord, change: int) -> bool:
        """Record a key of a tenant; return False if another change has begun since."""
        ...

    def remove(self, tenant: str, provider: str, change: int) -> bool:
        """Remove the record of a key; return False if another change has begun since."""
        ...

    def put_shared(self, providers: Collection[str], at: datetime) -> None:
        """Record the providers that the stack has a key of."""
        ...


class KeyNames(Protocol):
    """The names of the keys that are stored; no key is read."""

    def shared(self, providers: Collection[str]) -> frozenset[str]:
        """Return those of some providers that the stack has a key of."""
        ...

    def tenants(self) -> "list[tuple[str, str]]":
        """Return provider and tenant of each key of a tenant."""
        ...
