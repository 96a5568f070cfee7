"""The one place that knows which adapter belongs to which provider.

Adapters are imported when they are asked for: a cold start pays for one of them, not for all.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from studio.domain.catalogue.catalogue import ProviderCard, provider_card
from studio.domain.provider_calls.model import Credentials
from studio.errors import CredentialsMissingError

if TYPE_CHECKING:
    from studio.ports.credentials import CredentialStore
    from studio.ports.provider import Provider
    from studio.ports.web import Fetcher


def make_provider(
    provider: str,
    credentials: Credentials | None,
    fetcher: "Callable[[], Fetcher]",
    bedrock_region: str = "us-west-2",
) -> "Provider":
    """Return the adapter of a provider for one account.

    Args:
        provider: Its id in the catalogue.
        credentials: The account; None for a provider that needs no key.
        fetcher: Makes the client that gets results from the addresses that a provider names.
        bedrock_region: AWS region whose Bedrock is asked.

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
    from studio.providers.shared.http import shared_client

    client = shared_client()
    provider: Provider
    match card.id:
        case "bedrock":
            from studio.providers.bedrock.adapter import BedrockProvider

            provider = BedrockProvider(credentials, card, client, bedrock_region)
        case "gemini":
            from studio.providers.gemini.adapter import GeminiProvider

            provider = GeminiProvider(credentials, card, client)
        case "huggingface":
            from studio.providers.huggingface.adapter import HuggingFaceProvider

            provider = HuggingFaceProvider(credentials, card, client, fetcher())
        case "openai":
            from studio.providers.openai.adapter import OpenAIProvider

            provider = OpenAIProvider(credentials, card, client)
        case "runware":
            from studio.providers.runware.adapter import RunwareProvider

            provider = RunwareProvider(credentials, card, client)
        case "stability":
            from studio.providers.stability.adapter import StabilityProvider

            provider = StabilityProvider(credentials, card, client)
        case "wavespeed":
            from studio.providers.wavespeed.adapter import WaveSpeedProvider

            provider = WaveSpeedProvider(credentials, card, client, fetcher())
        case _:
            raise LookupError(f"the catalogue has a provider {card.id} that has no adapter")
    return provider


@dataclass(frozen=True, slots=True)
class ProviderRegistry:
    """Makes the adapter of a provider for one tenant's account."""

    credentials: "CredentialStore"
    fetcher: "Callable[[], Fetcher]"
    bedrock_region: str

    def __call__(self, provider: str, tenant: str) -> "Provider":
        """Return the adapter.

        Raises:
            UnknownProviderError: the catalogue has no such provider.
            CredentialsMissingError: no key is stored for the tenant nor for the stack.
        """
        has_account = provider_card(provider).auth != "none"
        account = self.credentials.get(provider, tenant) if has_account else None
        return make_provider(provider, account, self.fetcher, self.bedrock_region)


def is_keyless(provider: str) -> bool:
    """Tell whether the function's own role is a provider's account where none is stored."""
    return provider_card(provider).auth == "iam"
