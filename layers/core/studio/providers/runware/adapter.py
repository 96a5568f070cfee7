"""Runware: tasks named by our own id, so a lost answer can be asked for again at no cost.

One POST carries an array of one task. A picture comes at once or, when the service decides to
work in the background, by ``getResponse``. Contract: runware-sdk 1.8.0 and the vendor's pages on
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
# No picture costs this much: a larger figure is a broken answer, not a price.
_DEAREST_DOLLARS = 1000

_Found = Generated | Pending | Refused


@dataclass(frozen=True, slots=True)
class _Error:
    """An error of an answer; ``code`` and ``parameter`` only where they are plain words.

    Attributes:
        of_task: It says how our task ended, not that the question about it went wrong.
        from_service: The service said it, not some gateway on the way.
    """

    kind: ErrorClass
    code: str | None = None
    parameter: str | None = None
    of_task: bool = False
    from_service: bool = True


class RunwareProvider(RemoteProvider):
    """The task API for one account."""

    def submit(self, request: ProviderRequest) -> ProviderOutcome:
        """Ask for one PNG under our id and wait for it, unless the service goes on without us."""
        task_id = _task_id(request)
        answer = self._post(task_of(request, task_id))
        if not isinstance(answer, HttpResponse):
            return answer
        found = _read(answer, task_id)
        if not isinstance(found, _Error):
            return found
        if found.code == "conflictTaskUUID":
            # An earlier send of this same attempt got through: its picture is what we want.
            return Pending(task_id, _POLL_SECONDS)
        if not found.from_service and (answer.ok or answer.status in GATEWAY_STATUSES):
            return OutcomeUnknown("Runware may be at work, but its answer could not be read.")
        return _not_made(found, answer.retry_after, task_id)

    def poll(self, handle: str) -> ProviderOutcome:
        """Ask for the result of a task; asking is free, so what fails is asked again."""
        answer = self._ask(handle)
        if isinstance(answer, NotFound):
            return OutcomeUnknown("Runware does not know the task any more.")
        return answer

    def look_up(self, request: ProviderRequest) -> ProviderOutcome | NotFound:
        """Ask what became of a task by our id."""
        return self._ask(_task_id(request))

    def _ask(self, task_id: str) -> ProviderOutcome | NotFound:
        answer = self._post({"taskType": "getResponse", "taskUUID": task_id})
        if isinstance(answer, Throttled | OutcomeUnknown):
            return Pending(task_id, _POLL_SECONDS)
        if not isinstance(answer, HttpResponse):
            return OutcomeUnknown(answer.message)
        found = _read(answer, task_id)
        return _asked(found, answer.retry_after, task_id) if isinstance(found, _Error) else found

    def _post(self, task: dict[str, object]) -> SendResult:
        return post_json(
            self._client,
            self._base_url,
            api_key=self._credentials.api_key,
            payload=[task],
            read_timeout=self._card.read_timeout_seconds,
        )


def _task_id(request: ProviderRequest) -> str:
    """Return our id in the form of a version 4 UUID, the only one that the service takes."""
    return str(UUID(bytes=UUID(request.request_id).bytes, version=4))


def _read(answer: HttpResponse, task_id: str) -> _Found | _Error:
    """Find our task's picture in an answer; errors count only where there is none."""
    document = parse_json(answer.body)
    data = document.get("data") if document else None
    items = [item for item in json_objects(data) if item.get("taskUUID", task_id) == task_id]
    for item in items:
        if "imageUUID" in item or item.get("imageBase64Data") or item.get("NSFWContent") is True:
            return _picture(item, task_id)
    error = next(_errors(document or {}, items, answer.status), None)
    if error is None and not (answer.ok and isinstance(data, list)):
        error = _Error(classify("", None, answer.status), from_service=False)
    if error is not None:
        return error
    for item in items:
        if item.get("status") == "success":
            return Refused("no_image", SENTENCES["no_image"], _cost(item), task_id)
    return Pending(task_id, _POLL_SECONDS)


def _not_made(error: _Error, retry_after: int | None, task_id: str) -> Refused | Throttled:
    """Read an error that answered a task."""
    if error.kind == "rate_limit":
        return Throttled("rate_limit", SENTENCES["rate_limit"], retry_after)
    if error.kind == "transient":
        return Throttled("transient", SENTENCES["transient"], retry_after)
    return _refused(error, task_id)


def _asked(error: _Error, retry_after: int | None, task_id: str) -> ProviderOutcome | NotFound:
    """Read an error that answered the question what became of a task."""
    if error.kind == "not_found":
        return NotFound()
    if error.of_task or error.kind == "moderation":
        return _refused(error, task_id)
    if error.kind in ("rate_limit", "transient", "bad_answer"):
        return Pending(task_id, retry_after or _POLL_SECONDS)
    # The question was refused, which says nothing about the task.
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
    """Read the dollars that the service says it charged."""
    dollars = item.get("cost")
    if type(dollars) is int:
        dollars = Decimal(dollars)
    if not isinstance(dollars, Decimal) or not 0 <= dollars <= _DEAREST_DOLLARS:
        return UNKNOWN
    return Cost(micros_from_decimal(dollars), "reported")


def _errors(
    document: dict[str, object], items: list[dict[str, object]], status: int
) -> Iterator[_Error]:
    """Return the errors of an answer from all three places where the service puts them."""
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
    said = ", ".join(word for word in (error.parameter, error.code) if word)
    if error.kind in ("validation", "not_found", "transient", "bad_answer") and said:
        message = f"{message.removesuffix('.')} ({said})."
    kind = "validation" if error.kind == "not_found" else error.kind
    # An error that nobody can read does not say that nothing was charged.
    return Refused(kind, message, UNKNOWN if kind == "bad_answer" else None, task_id)
