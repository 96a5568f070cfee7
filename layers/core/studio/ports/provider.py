"""Port of a provider."""

from typing import Protocol

from studio.domain.provider_calls.model import NotFound, ProviderOutcome, ProviderRequest


class Provider(Protocol):
    """One vendor."""

    @property
    def repeatable(self) -> bool:
        """Calling twice costs nothing and gives the same picture: a lost outcome is no loss."""
        ...

    def submit(self, request: ProviderRequest) -> ProviderOutcome:
        """Ask for the picture."""
        ...

    def poll(self, handle: str) -> ProviderOutcome:
        """Ask for the result of a call that was Pending."""
        ...

    def look_up(self, request: ProviderRequest) -> ProviderOutcome | NotFound:
        """Ask what became of a request whose answer was lost; OutcomeUnknown if it cannot say."""
        ...


class ProviderFactory(Protocol):
    """Makes the adapter of a provider for one tenant's account."""

    def __call__(self, provider: str, tenant: str) -> Provider:
        """Return the adapter.

        Raises:
            CredentialsMissingError: no key is stored for the tenant nor for the stack.
        """
        ...
