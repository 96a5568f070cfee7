"""Meaning of Stability AI's errors, by their name if that is known, else by their status."""

from dataclasses import dataclass

from studio.domain.provider_calls.model import ErrorKind, OutcomeUnknown, Refused, Throttled
from studio.providers.shared.http import HttpResponse
from studio.providers.shared.identifiers import identifier
from studio.providers.shared.json_body import parse_json

MODERATED = "Stability AI's moderation refused the image."
LOCKED_OUT_SECONDS = 60
"""How long the vendor blocks an account that calls too often."""

_SENTENCES: dict[ErrorKind, str] = {
    "auth": "Stability AI does not accept the stored key.",
    "permission": "The Stability AI account may not do this.",
    "validation": "Stability AI does not accept the request",
    "moderation": MODERATED,
    "credits": "The Stability AI account has no credit left.",
    "model_gone": "Stability AI does not offer this model any more.",
}
_STATUSES: dict[int, ErrorKind] = {
    401: "auth",
    402: "credits",
    403: "permission",
    404: "model_gone",
    408: "transient",
    429: "rate_limit",
    500: "transient",
    503: "transient",
}


@dataclass(frozen=True, slots=True)
class ParsedError:
    """An error of the service.

    Attributes:
        name: The service's name of the error, None where the body has none.
        field: The field that is wrong, None where the body names none.
    """

    name: str | None
    field: str | None


def refusal(response: HttpResponse) -> Refused | Throttled | OutcomeUnknown:
    """Return what an error response to a submitted call means; an error costs nothing.

    A gateway that lost the service cannot know whether the service works on the call.
    """
    error = parse_error(response)
    if response.status > 500 and response.status != 503 and error.name is None:
        return OutcomeUnknown("Stability AI may be at work, but a gateway answered in its place.")
    kind = "moderation" if error.name == "content_moderation" else _kind(response.status)
    if kind == "rate_limit":
        wait = response.retry_after or LOCKED_OUT_SECONDS
        return Throttled("rate_limit", "Stability AI asks to slow down.", wait)
    if kind == "transient":
        message = f"Stability AI failed for now (HTTP {response.status})."
        return Throttled("transient", message, response.retry_after)
    message = _SENTENCES[kind]
    if kind == "validation":
        words = ", ".join(word for word in (error.field, error.name) if word)
        message = f"{message} ({words or f'HTTP {response.status}'})."
    return Refused(kind, message, None, response.request_id)


def parse_error(response: HttpResponse) -> ParsedError:
    """Return the error that a body describes."""
    document = parse_json(response.body) or {}
    errors = document.get("errors")
    first = errors[0] if isinstance(errors, list) and errors else None
    field, colon, _ = first.partition(":") if isinstance(first, str) else ("", "", "")
    return ParsedError(identifier(document.get("name")), identifier(field) if colon else None)


def _kind(status: int) -> ErrorKind:
    return _STATUSES.get(status, "transient" if status > 500 else "validation")
