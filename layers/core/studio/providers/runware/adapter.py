"""Adapter of Runware, whose tasks have our own ids: a lost response can be read again for free.

One POST carries an array of one task. The image is in the response, or the service works in the
background and ``getResponse`` returns it. Contract: runware-sdk 1.8.0 and the vendor's pages on
errors and task polling.
"""

import re
from decimal import Decimal
from typing import Final
from uuid import UUID

from studio.domain.provider_calls.model import (
    Generated,
    NotFound,
    OutcomeUnknown,
    Pending,
    ProviderOutcome,
    ProviderRequest,
    Refused,
    Throttled,
)
from studio.money import UNKNOWN, Cost, micros_from_decimal
from studio.providers.runware.errors import SENTENCES, TaskError, classify, first_error
from studio.providers.runware.tasks import task_of
from studio.providers.shared.base import RemoteProvider
from studio.providers.shared.http import GATEWAY_STATUSES, HttpResponse, SendResult, post_json
from studio.providers.shared.images import (
    are_texts,
    find_image,
    first_image,
    image_in_body,
)
from studio.providers.shared.json_body import json_objects, parse_json

_POLL_SECONDS: Final = 2
# No image costs this much: a larger figure is a broken response and not a price.
_MAX_DOLLARS: Final = 1000
# The type of output decides which one a result has.
_IMAGES: Final = ("imageBase64Data", "imageDataURI", "imageURL")
# Names that gateways give to the same members.
_OTHER_IMAGES: Final = ("b64_json", "base64", "image", "imageUrl", "url")
_UNFINISHED: Final = frozenset({"pending", "processing", "error"})
_AMOUNT: Final = re.compile(r"[0-9]{1,4}(\.[0-9]{1,12})?")

_Result = Generated | Pending | Refused


class RunwareProvider(RemoteProvider):
    """Adapter of the task API for one account."""

    vendor = "Runware"

    def submit(self, request: ProviderRequest) -> ProviderOutcome:
        """Return one PNG, Pending if it is to be polled or fetched, or why there is none."""
        task_id = _task_id(request)
        response = self._post(task_of(request, task_id))
        if not isinstance(response, HttpResponse):
            return response
        if response.redirects:
            return self._redirected(response)
        found = self._read(response, task_id)
        if not isinstance(found, TaskError):
            return found
        if found.code == "conflictTaskUUID":
            # An earlier send of the same attempt reached the service, which has its result.
            return Pending(task_id, _POLL_SECONDS)
        if not found.from_service and (response.ok or response.status in GATEWAY_STATUSES):
            return OutcomeUnknown("Runware may be at work, but its answer could not be read.")
        return _submit_error(found, response.retry_after, task_id)

    def look_up(self, request: ProviderRequest) -> ProviderOutcome | NotFound:
        """Return what became of a task by our id, NotFound if the service has no such task."""
        return self._ask(_task_id(request))

    def _poll(self, handle: str) -> ProviderOutcome:
        """Return the result of a task; a poll is free, so a failed poll is repeated."""
        outcome = self._ask(handle)
        if isinstance(outcome, NotFound):
            return OutcomeUnknown("Runware does not know the task any more.")
        return outcome

    def _ask(self, task_id: str) -> ProviderOutcome | NotFound:
        response = self._post({"taskType": "getResponse", "taskUUID": task_id})
        if isinstance(response, Throttled | OutcomeUnknown):
            return Pending(task_id, _POLL_SECONDS)
        if not isinstance(response, HttpResponse):
            return OutcomeUnknown(response.message)
        found = self._read(response, task_id)
        if isinstance(found, TaskError):
            return _poll_error(found, response.retry_after, task_id)
        return found

    def _post(self, task: dict[str, object]) -> SendResult:
        return post_json(
            self._client,
            self._base_url,
            api_key=self._credentials.api_key,
            payload=[task],
            read_timeout=self._card.read_timeout_seconds,
        )

    def _read(self, response: HttpResponse, task_id: str) -> _Result | TaskError:
        """Return the result of our task in a response; an error counts only without an image."""
        document = parse_json(response.body) or {}
        data = _results(document)
        items = [item for item in json_objects(data) if _is_of(item, task_id)]
        made = [item for item in items if _has_result(item)]
        if made:
            return self._picture(made, task_id)
        error = first_error(document, items, response.status)
        if error is not None:
            return error
        if not (isinstance(data, list) and (items or find_image(data) is None)):
            return self._without_results(response, document, task_id)
        if not response.ok:
            return _of_gateway(response)
        for item in items:
            if item.get("status") == "success":
                return Refused("no_image", SENTENCES["no_image"], _cost([item]), task_id)
        return Pending(task_id, _POLL_SECONDS)

    def _without_results(
        self, response: HttpResponse, document: dict[str, object], task_id: str
    ) -> _Result | TaskError:
        """Return the image of a response that is not in the service's own format."""
        content = find_image(document) or image_in_body(response.body)
        if content is None or not response.ok:
            return _of_gateway(response)
        return self._made(content, UNKNOWN, task_id)

    def _picture(
        self, items: list[dict[str, object]], task_id: str
    ) -> Generated | Pending | Refused:
        """Return the image of a task's results."""
        if any(item.get("NSFWContent") is True for item in items):
            return Refused("moderation", SENTENCES["moderation"], _cost(items), task_id)
        texts = [item.get(name) for item in items for name in _IMAGES]
        content = first_image(texts) or find_image(items)
        if content is None and not are_texts(texts):
            return Refused("no_image", SENTENCES["no_image"], _cost(items), task_id)
        cost = _cost(items)
        cost = cost if cost.micros else UNKNOWN
        if content is None:
            message = "Runware's image is not valid base64."
            return Refused("bad_answer", message, cost, task_id)
        seed = items[0].get("seed")
        return self._made(content, cost, task_id, seed if type(seed) is int else None)


