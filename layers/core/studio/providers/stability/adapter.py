"""Adapter of Stability AI: a form to the endpoint of an operation returns the file itself.

Two operations are queued: their response has an id, and the result is polled by that id. A lost
response to a submitted call cannot be read again. Contract: the vendor's OpenAPI document of
v2beta.
"""

from studio.domain.provider_calls.model import (
    Generated,
    OutcomeUnknown,
    Pending,
    ProviderOutcome,
    ProviderRequest,
    Refused,
)
from studio.money import UNKNOWN, Cost
from studio.providers.shared.base import SyncProvider
from studio.providers.shared.http import HttpResponse, bearer, post_form, send
from studio.providers.shared.identifiers import identifier
from studio.providers.shared.json_body import parse_json
from studio.providers.stability.errors import LOCKED_OUT_SECONDS, MODERATED, parse_error, refusal
from studio.providers.stability.forms import Endpoint, endpoint_of, fields_of, files_of

# The vendor asks clients not to poll more often.
_POLL_SECONDS = 10
_KINDS = ("image/", "model/gltf-binary")


class StabilityProvider(SyncProvider):
    """Adapter of the v2beta API for one account.

    A handle is ``<model>/<id of the generation>``. A poll after a crash needs nothing else,
    because the price depends on the model only.
    """

    vendor = "Stability AI"

    def submit(self, request: ProviderRequest) -> ProviderOutcome:
        """Return one PNG or GLB, Pending for a queued one, or why there is none."""
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
        if response.status >= 400:
            return refusal(response)
        return self._result(response, endpoint, request.model)

    def poll(self, handle: str) -> ProviderOutcome:
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
        if _has_file(response):
            return self._file(response, model)
        return _poll_without_file(response, handle)

    def _result(self, response: HttpResponse, endpoint: Endpoint, model: str) -> ProviderOutcome:
        if not endpoint.queued:
            return self._file(response, model)
        generation = identifier((parse_json(response.body) or {}).get("id"))
        if generation is None:
            message = "Stability AI queued the picture without an id that could be asked for."
            return Refused("bad_answer", message, UNKNOWN, response.request_id)
        return Pending(f"{model}/{generation}", _POLL_SECONDS)

    def _file(self, response: HttpResponse, model: str) -> Generated | Refused:
        """Return the file of a response; a filtered image is blurred and costs nothing."""
        finish = response.headers.get("finish-reason", "SUCCESS")
        if finish == "CONTENT_FILTERED":
            return Refused("moderation", MODERATED, None, response.request_id)
        if not _has_file(response):
            message = "Stability AI's answer could not be read."
            return Refused("bad_answer", message, UNKNOWN, response.request_id)
        if finish != "SUCCESS" or not response.body:
            message = "Stability AI answered without a picture."
            return Refused("no_image", message, UNKNOWN, response.request_id)
        seed = response.headers.get("seed", "")
        return Generated(
            response.body,
            self._cost(model),
            response.request_id,
            seed=int(seed) if seed.isascii() and seed.isdecimal() else None,
        )

    def _cost(self, model: str) -> Cost:
        card = self._card.models.get(model)
        return card.prices.of_call(0, 0, {}) if card else UNKNOWN


def _has_file(response: HttpResponse) -> bool:
    return response.ok and response.headers.get("content-type", "").startswith(_KINDS)


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
