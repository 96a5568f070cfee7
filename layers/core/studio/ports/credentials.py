"""Ports of provider accounts: their keys, and which of them have one."""

from collections.abc import Collection
from typing import Protocol

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
    """Register of the keys that exist; it reads none of them."""

    def missing(self, tenant: str, providers: Collection[str]) -> frozenset[str]:
        """Return the providers that have no key, neither the tenant's own nor the stack's."""
        ...
