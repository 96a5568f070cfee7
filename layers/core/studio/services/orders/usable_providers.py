"""The providers that the automatic choice can call for a tenant."""

from collections.abc import Sequence

from studio.domain.catalogue.catalogue import account_providers, keyed_providers
from studio.ports.credentials import KeyRegister


def usable_providers(
    keys: KeyRegister | None, tenant: str, providers: Sequence[str]
) -> tuple[str, ...]:
    """Return those of some providers that have a key, if they need one, and are not switched off.

    Args:
        keys: Tells which have none or are off; None if all can be used.
        tenant: The tenant of an order.
        providers: The providers, the preferred first.
    """
    asked = account_providers(providers)
    if keys is None or not asked:
        return tuple(providers)
    unusable = keys.missing(tenant, keyed_providers(asked)) | keys.disabled(tenant, asked)
    return tuple(provider for provider in providers if provider not in unusable)
