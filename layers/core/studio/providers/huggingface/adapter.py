"""Adapter of Hugging Face's router: one token and host, and a path prefix for each provider.

The provider's dialect decides path and body; the route of the model's card names the dialect. A
lost response cannot be read again. An accepted call can be polled by the path in its handle.
Contract: huggingface_hub 2.4.0, ``text_to_image`` and ``image_to_image``, and fal's and
Replicate's pages on longer calls.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from functools import partial
from typing import Final, Literal

from studio.domain.provider_calls.model import (
    Generated,
    OutcomeUnknown,
    Pending,
    ProviderOutcome,
    ProviderRequest,
    Refused,
    Throttled,
)
from studio.money import UNKNOWN, Cost
from studio.providers.huggingface import fal_ai, hf_inference, replicate, together
from studio.providers.huggingface.calls import (
    Dialect,
    DialectResult,
    Failed,
    Image,
    Queued,
)
from studio.providers.huggingface.refusals import kind_of, refusal
from studio.providers.shared.base import SyncProvider
from studio.providers.shared.http import HttpResponse, SendResult, bearer, send
from studio.providers.shared.images import Address
from studio.providers.shared.json_body import parse_json
from studio.providers.shared.result_files import Later, Lost, fetch

_DIALECTS: Final[Mapping[str, Dialect]] = {
    "hf-inference": hf_inference,
    "fal-ai": fal_ai,
    "together": together,
    "replicate": replicate,
}
_POLLS: Final = {"fal-ai": fal_ai.poll, "replicate": replicate.poll}
_POLL_SECONDS: Final = 2
_DOWNLOAD_SECONDS: Final = 30


@dataclass(frozen=True, slots=True)
class _Job:
    """An accepted call, with the facts that its result and its price need; its JSON is the handle.

    Attributes:
        model: The catalogue's id of the model.
        dialect: The provider behind the router.
        width, height: Requested size in pixels.
        seed: Seed of the image, None if it is unknown.
        call_id: The provider's id of the call, None if it is unknown.
        path: Path to poll, None until it is known.
        fetches: How many fetches of the image have failed, None for none.
    """

    model: str
    dialect: str
    width: int
    height: int
    seed: int | None = None
    call_id: str | None = None
    path: str | None = None
    fetches: int | None = None

    @property
    def handle(self) -> str:
        """JSON of the job."""
        given = {name: value for name, value in asdict(self).items() if value is not None}
        return json.dumps(given, separators=(",", ":"))


class HuggingFaceProvider(SyncProvider):
    """Adapter of the router for one account."""

    vendor = "Hugging Face"

    def submit(self, request: ProviderRequest) -> ProviderOutcome:
        """Return one image, Pending if the provider takes longer, or why there is none."""
        route = self._card.models[request.model].route
        name = route["dialect"]
        dialect = _DIALECTS[name]
        call = dialect.build_request(request, route)
        response = self._send("POST", f"/{name}{call.path}", call.headers, call.body)
        if not isinstance(response, HttpResponse):
            return response
        if response.redirects:
            return self._redirected(response)
        if not response.ok:
            return refusal(response)
        job = _Job(
            request.model, name, request.width, request.height, request.seed, response.request_id
        )
        result = dialect.parse_response(response)
        if isinstance(result, Failed) and not result.run:
            return self._without_image(response, result, job)
        return self._outcome(result, job)

    def _without_image(self, response: HttpResponse, failed: Failed, job: _Job) -> ProviderOutcome:
        """Return the outcome of a success whose documented fields have no usable image."""
        document = parse_json(response.body) or {}
        content = self._content(response, document, ())
        if isinstance(content, bytes | Address):
            return self._outcome(Image(content), job)
        return self._outcome(failed, job) if content is None else content

    def _refusal(self, response: HttpResponse) -> Refused | Throttled | OutcomeUnknown:
        """Return what an error response to a submitted call means."""
        return refusal(response)

    def _poll(self, handle: str) -> ProviderOutcome:
        """Return the state of an accepted call; a poll is free, so a failed poll is repeated."""
        job = _Job(**json.loads(handle))
        polled = _POLLS[job.dialect](partial(self._get, job.dialect), str(job.path))
        if isinstance(polled, Throttled | OutcomeUnknown):
            return Pending(handle, _POLL_SECONDS)
        if isinstance(polled, Refused):
            return OutcomeUnknown(polled.message)
        if isinstance(polled, HttpResponse):
            return _poll_error(polled, handle)
        return self._outcome(polled, job)

    def _get(self, dialect: str, path: str) -> SendResult:
        return self._send("GET", f"/{dialect}{path}", {}, None)

    def _send(
        self,
        method: Literal["GET", "POST"],
        path: str,
        headers: Mapping[str, str],
        body: Mapping[str, object] | None,
    ) -> SendResult:
        key = self._credentials.api_key
        return send(
            self._client,
            method,
            self._base_url + path,
            {**bearer(key), **headers},
            secret=key,
            read_timeout=self._card.read_timeout_seconds,
            content=None if body is None else {"json": body},
        )

    def _outcome(self, result: DialectResult, job: _Job) -> ProviderOutcome:
        """Return the outcome that the result of a dialect means."""
        match result:
            case Image(content, call_id, seed, path):
                seed = job.seed if seed is None else seed
                job = replace(job, call_id=call_id or job.call_id, seed=seed)
                path = path or job.path
                if path and isinstance(content, Address):
                    return self._download(content.url, replace(job, path=path))
                return self._made(content, self._cost(job), job.call_id, job.seed)
            case Queued(path, call_id):
                job = replace(job, path=path, call_id=call_id or job.call_id)
                return Pending(job.handle, _POLL_SECONDS)
            case Failed(kind, message, made, call_id):
                cost = self._cost(job) if made else UNKNOWN
                return Refused(kind, message, cost, call_id or job.call_id)

    def _download(self, url: str, job: _Job) -> Generated | Pending | Refused:
        """Return the image of a call that can be polled, which then has a fresh URL."""
        fetches = job.fetches or 0
        found = fetch(self._fetcher(), url, fetches, _DOWNLOAD_SECONDS)
        if isinstance(found, Later):
            return Pending(replace(job, fetches=fetches + 1).handle, found.wait_seconds)
        if isinstance(found, Lost):
            return Refused("bad_answer", found.message, self._cost(job), job.call_id)
        return Generated(found, self._cost(job), job.call_id, seed=job.seed)

    def _cost(self, job: _Job) -> Cost:
        """Return the published price, because responses do not report the charge."""
        card = self._card.models.get(job.model)
        return card.prices.of_call(job.width, job.height, {}) if card else UNKNOWN


def _poll_error(response: HttpResponse, handle: str) -> Pending | OutcomeUnknown:
    """Return what an error response to a poll means."""
    kind = kind_of(response.status)
    if kind in ("rate_limit", "transient") or response.redirects:
        return Pending(handle, response.retry_after or _POLL_SECONDS)
    if kind == "model_gone":
        return OutcomeUnknown("The provider does not know the call any more.")
    # The poll is refused, which proves nothing about the call.
    return OutcomeUnknown(f"The provider did not say what became of the call: {kind}.")
