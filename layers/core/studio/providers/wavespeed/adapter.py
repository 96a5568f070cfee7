"""Adapter of WaveSpeed AI, where each call is a prediction that is polled until it is done.

Files are uploaded first, and the result is downloaded from the URL in the prediction. A call
whose response is lost is searched for among the account's past calls, by the seed that we chose
for it. Contract: wavespeed Python SDK 2.0.5 and the vendor's pages on tasks, results and past
predictions.
"""

import time
from dataclasses import replace
from typing import Final

from studio.domain.operations.values import Role
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
from studio.providers.shared.base import RemoteProvider
from studio.providers.shared.http import (
    GATEWAY_STATUSES,
    HttpResponse,
    SendResult,
    bearer,
    post_json,
    send,
)
from studio.providers.shared.identifiers import identifier
from studio.providers.shared.images import Address, find_image
from studio.providers.shared.result_files import Later, Lost, fetch
from studio.providers.wavespeed.errors import Data, ParsedError, is_moderation, parse, refusal
from studio.providers.wavespeed.inputs import digest, inputs, seed, video, words
from studio.providers.wavespeed.job import Job
from studio.providers.wavespeed.uploads import upload

_POLL_SECONDS: Final = 2
_SEARCH_SECONDS: Final = 15
_SEARCHES: Final = 8
_PAGE: Final = 100
_MOST_PAGES: Final = 20
_ASK_SECONDS: Final = 30
_MAYBE_BEGUN: Final = OutcomeUnknown("WaveSpeed may be at work, but its answer could not be read.")


