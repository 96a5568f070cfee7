"""Stability AI: a form to the endpoint of each operation, answered with the file itself.

Two operations are queued: they answer with an id, and the picture is asked for by it. A lost
answer to a submit cannot be asked for. Contract: the vendor's OpenAPI document of v2beta.
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
from studio.providers.stability.errors import LOCKED_OUT_SECONDS, MODERATED, refusal, said
from studio.providers.stability.forms import Endpoint, endpoint_of, fields_of, files_of

# The service does not want to be asked more often.
_POLL_SECONDS = 10
_KINDS = ("image/", "model/gltf-binary")


class StabilityProvider(SyncProvider):
    """The v2beta API for one account.

    A handle is ``<model>/<id of the generation>``: the model has the price, and asking again
    after a crash needs nothing else.
    """

    vendor = "Stability AI"

    def submit(self, request: ProviderRequest) -> ProviderOutcome:
        """Ask for one PNG or GLB and wait for it, or for the id of a queued one."""
        endpoint = endpoint_of(request)
        answer = post_form(
            self._client,
            self._base_url + endpoint.path,
            api_key=self._credentials.api_key,
            fields=fields_of(request),
            files=files_of(request),
            read_timeout=self._card.read_timeout_seconds,
            accept="application/json" if endpoint.queued else endpoint.accept,
        )
        if not isinstance(answer, HttpResponse):
            return answer
        if answer.status >= 400:
            return refusal(answer)
        return self._accepted(answer, endpoint, request.model)

    def poll(self, handle: str) -> ProviderOutcome:
        """Ask for a queued picture; asking is free, so what fails is asked again."""
        model, _, generation = handle.partition("/")
        answer = send(
            self._client,
            "GET",
            f"{self._base_url}/v2beta/results/{generation}",
            bearer(self._credentials.api_key, "image/*"),
            secret=self._credentials.api_key,
            read_timeout=self._card.read_timeout_seconds,
        )
        if isinstance(answer, Refused):
            return OutcomeUnknown(answer.message)
        if not isinstance(answer, HttpResponse):
            return Pending(handle, _POLL_SECONDS)
        if _has_file(answer):
            return self._file(answer, model)
        return _not_there(answer, handle)

    def _accepted(self, answer: HttpResponse, endpoint: Endpoint, model: str) -> ProviderOutcome:
        if not endpoint.queued:
            return self._file(answer, model)
        generation = identifier((parse_json(answer.body) or {}).get("id"))
        if generation is None:
            message = "Stability AI queued the picture without an id that could be asked for."
            return Refused("bad_answer", message, UNKNOWN, answer.request_id)
        return Pending(f"{model}/{generation}", _POLL_SECONDS)

    def _file(self, answer: HttpResponse, model: str) -> Generated | Refused:
        """Read an answer that is no refusal; a filtered picture comes blurred and is free."""
        finish = answer.headers.get("finish-reason", "SUCCESS")
        if finish == "CONTENT_FILTERED":
            return Refused("moderation", MODERATED, None, answer.request_id)
        if not _has_file(answer):
            message = "Stability AI's answer could not be read."
            return Refused("bad_answer", message, UNKNOWN, answer.request_id)
        if finish != "SUCCESS" or not answer.body:
            message = "Stability AI answered without a picture."
            return Refused("no_image", message, UNKNOWN, answer.request_id)
        seed = answer.headers.get("seed", "")
        return Generated(
            answer.body,
            self._cost(model),
            answer.request_id,
            seed=int(seed) if seed.isascii() and seed.isdecimal() else None,
        )

    def _cost(self, model: str) -> Cost:
        card = self._card.models.get(model)
        return card.prices.of_call(0, 0, {}) if card else UNKNOWN


def _has_file(answer: HttpResponse) -> bool:
    return answer.ok and answer.headers.get("content-type", "").startswith(_KINDS)


def _not_there(answer: HttpResponse, handle: str) -> Pending | Refused | OutcomeUnknown:
    """Read what came in place of a queued picture; a gateway's page is not the service's word."""
    if answer.status == 429:
        return Pending(handle, answer.retry_after or LOCKED_OUT_SECONDS)
    if answer.status < 400 or answer.status >= 500:
        return Pending(handle, _POLL_SECONDS)
    if said(answer)[0] == "content_moderation":
        return Refused("moderation", MODERATED, None, answer.request_id)
    if answer.status == 404:
        return OutcomeUnknown("Stability AI does not know the generation any more.")
    # The question was refused, which says nothing about the picture.
    return OutcomeUnknown("Stability AI does not say what became of the generation.")
