"""What Stability AI's refusals mean: by their name where it tells, else by their status."""

from studio.domain.provider_calls.model import ErrorKind, OutcomeUnknown, Refused, Throttled
from studio.providers.shared.http import HttpResponse
from studio.providers.shared.identifiers import identifier
from studio.providers.shared.json_body import parse_json

MODERATED = "Stability AI's moderation refused the picture."
LOCKED_OUT_SECONDS = 60
"""How long an account that asked too often is kept out."""

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


def refusal(answer: HttpResponse) -> Refused | Throttled | OutcomeUnknown:
    """Read an answer to a submit with the status of an error; none of them is charged.

    A gateway that gave up on the service cannot tell whether the service did.
    """
    name, field = said(answer)
    if answer.status > 500 and answer.status != 503 and name is None:
        return OutcomeUnknown("Stability AI may be at work, but a gateway answered in its place.")
    kind = "moderation" if name == "content_moderation" else _kind(answer.status)
    if kind == "rate_limit":
        wait = answer.retry_after or LOCKED_OUT_SECONDS
        return Throttled("rate_limit", "Stability AI asks to slow down.", wait)
    if kind == "transient":
        message = f"Stability AI failed for now (HTTP {answer.status})."
        return Throttled("transient", message, answer.retry_after)
    message = _SENTENCES[kind]
    if kind == "validation":
        words = ", ".join(word for word in (field, name) if word) or f"HTTP {answer.status}"
        message = f"{message} ({words})."
    return Refused(kind, message, None, answer.request_id)


def said(answer: HttpResponse) -> tuple[str | None, str | None]:
    """Return the name of an error, and the field that it is about."""
    document = parse_json(answer.body) or {}
    errors = document.get("errors")
    first = errors[0] if isinstance(errors, list) and errors else None
    field, colon, _ = first.partition(":") if isinstance(first, str) else ("", "", "")
    return identifier(document.get("name")), identifier(field) if colon else None


def _kind(status: int) -> ErrorKind:
    return _STATUSES.get(status, "transient" if status > 500 else "validation")
