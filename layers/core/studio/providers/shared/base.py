"""Base classes of the adapters that call a vendor over HTTP."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import ClassVar
from urllib.parse import urljoin

import httpx

from studio.domain.catalogue.catalogue import ProviderCard
from studio.domain.provider_calls.model import (
    Credentials,
    Generated,
    OutcomeUnknown,
    Pending,
    ProviderOutcome,
    ProviderRequest,
    Refused,
    Throttled,
)
from studio.money import UNKNOWN, Cost
from studio.providers.shared.http import HttpResponse
from studio.providers.shared.images import (
    Address,
    Content,
    find_image,
    first_image,
    image_in_body,
)
from studio.providers.shared.result_files import (
    MAX_URL_LENGTH,
    FetcherFactory,
    PaidResult,
)
from studio.providers.shared.stated_errors import stated_error

_FETCH_SECONDS = 1


class RemoteProvider(ABC):
    """One account at one vendor.

    Args:
        credentials: The account.
        card: The catalogue's facts about the vendor.
        client: HTTP client to send with.
        fetcher: Makes the client that fetches results from URLs.
    """

    vendor: ClassVar[str]
    """Name of the vendor in messages."""

    def __init__(
        self,
        credentials: Credentials,
        card: ProviderCard,
        client: httpx.Client,
        fetcher: FetcherFactory,
    ) -> None:
        self.repeatable = card.repeatable
        self._credentials = credentials
        self._card = card
        self._client = client
        self._fetcher = fetcher
        self._base_url = (credentials.base_url or str(card.base_url)).rstrip("/")

    def poll(self, handle: str) -> ProviderOutcome:
        """Return the current outcome of a pending call; a poll is free, so it can be repeated."""
        paid = PaidResult.read(handle)
        return self._poll(handle) if paid is None else paid.fetched(self._fetcher())

    @abstractmethod
    def _poll(self, handle: str) -> ProviderOutcome:
        """Return the outcome of a call that the vendor queued."""

    def _redirected(self, response: HttpResponse) -> Refused:
        """Return the outcome of a request that was redirected, which nothing is owed for."""
        message = f"{self.vendor} redirects to another address, which the studio does not call."
        return Refused("bad_answer", message, None, response.request_id)

    def _made(
        self,
        content: Content,
        cost: Cost,
        call_id: str | None,
        seed: int | None = None,
        revised_prompt: str | None = None,
    ) -> Generated | Pending | Refused:
        """Return a paid result, Pending if it is still to be fetched.

        The fetch comes with the first poll, so that the URL is saved before.
        """
        if not isinstance(content, Address):
            return Generated(content, cost, call_id, revised_prompt, seed)
        url = _absolute(self._base_url, content.url)
        if len(url) > MAX_URL_LENGTH:
            return Refused("bad_answer", "The result's address is too long.", cost, call_id)
        paid = PaidResult.of(url, cost, call_id, seed, revised_prompt)
        return Pending(paid.handle, _FETCH_SECONDS)


class SyncProvider(RemoteProvider):
    """A vendor whose API answers each call once and keeps no record of it.

    An adapter overrides ``_poll`` where the vendor queues some of its calls.
    """

    @abstractmethod
    def _refusal(self, response: HttpResponse) -> Refused | Throttled | OutcomeUnknown:
        """Return what an error response to a submitted call means."""

    def _content(
        self,
        response: HttpResponse,
        document: Mapping[str, object],
        texts: Iterable[object],
        cost: Cost = UNKNOWN,
    ) -> Content | Refused | Throttled | OutcomeUnknown | None:
        """Return the image of a success, else the error inside it, else None.

        Args:
            response: The response.
            document: Its JSON, empty where it has none.
            texts: Values of the vendor's documented fields for an image.
            cost: Cost that the response reports, which is owed in spite of an error.
        """
        return (
            first_image(texts)
            or self._stated(response, document, cost)
            or find_image(document)
            or image_in_body(response.body)
        )

    def _stated(
        self, response: HttpResponse, document: Mapping[str, object], cost: Cost = UNKNOWN
    ) -> Refused | Throttled | OutcomeUnknown | None:
        """Return what an error inside a success means, None if there is none."""
        stated = stated_error(document)
        if stated is None:
            return None
        outcome = self._refusal(replace(response, status=stated.status))
        if isinstance(outcome, OutcomeUnknown):
            return outcome
        kind, message = outcome.kind, outcome.message
        if stated.moderated and kind != "moderation":
            kind, message = "moderation", f"{self.vendor}'s moderation refused the image."
        if not cost.micros and kind == outcome.kind:
            return outcome
        call = outcome.provider_request_id if isinstance(outcome, Refused) else response.request_id
        return Refused(kind, message, cost if cost.micros else None, call)

    def _poll(self, handle: str) -> ProviderOutcome:
        """Return OutcomeUnknown: no call is ever pending."""
        return self._no_record()

    def look_up(self, request: ProviderRequest) -> ProviderOutcome:
        """Return OutcomeUnknown: a call whose response is lost cannot be found again."""
        return self._no_record()

    def _no_record(self) -> OutcomeUnknown:
        return OutcomeUnknown(f"{self.vendor} cannot say what became of a call.")


def _absolute(base_url: str, url: str) -> str:
    """Return a URL, relative to the API where it has no host."""
    try:
        return urljoin(f"{base_url}/", url)
    except ValueError:
        return url
