"""Adapter of Stability AI: a form to the endpoint of an operation returns the file itself.

Two operations are queued: their response has an id, and the result is polled by that id. A lost
response to a submitted call cannot be read again. Contract: the vendor's OpenAPI document of
v2beta.
"""

from studio.domain.provider_calls.model import (
    OutcomeUnknown,
    Pending,
    ProviderOutcome,
    ProviderRequest,
    Refused,
    Throttled,
)
from studio.money import UNKNOWN, Cost
from studio.providers.shared.base import SyncProvider
from studio.providers.shared.http import HttpResponse, bearer, post_form, send
from studio.providers.shared.identifiers import identifier
from studio.providers.shared.stability_facts import refused_by
from studio.providers.shared.stated_errors import as_stated
from studio.providers.stability.errors import LOCKED_OUT_SECONDS, MODERATED, parse_error, refusal
from studio.providers.stability.forms import Endpoint, endpoint_of, fields_of, files_of
from studio.providers.stability.results import StabilityResult, parse_result

# The vendor asks clients not to poll more often.
_POLL_SECONDS = 10


class StabilityProvider(SyncProvider):
    """Adapter of the v2beta API for one account.

    A handle is ``<model>/<id of the generation>``. A poll after a crash needs nothing else,
    because the price depends on the model only.
    """

    vendor = "Stability AI"

    def submit(self, request: ProviderRequest) -> ProviderOutcome:
        """Return one PNG or GLB, Pending if it is queued or at a URL, or why there is none."""
        endpoint = endpoint_of(request)
        response = post_form(
            self._client,
            self._base_url + endpoint.path,
            api_key=self._credentials.api_key,
            fields=fields_of(request),
            files=files_of(request),
            read_timeout=self._card.read_timeout_seconds,
            accept="application/json" if endpoint.queued else endpoint.accept,
        )
        if not isinstance(response, HttpResponse):
            return response
        if response.redirects:
            return self._redirected(response)
        if not response.ok:
            return self._refusal(response)
        return self._result(response, endpoint, request.model)

    def _refusal(self, response: HttpResponse) -> Refused | Throttled | OutcomeUnknown:
        """Return what an error response to a submitted call means."""
        return refusal(response)

    def _poll(self, handle: str) -> ProviderOutcome:
        """Return a queued result; a poll is free, so a failed poll is repeated."""
        model, _, generation = handle.partition("/")
        response = send(
            self._client,
            "GET",
            f"{self._base_url}/v2beta/results/{generation}",
            bearer(self._credentials.api_key, "image/*"),
            secret=self._credentials.api_key,
            read_timeout=self._card.read_timeout_seconds,
        )
        if isinstance(response, Refused):
            return OutcomeUnknown(response.message)
        if not isinstance(response, HttpResponse):
            return Pending(handle, _POLL_SECONDS)
        result = parse_result(response)
        if result.final:
            return self._file(response, result, model)
        stated = as_stated(response, result.document) if response.ok else None
        return _poll_without_file(stated or response, handle)

    def _result(self, response: HttpResponse, endpoint: Endpoint, model: str) -> ProviderOutcome:
        result = parse_result(response)
        generation = identifier(result.document.get("id"))
        if endpoint.queued and generation and not result.final:
            stated = self._stated(response, result.document)
            return stated or Pending(f"{model}/{generation}", _POLL_SECONDS)
        return self._file(response, result, model)

    def _file(self, response: HttpResponse, result: StabilityResult, model: str) -> ProviderOutcome:
        """Return the file of a success; a filtered image is blurred and costs nothing."""
        call = response.request_id
        if result.finish == "CONTENT_FILTERED":
            return Refused("moderation", MODERATED, None, call)
        if not result.final:
            message = "Stability AI's answer could not be read."
            stated = self._stated(response, result.document)
            return stated or Refused("bad_answer", message, UNKNOWN, call)
        refused = refused_by(result.finish)
        if refused == "moderation":
            return Refused("moderation", MODERATED, UNKNOWN, call)
        if refused or result.content is None:
            message = "Stability AI answered without an image."
            return Refused("no_image", message, UNKNOWN, call)
        return self._made(result.content, self._cost(model), call, result.seed)

    def _cost(self, model: str) -> Cost:
        card = self._card.models.get(model)
        return card.prices.of_call(0, 0, {}) if card else UNKNOWN


def _poll_without_file(response: HttpResponse, handle: str) -> Pending | Refused | OutcomeUnknown:
    """Return what a poll without a file means; the page of a gateway proves nothing."""
    if response.status == 429:
        return Pending(handle, response.retry_after or LOCKED_OUT_SECONDS)
    if response.status < 400 or response.status >= 500:
        return Pending(handle, _POLL_SECONDS)
    if parse_error(response).name == "content_moderation":
        return Refused("moderation", MODERATED, None, response.request_id)
    if response.status == 404:
        return OutcomeUnknown("Stability AI does not know the generation any more.")
    # The poll is refused, which proves nothing about the result.
    return OutcomeUnknown("Stability AI does not say what became of the generation.")