class WaveSpeedProvider(RemoteProvider):
    """Adapter of the predictions API for one account."""

    vendor = "WaveSpeed"

    def submit(self, request: ProviderRequest) -> ProviderOutcome:
        """Upload the files and return the new prediction as Pending, or why there is none."""
        # Two requests for each file and one for the call share the time of the call.
        seconds = self._card.read_timeout_seconds / (2 * len(request.sources) + 1)
        addresses: dict[Role, str] = {}
        for source in request.sources:
            key = self._credentials.api_key
            address = upload(self._client, self._fetcher(), self._base_url, key, source, seconds)
            if not isinstance(address, str):
                return address
            addresses[source.role] = address
        body = inputs(request, self._card.models[request.model], addresses)
        response = self._post(f"/api/v3/{request.model}", body, seconds)
        if not isinstance(response, HttpResponse):
            return response
        if response.redirects:
            return self._redirected(response)
        return self._submitted(response, self._job(request))

    def _submitted(self, response: HttpResponse, job: Job) -> ProviderOutcome:
        """Return what the response to a new prediction means."""
        parsed = parse(response)
        if isinstance(parsed, ParsedError):
            from_gateway = not parsed.by_service and response.status in GATEWAY_STATUSES
            lost = parsed.kind == "bad_answer" or from_gateway
            return _MAYBE_BEGUN if lost else refusal(parsed)
        prediction = identifier(parsed.get("id"))
        if prediction is not None:
            return Pending(replace(job, id=prediction).handle, _POLL_SECONDS)
        content = find_image(parsed.get("outputs"))
        if content is None:
            return _MAYBE_BEGUN
        # The call was answered with its result, and without an id to ask for it.
        made = None if isinstance(content, Address) else content
        return self._made(content, self._cost(job, made), None, job.seed)

    def _poll(self, handle: str) -> ProviderOutcome:
        """Return the state of a prediction; a poll is free, so a failed poll is repeated."""
        job = Job.of(handle)
        if job.id is None:
            return self._find(job)
        response = self._get(f"/api/v3/predictions/{job.id}/result")
        polled = _polled(response, job)
        return self._state(polled, job) if isinstance(polled, dict) else polled

    def look_up(self, request: ProviderRequest) -> ProviderOutcome:
        """Search for a call among the account's calls of the last days.

        Only a seed of our own choice identifies a call. With the caller's seed, or without one,
        another call can have the same inputs, so the outcome is OutcomeUnknown. A call that is
        not in the list may still be paid, so that outcome is OutcomeUnknown as well.
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
        """Search for a prediction in the list of the model's predictions, newest first."""
        later = replace(job, searches=(job.searches or 1) - 1)
        found = self._found(job, later)
        if isinstance(found, OutcomeUnknown):
            return found
        if len(found) == 1:
            known = replace(job, id=found[0], prompt=None, searches=None)
            return Pending(known.handle, _POLL_SECONDS)
        if found or not later.searches:
            return OutcomeUnknown("WaveSpeed's list does not say what became of the call.")
        return Pending(later.handle, _SEARCH_SECONDS)

    def _found(self, job: Job, later: Job) -> list[str] | OutcomeUnknown:
        """Return the ids from the first page that has any; empty where none could be found."""
        deadline = time.monotonic() + _ASK_SECONDS
        for page in range(1, _MOST_PAGES + 1):
            query = {
                "page": page, "page_size": _PAGE, "model": job.model, "include_inputs": True,
            }  # fmt: skip
            left = deadline - time.monotonic()
            if left <= 0:
                break
            listed = _polled(self._post("/api/v3/predictions", query, left), later)
            if not isinstance(listed, dict):
                return listed if isinstance(listed, OutcomeUnknown) else []
            found, total = job.found_in(listed), listed.get("total")
            if found or type(total) is not int or total <= page * _PAGE:
                return found
        return []

    def _state(self, data: dict[str, object], job: Job) -> ProviderOutcome:
        """Return the outcome that the state of a prediction means."""
        match data.get("status"):
            case "completed":
                return self._completed(data, job)
            case "failed" if is_moderation(data.get("error")):
                message = "WaveSpeed's moderation refused the content."
                return Refused("moderation", message, None, job.id)
            case "failed":
                # The vendor refunds a failed prediction.
                return Refused("transient", "WaveSpeed could not make it.", None, job.id)
            case "cancelled" | "timeout" | "deleted" as state:
                message = f"WaveSpeed ended the call before it was done ({state})."
                return Refused("no_image", message, UNKNOWN, job.id)
            case "created" | "pending" | "processing":
                return _later(job)
        # A state of another name: the result is there, or it will be.
        return self._completed(data, job) if data.get("outputs") else _later(job)

    def _completed(self, data: dict[str, object], job: Job) -> ProviderOutcome:
        """Return the result of a completed prediction, which is owed."""
        flags, outputs = data.get("has_nsfw_contents"), data.get("outputs")
        if isinstance(flags, list) and any(flag is True for flag in flags):
            message = "WaveSpeed's moderation marked the result."
            return Refused("moderation", message, self._cost(job), job.id)
        content = find_image(outputs)
        if content is None and not outputs:
            message = "WaveSpeed answered without a result."
            return Refused("no_image", message, self._cost(job), job.id)
        if content is None:
            message = "WaveSpeed's result is of a kind that was not asked for."
            return Refused("bad_answer", message, self._cost(job), job.id)
        if isinstance(content, Address):
            return self._download(content.url, job)
        return Generated(content, self._cost(job, content), job.id, seed=job.seed)

    def _download(self, url: str, job: Job) -> ProviderOutcome:
        """Return the downloaded result; the vendor chooses the URL, which never gets the key."""
        fetches = job.fetches or 0
        found = fetch(self._fetcher(), url, fetches)
        if isinstance(found, Later):
            return Pending(replace(job, fetches=fetches + 1).handle, found.wait_seconds)
        if isinstance(found, Lost):
            return Refused("bad_answer", found.message, self._cost(job), job.id)
        return Generated(found, self._cost(job, found), job.id, seed=job.seed)

    def _cost(self, job: Job, made: bytes | None = None) -> Cost:
        """Return the published price, because responses do not report the charge.

        A talking avatar is as long as its recording, so its length is read from the video.
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


def _later(job: Job) -> Pending:
    return Pending(job.handle, _POLL_SECONDS)


def _polled(response: SendResult, job: Job) -> Data | Pending | OutcomeUnknown:
    """Return the content of the response to a poll; Pending where the poll is to be repeated."""
    if isinstance(response, Throttled | OutcomeUnknown):
        return _later(job)
    if not isinstance(response, HttpResponse):
        return OutcomeUnknown(response.message)
    parsed = parse(response)
    if not isinstance(parsed, ParsedError):
        return parsed
    if parsed.temporary or parsed.kind == "bad_answer":
        return Pending(job.handle, parsed.retry_after or _POLL_SECONDS)
    if parsed.kind == "model_gone":
        return OutcomeUnknown("WaveSpeed does not know the call any more.")
    # The poll is refused, which proves nothing about the call.
    return OutcomeUnknown(f"WaveSpeed did not say what became of the call: {parsed.kind}.")


def _length(made: bytes) -> dict[str, int]:
    """Return the length of a video as ``duration`` in seconds, rounded up; empty if it is none."""
    # Imported late, because only a talking avatar needs it.
    from studio_imaging.errors import ImageRejectedError
    from studio_imaging.media import check_video

    try:
        return {"duration": -(-check_video(made).duration_ms // 1000)}
    except ImageRejectedError:
        return {}
