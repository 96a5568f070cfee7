"""Table of the adapters by provider, and the factory that makes them.

An adapter is imported at its first use, so that a cold start pays for one adapter only.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Final

from studio.domain.catalogue.catalogue import ProviderCard, provider_card
from studio.domain.provider_calls.model import Credentials
from studio.errors import CredentialsMissingError

if TYPE_CHECKING:
    from studio.ports.credentials import CredentialStore
    from studio.ports.provider import Provider
    from studio.ports.web import Fetcher

# Module and class of each adapter that calls a vendor.
_ADAPTERS: Final[Mapping[str, tuple[str, str]]] = {
    "bedrock": ("studio.providers.bedrock.adapter", "BedrockProvider"),
    "gemini": ("studio.providers.gemini.adapter", "GeminiProvider"),
    "huggingface": ("studio.providers.huggingface.adapter", "HuggingFaceProvider"),
    "openai": ("studio.providers.openai.adapter", "OpenAIProvider"),
    "runware": ("studio.providers.runware.adapter", "RunwareProvider"),
    "stability": ("studio.providers.stability.adapter", "StabilityProvider"),
    "wavespeed": ("studio.providers.wavespeed.adapter", "WaveSpeedProvider"),
}


def make_provider(
    provider: str,
    credentials: Credentials | None,
    fetcher: "Callable[[], Fetcher]",
    bedrock_region: str = "us-west-2",
) -> "Provider":
    """Return the adapter of a provider for one account.

    Args:
        provider: Its id in the catalogue.
        credentials: The account; None for a provider without keys.
        fetcher: Makes the client that fetches results from URLs.
        bedrock_region: AWS region of Amazon Bedrock.

    Raises:
        UnknownProviderError: the catalogue has no such provider.
        CredentialsMissingError: the provider needs a key and none was given.
    """
    card = provider_card(provider)
    if provider == "builtin":
        from studio.providers.builtin.adapter import BuiltinProvider

        return BuiltinProvider(card)
    if credentials is None:
        where = f"the stack's providers/{provider}/default"
        raise CredentialsMissingError(
            f"no key is stored for provider {provider}: store one under {where}"
        )
    return _remote(card, credentials, fetcher, bedrock_region)


def _remote(
    card: ProviderCard,
    credentials: Credentials,
    fetcher: "Callable[[], Fetcher]",
    bedrock_region: str,
) -> "Provider":
    """Return the adapter of a vendor, whose module is imported here.

    Raises:
        KeyError: the provider has no adapter.
    """
    from studio.providers.shared.http import shared_client

    module, name = _ADAPTERS[card.id]
    adapter = getattr(import_module(module), name)
    arguments: list[object] = [credentials, card, shared_client(), fetcher]
    if card.id == "bedrock":
        arguments.append(bedrock_region)
    provider: Provider = adapter(*arguments)
    return provider


@dataclass(frozen=True, slots=True)
class ProviderRegistry:
    """Makes the adapter of a provider for one tenant's account.

    Attributes:
        credentials: Keys of the tenants and of the stack.
        fetcher: Makes the client that fetches results from URLs.
        bedrock_region: AWS region of Amazon Bedrock.
    """

    credentials: "CredentialStore"
    fetcher: "Callable[[], Fetcher]"
    bedrock_region: str

    def __call__(self, provider: str, tenant: str) -> "Provider":
        """Return the adapter.

        Raises:
            UnknownProviderError: the catalogue has no such provider.
            CredentialsMissingError: no key is stored for the tenant or for the stack.
        """
        has_account = provider_card(provider).auth != "none"
        account = self.credentials.get(provider, tenant) if has_account else None
        return make_provider(provider, account, self.fetcher, self.bedrock_region)
