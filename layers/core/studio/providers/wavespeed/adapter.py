"""WaveSpeed AI: every call is a prediction that is asked about until it is done.

Files are uploaded first, results are downloaded from the address that the prediction names. A
call whose answer was lost is looked for among the account's past calls, by the seed that we
chose for it. Contract: wavespeed Python SDK 2.0.5 and the vendor's pages on tasks, results and
past predictions.
"""

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import httpx

from studio.domain.catalogue.catalogue import ProviderCard
from studio.domain.operations.values import Role
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
from studio.providers.shared.base import RemoteProvider
from studio.providers.shared.http import (
    GATEWAY_STATUSES,
    MAX_BODY_BYTES,
    HttpResponse,
    SendResult,
    bearer,
    post_json,
    send,
)
from studio.providers.shared.identifiers import identifier
from studio.providers.wavespeed.errors import Said, is_moderation, read, refusal
from studio.providers.wavespeed.inputs import digest, inputs, seed, video, words
from studio.providers.wavespeed.job import Job
from studio.providers.wavespeed.uploads import upload

if TYPE_CHECKING:
    from studio.ports.web import Fetcher

_POLL_SECONDS: Final = 2
_SEARCH_SECONDS: Final = 15
_SEARCHES: Final = 8
_PAGE: Final = 100
_ASK_SECONDS: Final = 30
_DOWNLOAD_SECONDS: Final = 120


class WaveSpeedProvider(RemoteProvider):
    """The predictions API for one account."""

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
        """Upload the files and begin a prediction."""
        # All of it together stays within the time that a call may take.
        seconds = self._card.read_timeout_seconds / (2 * len(request.sources) + 1)
        addresses: dict[Role, str] = {}
        for source in request.sources:
            key = self._credentials.api_key
            address = upload(self._client, self._fetcher, self._base_url, key, source, seconds)
            if not isinstance(address, str):
                return address
            addresses[source.role] = address
        body = inputs(request, self._card.models[request.model], addresses)
        answer = self._post(f"/api/v3/{request.model}", body, seconds)
        if not isinstance(answer, HttpResponse):
            return answer
        return _begun(answer, self._job(request))

    def poll(self, handle: str) -> ProviderOutcome:
        """Ask about a prediction; asking is free, so what fails is asked again."""
        job = Job.of(handle)
        if job.id is None:
            return self._find(job)
        answer = self._get(f"/api/v3/predictions/{job.id}/result")
        said = _told(answer, job)
        return self._state(said.data, job) if isinstance(said, Said) else said

    def look_up(self, request: ProviderRequest) -> ProviderOutcome:
        """Look for a call among those of the last days.

        A call can be told from others by a seed that was ours to choose, here or when the image
        was ordered. With the caller's, or with none, another call may have the same inputs, so
        OutcomeUnknown is the answer. So it is where it cannot be found: that it is not in the
        list does not prove that it is not paid.
        """
        job = self._job(request)
        is_callers = request.seed is not None and not request.seed_generated
        if job.seed is None or is_callers:
            return OutcomeUnknown("WaveSpeed cannot tell this call from others.")
        return self._find(replace(job, prompt=digest(words(request)), searches=_SEARCHES))

    def _job(self, request: ProviderRequest) -> Job:
        return Job(
            request.model,
            request.width,
            request.height,
            video(request),
            seed(request, self._card.models[request.model]),
        )

    def _find(self, job: Job) -> ProviderOutcome:
        """Look for a prediction in the newest page of the model's."""
        asked = {"page": 1, "page_size": _PAGE, "model": job.model, "include_inputs": True}
        later = replace(job, searches=(job.searches or 1) - 1)
        said = _told(self._post("/api/v3/predictions", asked, _ASK_SECONDS), later)
        if isinstance(said, OutcomeUnknown):
            return said
        found = job.found_in(said.data) if isinstance(said, Said) else []
        if len(found) == 1:
            known = replace(job, id=found[0], prompt=None, searches=None)
            return Pending(known.handle, _POLL_SECONDS)
        if found or not later.searches:
            return OutcomeUnknown("WaveSpeed's list does not say what became of the call.")
        return Pending(later.handle, _SEARCH_SECONDS)

    def _state(self, data: dict[str, object], job: Job) -> ProviderOutcome:
        """Turn the state of a prediction into our answer."""
        match data.get("status"):
            case "completed":
                return self._made(data, job)
            case "failed" if is_moderation(data.get("error")):
                message = "WaveSpeed's moderation refused the content."
                return Refused("moderation", message, None, job.id)
            case "failed":
                # The charge of a failed prediction is given back.
                return Refused("transient", "WaveSpeed could not make it.", None, job.id)
            case "cancelled" | "timeout" | "deleted" as state:
                message = f"WaveSpeed ended the call before it was done ({state})."
                return Refused("no_image", message, UNKNOWN, job.id)
        return Pending(job.handle, _POLL_SECONDS)

    def _made(self, data: dict[str, object], job: Job) -> ProviderOutcome:
        """Download the result of a prediction that is done, and therefore owed."""
        flags, outputs = data.get("has_nsfw_contents"), data.get("outputs")
        if isinstance(flags, list) and any(flag is True for flag in flags):
            message = "WaveSpeed's moderation marked the result."
            return Refused("moderation", message, self._cost(job), job.id)
        first = outputs[0] if isinstance(outputs, list) and outputs else None
        if first is None:
            message = "WaveSpeed answered without a result."
            return Refused("no_image", message, self._cost(job), job.id)
        if not isinstance(first, str):
            return self._lost("WaveSpeed's result is of a kind that was not asked for.", job)
        return self._download(first, job)

    def _download(self, url: str, job: Job) -> ProviderOutcome:
        """Get the result; its address is a stranger's and sees no key."""
        try:
            got = self._fetcher.get(
                url,
                max_bytes=MAX_BODY_BYTES,
                seconds=_DOWNLOAD_SECONDS,
                accept="image/*, video/*",
            )
        except TargetUnreachableError:
            return Pending(job.handle, _POLL_SECONDS)
        except TargetRefusedError:
            return self._lost("The result's address cannot be downloaded from.", job)
        except TargetTooLargeError:
            return self._lost("The result is larger than the studio takes.", job)
        if got.status == 429 or got.status >= 500:
            return Pending(job.handle, _POLL_SECONDS)
        if got.status != 200:
            return self._lost(f"The result could not be downloaded (HTTP {got.status}).", job)
        return Generated(got.data, self._cost(job, got.data), job.id, seed=job.seed)

    def _lost(self, message: str, job: Job) -> Refused:
        return Refused("bad_answer", message, self._cost(job), job.id)

    def _cost(self, job: Job, made: bytes | None = None) -> Cost:
        """Return the published price: answers do not say what was charged.

        A video that follows a recording is as long as that, which the video itself tells.
        """
        card = self._card.models.get(job.model)
        if card is None:
            return UNKNOWN
        if made is None or not card.prices.per_second or "duration" in job.video:
            return card.prices.of_call(job.width, job.height, job.video)
        length = _length(made)
        return card.prices.of_call(job.width, job.height, {**job.video, **length})

    def _post(self, path: str, payload: object, seconds: float) -> SendResult:
        return post_json(
            self._client,
            self._base_url + path,
            api_key=self._credentials.api_key,
            payload=payload,
            read_timeout=seconds,
        )

    def _get(self, path: str) -> SendResult:
        key = self._credentials.api_key
        return send(
            self._client,
            "GET",
            self._base_url + path,
            bearer(key),
            secret=key,
            read_timeout=_ASK_SECONDS,
        )


