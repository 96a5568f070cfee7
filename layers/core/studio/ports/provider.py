"""Port of a provider."""

from typing import Protocol

from studio.domain.provider_calls.model import NotFound, ProviderOutcome, ProviderRequest


class Provider(Protocol):
    """Adapter of one vendor for one account."""

    @property
    def repeatable(self) -> bool:
        """True if a repeated call is free and returns the same result."""
        ...

    def submit(self, request: ProviderRequest) -> ProviderOutcome:
        """Send a request and return its outcome."""
        ...

    def poll(self, handle: str) -> ProviderOutcome:
        """Return the current outcome of a call that was Pending."""
        ...

    def look_up(self, request: ProviderRequest) -> ProviderOutcome | NotFound:
        """Return the outcome of a request whose response is lost, as far as it is known."""
        ...


class ProviderFactory(Protocol):
    """Makes the adapter of a provider for one tenant's account."""

    def __call__(self, provider: str, tenant: str) -> Provider:
        """Return the adapter.

        Raises:
            CredentialsMissingError: no key is stored for the tenant or for the stack.
        """
        ...
