"""The router of Hugging Face: a token, a host and a prefix for each provider behind it.

Path and body follow the provider's dialect, which the model's card names in its route. A lost
answer cannot be asked for again; a call that was taken can, by the path in its handle. Contract:
huggingface_hub 2.4.0, ``text_to_image`` and ``image_to_image``, and fal's and Replicate's pages
on calls that take longer.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Final, Literal

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
from studio.errors import TargetRefusedError, TargetTooLargeError, TargetUnreachableError
from studio.money import UNKNOWN, Cost
from studio.providers.huggingface import fal_ai, hf_inference, replicate, together
from studio.providers.huggingface.calls import Dialect, Failed, Found, Kept, Made, Working
from studio.providers.huggingface.refusals import kind_of, refusal
from studio.providers.shared.base import SyncProvider
from studio.providers.shared.http import MAX_BODY_BYTES, HttpResponse, SendResult, bearer, send

if TYPE_CHECKING:
    from studio.ports.web import Fetcher

_DIALECTS: Final[Mapping[str, Dialect]] = {
    "hf-inference": hf_inference,
    "fal-ai": fal_ai,
    "together": together,
    "replicate": replicate,
}
_ASK: Final = {"fal-ai": fal_ai.ask, "replicate": replicate.ask}
_POLL_SECONDS: Final = 2
_DOWNLOAD_SECONDS: Final = 30
_HANDLE_LENGTH: Final = 1024


@dataclass(frozen=True, slots=True)
class _Job:
    """A call that was taken, with all that its result and its price need; kept as the handle.

    Attributes:
        path: Where to ask about it, behind the provider's prefix; None where ``url`` says all.
        url: Where its picture is, if that is known and cannot be asked for.
    """

    model: str
    dialect: str
    width: int
    height: int
    seed: int | None = None
    call_id: str | None = None
    path: str | None = None
    url: str | None = None

    @property
    def handle(self) -> str:
        """The job as text."""
        given = {name: value for name, value in asdict(self).items() if value is not None}
        return json.dumps(given, separators=(",", ":"))


class HuggingFaceProvider(SyncProvider):
    """The router for one account."""

    vendor = "Hugging Face"

    def __init__(
        self,
        credentials: Credentials,
        card: ProviderCard,
        client: httpx.Client,
        fetcher: "Fetcher",
    ) -> None:
        super().__init__(credentials, card, client)
        self._fetcher = fetcher

    def submit(self, request: ProviderRequest) -> ProviderOutcome:
        """Ask the model's provider for one picture, and wait as long as its dialect does."""
        route = self._card.models[request.model].route
        name = route["dialect"]
        dialect = _DIALECTS[name]
        call = dialect.call(request, route)
        answer = self._send("POST", f"/{name}{call.path}", call.headers, call.body)
        if not isinstance(answer, HttpResponse):
            return answer
        if answer.status >= 400:
            return refusal(answer)
        job = _Job(
            request.model, name, request.width, request.height, request.seed, answer.request_id
        )
        return self._found(dialect.read(answer), job)

    def poll(self, handle: str) -> ProviderOutcome:
        """Ask about a call that was taken; asking is free, so what fails is asked again."""
        job = _Job(**json.loads(handle))
        if job.path is None:
            return self._download(str(job.url), job)
        said = _ASK[job.dialect](partial(self._get, job.dialect), job.path)
        if isinstance(said, Throttled | OutcomeUnknown):
            return Pending(handle, _POLL_SECONDS)
        if isinstance(said, Refused):
            return OutcomeUnknown(said.message)
        return _unsaid(said, handle) if isinstance(said, HttpResponse) else self._found(said, job)

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

    def _found(self, found: Found, job: _Job) -> ProviderOutcome:
        """Turn what a dialect found into our answer."""
        match found:
            case Made(data):
                return Generated(data, self._cost(job), job.call_id, seed=job.seed)
            case Kept(url, call_id, seed, path):
                seed = job.seed if seed is None else seed
                job = replace(job, call_id=call_id or job.call_id, seed=seed)
                path = path or job.path
                return self._download(
                    url, replace(job, path=path) if path else replace(job, url=url)
                )
            case Working(path, call_id):
                job = replace(job, path=path, call_id=call_id or job.call_id)
                return Pending(job.handle, _POLL_SECONDS)
            case Failed(kind, message, made, call_id):
                cost = self._cost(job) if made else UNKNOWN
                return Refused(kind, message, cost, call_id or job.call_id)

    def _download(self, url: str, job: _Job) -> Generated | Pending | Refused:
        """Get a picture that is made and owed; the address is a stranger's and sees no key."""
        try:
            got = self._fetcher.get(
                url, max_bytes=MAX_BODY_BYTES, seconds=_DOWNLOAD_SECONDS, accept="image/*"
            )
        except TargetUnreachableError:
            return self._later(job)
        except (TargetRefusedError, TargetTooLargeError):
            return self._lost("The picture's address cannot be downloaded from.", job)
        if got.status == 429 or got.status >= 500:
            return self._later(job)
        if got.status != 200:
            return self._lost(f"The picture could not be downloaded (HTTP {got.status}).", job)
        return Generated(got.data, self._cost(job), job.call_id, seed=job.seed)

    def _later(self, job: _Job) -> Pending | Refused:
        if len(job.handle) > _HANDLE_LENGTH:
            return self._lost("The picture could not be downloaded at once.", job)
        return Pending(job.handle, _POLL_SECONDS)

    def _lost(self, message: str, job: _Job) -> Refused:
        return Refused("bad_answer", message, self._cost(job), job.call_id)

    def _cost(self, job: _Job) -> Cost:
        """Return the published price: answers do not say what was charged."""
        card = self._card.models.get(job.model)
        return card.prices.of_call(job.width, job.height, {}) if card else UNKNOWN


def _unsaid(answer: HttpResponse, handle: str) -> Pending | OutcomeUnknown:
    """Read a question about a call that was not answered."""
    kind = kind_of(answer.status)
    if kind in ("rate_limit", "transient"):
        return Pending(handle, answer.retry_after or _POLL_SECONDS)
    if kind == "model_gone":
        return OutcomeUnknown("The provider does not know the call any more.")
    # The question was refused, which says nothing about the call.
    return OutcomeUnknown(f"The provider did not say what became of the call: {kind}.")
