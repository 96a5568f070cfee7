"""Adapter of Runware, whose tasks have our own ids: a lost response can be read again for free.

One POST carries an array of one task. The image is in the response, or the service works in the
background and ``getResponse`` returns it. Contract: runware-sdk 1.8.0 and the vendor's pages on
errors and task polling.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
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
from studio.providers.runware.errors import SENTENCES, ErrorClass, classify
from studio.providers.runware.tasks import TASKS, task_of
from studio.providers.shared.base import RemoteProvider
from studio.providers.shared.base64_data import decode_base64
from studio.providers.shared.http import GATEWAY_STATUSES, HttpResponse, SendResult, post_json
from studio.providers.shared.identifiers import identifier
from studio.providers.shared.json_body import json_objects, parse_json

_POLL_SECONDS = 2
# No image costs this much: a larger figure is a broken response and not a price.
_MAX_DOLLARS = 1000

_Result = Generated | Pending | Refused


@dataclass(frozen=True, slots=True)
class _Error:
    """An error in a response.

    Attributes:
        kind: What the error means.
        code: The service's code, None where it is not an identifier.
        parameter: The first parameter that is wrong, None where it is not an identifier.
        of_task: Whether it is the end of the task; otherwise the request itself failed.
        from_service: Whether the service sent it; otherwise a gateway did.
    """

    kind: ErrorClass
    code: str | None = None
    parameter: str | None = None
    of_task: bool = False
    from_service: bool = True


class RunwareProvider(RemoteProvider):
    """Adapter of the task API for one account."""

    def submit(self, request: ProviderRequest) -> ProviderOutcome:
        """Return one PNG, Pending if the service works in the background, or why there is none."""
        task_id = _task_id(request)
        response = self._post(task_of(request, task_id))
        if not isinstance(response, HttpResponse):
            return response
        found = _read(response, task_id)
        if not isinstance(found, _Error):
            return found
        if found.code == "conflictTaskUUID":
            # An earlier send of the same attempt reached the service, which has its result.
            return Pending(task_id, _POLL_SECONDS)
        if not found.from_service and (response.ok or response.status in GATEWAY_STATUSES):
            return OutcomeUnknown("Runware may be at work, but its answer could not be read.")
        return _submit_error(found, response.retry_after, task_id)

    def poll(self, handle: str) -> ProviderOutcome:
        """Return the result of a task; a poll is free, so a failed poll is repeated."""
        outcome = self._poll(handle)
        if isinstance(outcome, NotFound):
            return OutcomeUnknown("Runware does not know the task any more.")
        return outcome

    def look_up(self, request: ProviderRequest) -> ProviderOutcome | NotFound:
        """Return what became of a task by our id, NotFound if the service has no such task."""
        return self._poll(_task_id(request))

    def _poll(self, task_id: str) -> ProviderOutcome | NotFound:
        response = self._post({"taskType": "getResponse", "taskUUID": task_id})
        if isinstance(response, Throttled | OutcomeUnknown):
            return Pending(task_id, _POLL_SECONDS)
        if not isinstance(response, HttpResponse):
            return OutcomeUnknown(response.message)
        found = _read(response, task_id)
        return (
            _poll_error(found, response.retry_after, task_id)
            if isinstance(found, _Error)
            else found
        )

    def _post(self, task: dict[str, object]) -> SendResult:
        return post_json(
            self._client,
            self._base_url,
            api_key=self._credentials.api_key,
            payload=[task],
            read_timeout=self._card.read_timeout_seconds,
        )


def _task_id(request: ProviderRequest) -> str:
    """Return our id as a version 4 UUID, the only version that the service takes."""
    return str(UUID(bytes=UUID(request.request_id).bytes, version=4))


def _read(response: HttpResponse, task_id: str) -> _Result | _Error:
    """Return the result of our task in a response; an error counts only without an image."""
    document = parse_json(response.body)
    data = document.get("data") if document else None
    items = [item for item in json_objects(data) if item.get("taskUUID", task_id) == task_id]
    for item in items:
        if "imageUUID" in item or item.get("imageBase64Data") or item.get("NSFWContent") is True:
            return _picture(item, task_id)
    error = next(_errors(document or {}, items, response.status), None)
    if error is None and not (response.ok and isinstance(data, list)):
        error = _Error(classify("", None, response.status), from_service=False)
    if error is not None:
        return error
    for item in items:
        if item.get("status") == "success":
            return Refused("no_image", SENTENCES["no_image"], _cost(item), task_id)
    return Pending(task_id, _POLL_SECONDS)


def _submit_error(error: _Error, retry_after: int | None, task_id: str) -> Refused | Throttled:
    """Return what an error response to a submitted task means."""
    if error.kind == "rate_limit":
        return Throttled("rate_limit", SENTENCES["rate_limit"], retry_after)
    if error.kind == "transient":
        return Throttled("transient", SENTENCES["transient"], retry_after)
    return _refused(error, task_id)


def _poll_error(error: _Error, retry_after: int | None, task_id: str) -> ProviderOutcome | NotFound:
    """Return what an error response to a poll means."""
    if error.kind == "not_found":
        return NotFound()
    if error.of_task or error.kind == "moderation":
        return _refused(error, task_id)
    if error.kind in ("rate_limit", "transient", "bad_answer"):
        return Pending(task_id, retry_after or _POLL_SECONDS)
    # The poll is refused, which proves nothing about the task.
    return OutcomeUnknown(SENTENCES[error.kind])


def _picture(item: dict[str, object], task_id: str) -> Generated | Refused:
    cost = _cost(item)
    if item.get("NSFWContent") is True:
        return Refused("moderation", SENTENCES["moderation"], cost, task_id)
    text = item.get("imageBase64Data")
    if not isinstance(text, str) or not text:
        return Refused("no_image", SENTENCES["no_image"], cost, task_id)
    data = decode_base64(text)
    if data is None:
        return Refused("bad_answer", "Runware's picture is not valid base64.", cost, task_id)
    seed = item.get("seed")
    return Generated(data, cost, task_id, seed=seed if type(seed) is int else None)


def _cost(item: dict[str, object]) -> Cost:
    """Return the charge in dollars that the service reports, UNKNOWN if there is none."""
    dollars = item.get("cost")
    if type(dollars) is int:
        dollars = Decimal(dollars)
    if not isinstance(dollars, Decimal) or not 0 <= dollars <= _MAX_DOLLARS:
        return UNKNOWN
    return Cost(micros_from_decimal(dollars), "reported")


def _errors(
    document: dict[str, object], items: list[dict[str, object]], status: int
) -> Iterator[_Error]:
    """Yield the errors of a response from the three places where the service puts them."""
    for error in json_objects(document.get("errors")):
        yield _error(error, status, of_task=error.get("taskType") in TASKS)
    for error in json_objects([document.get("error")]):
        yield _error(error, status, of_task=document.get("taskType") in TASKS)
    for item in items:
        if item.get("status") == "error":
            yield _error(next(json_objects([item.get("error")]), {}), status, of_task=True)


def _error(error: dict[str, object], status: int, *, of_task: bool) -> _Error:
    code, parameter = identifier(error.get("code")), error.get("parameter")
    named = identifier(parameter[0] if isinstance(parameter, list) and parameter else parameter)
    return _Error(classify(code or "", named, status), code, named, of_task)


def _refused(error: _Error, task_id: str) -> Refused:
    message = SENTENCES[error.kind]
    details = ", ".join(word for word in (error.parameter, error.code) if word)
    if error.kind in ("validation", "not_found", "transient", "bad_answer") and details:
        message = f"{message.removesuffix('.')} ({details})."
    kind = "validation" if error.kind == "not_found" else error.kind
    # An error of unknown meaning does not prove that the call is free.
    return Refused(kind, message, UNKNOWN if kind == "bad_answer" else None, task_id)
