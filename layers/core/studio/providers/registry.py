"""The one place that knows which adapter belongs to which provider.

Adapters are imported when they are asked for: a cold start pays for one of them, not for all.
"""

from dataclasses import dataclass

from studio.errors import CredentialsMissingError
from studio.ports import CredentialStore
from studio.providers.catalogue import provider_card
from studio.providers.port import Credentials, Provider


def make_provider(provider: str, credentials: Credentials | None) -> Provider:
    """Return the adapter of a provider for one account.

    Raises:
        UnknownProviderError: the catalogue has no such provider.
        CredentialsMissingError: the provider needs a key and none was given.
    """
    card = provider_card(provider)
    if provider == "builtin":
        from studio.providers.builtin import BuiltinProvider

        return BuiltinProvider(card)
    if credentials is None:
        raise CredentialsMissingError(f"no key is stored for provider {provider}")

    from studio.providers.http import shared_client

    if provider == "openai":
        from studio.providers.openai import OpenAIProvider

        return OpenAIProvider(credentials, card, shared_client())
    from studio.providers.runware import RunwareProvider

    return RunwareProvider(credentials, card, shared_client())


@dataclass(frozen=True, slots=True)
class ProviderRegistry:
    """Makes the adapter of a provider for one tenant's account."""

    credentials: CredentialStore

    def __call__(self, provider: str, tenant: str) -> Provider:
        """Return the adapter.

        Raises:
            UnknownProviderError: the catalogue has no such provider.
            CredentialsMissingError: no key is stored for the tenant nor for the stack.
        """
        needs_key = provider_card(provider).base_url is not None
        return make_provider(
            provider, self.credentials.get(provider, tenant) if needs_key else None
        )