def _task_id(request: ProviderRequest) -> str:
    """Return our id as a version 4 UUID, the only version that the service takes."""
    return str(UUID(bytes=UUID(request.request_id).bytes, version=4))


def _of_gateway(response: HttpResponse) -> TaskError:
    """Return the error of a response that the service itself did not send."""
    return TaskError(classify("", None, response.status), from_service=False)


def _results(document: dict[str, object]) -> object:
    """Return the list of results, which a gateway may have unwrapped; else what is in its place."""
    data = document.get("data")
    alone = document if data is None else data
    if isinstance(alone, dict) and _has_file(alone):
        return [alone]
    return data


def _is_of(item: dict[str, object], task_id: str) -> bool:
    """Return whether a result is of a task; one without an id is of the only task."""
    named = str(item.get("taskUUID") or task_id)
    return named.lower().replace("-", "") == task_id.replace("-", "")


def _has_result(item: dict[str, object]) -> bool:
    """Return whether a result has an image, or says that it has one."""
    named = "imageUUID" in item or item.get("NSFWContent") is True
    return named or _has_file(item)


def _has_file(item: dict[str, object]) -> bool:
    """Return whether a result has the bytes or the URL of an image."""
    if any(item.get(name) for name in _IMAGES):
        return True
    others = [item.get(name) for name in _OTHER_IMAGES]
    return item.get("status") not in _UNFINISHED and find_image(others) is not None


def _cost(items: list[dict[str, object]]) -> Cost:
    """Return the charge that the service reports for the results, UNKNOWN if one has none."""
    charges = [_dollars(item.get("cost")) for item in items]
    known = [charge for charge in charges if charge is not None]
    if len(known) < len(charges):
        return UNKNOWN
    return Cost(micros_from_decimal(sum(known, Decimal(0))), "reported")


def _dollars(value: object) -> Decimal | None:
    is_text = isinstance(value, str) and _AMOUNT.fullmatch(value)
    amount = Decimal(str(value)) if is_text or type(value) is int else value
    return amount if isinstance(amount, Decimal) and 0 <= amount <= _MAX_DOLLARS else None


def _submit_error(error: TaskError, retry_after: int | None, task_id: str) -> Refused | Throttled:
    """Return what an error response to a submitted task means."""
    if error.meaning == "rate_limit":
        return Throttled("rate_limit", SENTENCES["rate_limit"], retry_after)
    if error.meaning == "transient":
        return Throttled("transient", SENTENCES["transient"], retry_after)
    return _refused(error, task_id)


def _poll_error(
    error: TaskError, retry_after: int | None, task_id: str
) -> ProviderOutcome | NotFound:
    """Return what an error response to a poll means."""
    if error.kind == "not_found":
        return NotFound()
    if error.of_task or error.kind == "moderation":
        return _refused(error, task_id)
    if error.kind in ("rate_limit", "transient", "bad_answer"):
        return Pending(task_id, retry_after or _POLL_SECONDS)
    # The poll is refused, which proves nothing about the task.
    return OutcomeUnknown(SENTENCES[error.kind])


def _refused(error: TaskError, task_id: str) -> Refused:
    """Return the end of a task that the service refuses, which nothing is owed for."""
    message = SENTENCES[error.meaning]
    details = ", ".join(word for word in (error.parameter, error.code) if word)
    if error.meaning in ("validation", "not_found", "transient", "bad_answer") and details:
        message = f"{message.removesuffix('.')} ({details})."
    kind = "validation" if error.meaning == "not_found" else error.meaning
    return Refused(kind, message, None, task_id)
