"""Runware's errors: where a response has them, and what their codes mean.

The vendor renames its codes, so patterns classify them in the order of its own SDK (runware-sdk
1.8.0, ``errors.derive_code``). A code without a pattern is classified by the HTTP status. If that
says success, the words of the error decide.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from studio.domain.provider_calls.model import ErrorKind
from studio.providers.runware.tasks import TASKS
from studio.providers.shared.identifiers import identifier
from studio.providers.shared.json_body import json_objects
from studio.providers.shared.stated_errors import stated_error

ErrorClass = ErrorKind | Literal["not_found"]

SENTENCES: dict[ErrorClass, str] = {
    "auth": "Runware does not accept the stored key.",
    "permission": "The Runware account may not do this.",
    "validation": "Runware does not accept the request.",
    "moderation": "Runware's moderation refused the image.",
    "credits": "The Runware account has no credit left.",
    "rate_limit": "Runware asks to slow down.",
    "transient": "Runware failed for now.",
    "model_gone": "Runware does not offer this model any more.",
    "no_image": "Runware answered without an image.",
    "bad_answer": "Runware's answer could not be understood.",
    "not_found": "Runware does not know what the request refers to.",
}

# The first match counts: "providerContentPolicyViolation" is moderation, although "provider..."
# alone is a failure of the service.
_PATTERNS: tuple[tuple[ErrorClass, str], ...] = (
    ("credits", r"Credits|Quota|Balance|^quotaExceeded$|^paymentRequired$"),
    ("rate_limit", r"RateLimit|^rateLimitExceeded$"),
    (
        "moderation",
        r"ContentPolicy|^contentPolicy|^(sensitive|unsafe|nsfw)ContentDetected$|^nsfw"
        r"|^(prompt|image)Blocked$|^moderationFailed$|^invalidProviderContent$",
    ),
    ("auth", r"ApiKey|^unauthorized$|^auth|Authentication$|^invalidCredentials$|^token"),
    (
        "permission",
        r"^forbidden$|^permissionDenied$|^insufficientPermissions$"
        r"|^(account|organization|workspace)(Suspended|Disabled)$",
    ),
    ("transient", r"Timeout|^timeout"),
    ("not_found", r"(NotFound|Expired)$|^taskFailedOrNotFound$|^unknownModel$"),
    ("transient", r"^(internalServer|standard|unknown|undefined|default)Error$"),
    ("transient", r"^(service|server)Unavailable$"),
    ("transient", r"^(inferenceError|processingFailed|taskFailed|noAvailableServer)$"),
    ("transient", r"^model(Unavailable|NotReady)$|^provider"),
    ("validation", r"^(invalid|missing|conflict|duplicate|unsupported|value|array|max)"),
)

_STATUSES: dict[int, ErrorClass] = {
    401: "auth",
    402: "credits",
    403: "permission",
    408: "transient",
    429: "rate_limit",
}

_GOOD = frozenset({"success", "processing", "pending"})


@dataclass(frozen=True, slots=True)
class TaskError:
    """An error in a response.

    Attributes:
        kind: What its code or the HTTP status means, ``bad_answer`` where neither says.
        code: The service's code, None where it is not an identifier.
        parameter: The first parameter that is wrong, None where it is not an identifier.
        of_task: Whether it is the end of the task; otherwise the request itself failed.
        from_service: Whether the service sent it; otherwise a gateway did.
        words: What its words mean.
    """

    kind: ErrorClass
    code: str | None = None
    parameter: str | None = None
    of_task: bool = False
    from_service: bool = True
    words: ErrorClass = "validation"

    @property
    def meaning(self) -> ErrorClass:
        """Meaning for a call: an error of unknown code is a refusal by its words."""
        return self.words if self.kind == "bad_answer" and self.from_service else self.kind


def first_error(
    document: Mapping[str, object], items: list[dict[str, object]], status: int
) -> TaskError | None:
    """Return the first error of a response, None if it has none.

    Args:
        document: The response.
        items: The results of our task in it.
        status: HTTP status of the response.
    """
    words = _words(document)
    found = next(_errors(document, items, status, words), None)
    # An error among the results of other tasks is not ours.
    rest = {
        name: one for name, one in document.items() if not isinstance(one, list) or name != "data"
    }
    if found is None and status < 400 and stated_error(rest):
        return TaskError("bad_answer", words=words)
    return found


def _errors(
    document: Mapping[str, object], items: list[dict[str, object]], status: int, words: ErrorClass
) -> Iterator[TaskError]:
    """Yield the errors from the three places where the service puts them."""
    for error in json_objects(document.get("errors")):
        yield _error(error, status, words, of_task=error.get("taskType") in TASKS)
    for error in json_objects([document.get("error")]):
        yield _error(error, status, words, of_task=document.get("taskType") in TASKS)
    for item in items:
        if item.get("status") == "error" or _is_refused(item):
            error = next(json_objects([item.get("error")]), {})
            yield _error(error, status, _words(item), of_task=True)


def _is_refused(item: dict[str, object]) -> bool:
    """Return whether a result states an error, although no status says that it is one."""
    return item.get("status") not in _GOOD and stated_error(item) is not None


def _error(error: dict[str, object], status: int, words: ErrorClass, *, of_task: bool) -> TaskError:
    code, parameter = identifier(error.get("code")), error.get("parameter")
    named = identifier(parameter[0] if isinstance(parameter, list) and parameter else parameter)
    return TaskError(classify(code or "", named, status), code, named, of_task, words=words)


def _words(document: Mapping[str, object]) -> ErrorClass:
    """Return what the words of an error mean."""
    stated = stated_error(document)
    if stated is None:
        return "validation"
    return "moderation" if stated.moderated else classify("", None, stated.status)


def classify(code: str, parameter: str | None, status: int) -> ErrorClass:
    """Return the class of an error, by its code if a pattern matches, else by its status.

    A validation error about the model means that the model is gone.
    """
    code = re.sub(r"[_-]([a-z])", lambda found: found[1].upper(), code)
    kind = next((kind for kind, pattern in _PATTERNS if re.search(pattern, code)), None)
    if kind is None:
        kind = _by_status(status)
    about_model = parameter == "model" or code.lower().startswith(("model", "unknownmodel"))
    if about_model and kind in ("validation", "not_found"):
        return "model_gone"
    if kind == "auth" and status == 403 and "ApiKey" not in code:
        return "permission"
    return kind


def _by_status(status: int) -> ErrorClass:
    if status >= 500:
        return "transient"
    if status < 400:
        return "bad_answer"
    return _STATUSES.get(status, "validation")
