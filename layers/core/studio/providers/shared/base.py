"""Base classes of the adapters that call a vendor over HTTP."""

from typing import ClassVar

import httpx

from studio.domain.catalogue.catalogue import ProviderCard
from studio.domain.provider_calls.model import (
    Credentials,
    OutcomeUnknown,
    ProviderOutcome,
    ProviderRequest,
)


class RemoteProvider:
    """One account at one vendor.

    Args:
        credentials: The account.
        card: The catalogue's facts about the vendor.
        client: HTTP client to send with.
    """

    def __init__(self, credentials: Credentials, card: ProviderCard, client: httpx.Client) -> None:
        self.repeatable = card.repeatable
        self._credentials = credentials
        self._card = card
        self._client = client
        self._base_url = (credentials.base_url or str(card.base_url)).rstrip("/")


class SyncProvider(RemoteProvider):
    """A vendor whose API answers each call once and keeps no record of it.

    An adapter overrides ``poll`` where the vendor queues some of its calls.
    """

    vendor: ClassVar[str]
    """Name of the vendor in messages."""

    def poll(self, handle: str) -> ProviderOutcome:
        """Return OutcomeUnknown: no call is ever pending."""
        return self._no_record()

    def look_up(self, request: ProviderRequest) -> ProviderOutcome:
        """Return OutcomeUnknown: a call whose response is lost cannot be found again."""
        return self._no_record()

    def _no_record(self) -> OutcomeUnknown:
        return OutcomeUnknown(f"{self.vendor} cannot say what became of a call.")