def _begun(answer: HttpResponse, job: Job) -> ProviderOutcome:
    """Read the answer to a new prediction."""
    said = read(answer)
    if said.kind is None:
        prediction = identifier(said.data.get("id"))
        if prediction:
            return Pending(replace(job, id=prediction).handle, _POLL_SECONDS)
    if said.kind in (None, "bad_answer") or (
        not said.by_service and answer.status in GATEWAY_STATUSES
    ):
        return OutcomeUnknown("WaveSpeed may be at work, but its answer could not be read.")
    return refusal(said)


def _told(answer: SendResult, job: Job) -> Said | Pending | OutcomeUnknown:
    """Read the answer to a question about a call; Pending where it has to be asked again."""
    if isinstance(answer, Throttled | OutcomeUnknown):
        return Pending(job.handle, _POLL_SECONDS)
    if not isinstance(answer, HttpResponse):
        return OutcomeUnknown(answer.message)
    said = read(answer)
    if said.kind is None:
        return said
    if said.passing or said.kind == "bad_answer":
        return Pending(job.handle, said.retry_after or _POLL_SECONDS)
    if said.kind == "model_gone":
        return OutcomeUnknown("WaveSpeed does not know the call any more.")
    # The question was refused, which says nothing about the call.
    return OutcomeUnknown(f"WaveSpeed did not say what became of the call: {said.kind}.")


def _length(made: bytes) -> dict[str, int]:
    """Return how many seconds a video is long, a begun one counting whole; empty if it is none."""
    # Imported late: only a talking avatar needs it.
    from studio_imaging.errors import ImageRejectedError
    from studio_imaging.media import check_video

    try:
        return {"duration": -(-check_video(made).duration_ms // 1000)}
    except ImageRejectedError:
        return {}
