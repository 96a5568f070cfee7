"""Meaning of error responses, by a status that the router and all its providers share.

Bodies differ by provider, and not every case is documented. So a body only refines the meaning:
whether moderation is the reason, and which field is wrong.
"""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Final

from studio.domain.provider_calls.model import ErrorKind, OutcomeUnknown, Refused, Throttled
from studio.providers.huggingface.calls import Failed
from studio.providers.shared.http import GATEWAY_STATUSES, HttpResponse
from studio.providers.shared.identifiers import identifier
from studio.providers.shared.json_body import parse_json
from studio.providers.shared.retry_after import bounded_wait

_MODERATION: Final = re.compile(r"nsfw|content[ _]policy|moderat|flagged as")
_RESETS_IN: Final = re.compile(r";\s*t=(\d{1,6})")

_KINDS: Final[Mapping[int, ErrorKind]] = {
    401: "auth",
    402: "credits",
    403: "permission",
    404: "model_gone",
    408: "transient",
    410: "model_gone",
    429: "rate_limit",
}
_SENTENCES: Final[Mapping[ErrorKind, str]] = {
    "auth": "Hugging Face does not accept the stored token.",
    "credits": "The Hugging Face account has used up its credits.",
    "permission": "The Hugging Face token may not call providers, or not this model.",
    "model_gone": "Hugging Face does not route to this model any more.",
    "moderation": "The provider's moderation refused the image.",
    "validation": "The provider behind Hugging Face does not accept the request",
}


def kind_of(status: int) -> ErrorKind:
    """Return the kind of an error by its status."""
    return _KINDS.get(status, "transient" if status >= 500 else "validation")


def refusal(response: HttpResponse) -> Refused | Throttled | OutcomeUnknown:
    """Return what an error response to a submitted call means."""
    document, kind = parse_json(response.body) or {}, kind_of(response.status)
    if response.status in GATEWAY_STATUSES:
        return OutcomeUnknown("The router gave up waiting for the provider, which may be at work.")
    if kind == "rate_limit":
        wait = response.retry_after or _resets_in(response.headers)
        return Throttled("rate_limit", "Hugging Face asks to slow down.", wait)
    if kind == "transient":
        message = f"Hugging Face failed for now (HTTP {response.status})."
        return Throttled("transient", message, _loading(document) or response.retry_after)
    if kind == "validation" and _is_moderation(document):
        kind = "moderation"
    message = _SENTENCES[kind]
    if kind == "validation":
        message = f"{message} ({_identifiers(document) or f'HTTP {response.status}'})."
    return Refused(kind, message, None, response.request_id)


def run_failure(
    provider: str, document: Mapping[str, object], call_id: str | None = None
) -> Failed:
    """Return why an accepted call ended without an image; its cost is not reported."""
    if _is_moderation(document):
        return Failed("moderation", _SENTENCES["moderation"], call_id=call_id, run=True)
    details = _identifiers(document)
    message = f"{provider} failed to make the image"
    message += f" ({details})." if details else "."
    return Failed("no_image", message, call_id=call_id, run=True)


def _loading(document: Mapping[str, object]) -> int | None:
    """Return the expected seconds until the model is loaded, None if there is no number."""
    seconds = document.get("estimated_time")
    if not isinstance(seconds, int | Decimal) or isinstance(seconds, bool):
        return None
    return bounded_wait(seconds)


def _resets_in(headers: Mapping[str, str]) -> int | None:
    """Return the seconds until the rate limit resets, from the IETF's header."""
    found = _RESETS_IN.search(headers.get("ratelimit", ""))
    return bounded_wait(int(found[1])) if found else None


def _is_moderation(document: Mapping[str, object]) -> bool:
    members = (document.get(name) for name in ("error", "detail", "errors", "error_type"))
    return any(_MODERATION.search(str(value).lower()) for value in members)


def _identifiers(document: Mapping[str, object]) -> str:
    """Return the identifiers of an error: the field first, then what is wrong with it."""
    for entry in _entries(document):
        place = entry.get("loc")
        field = place[-1] if isinstance(place, list) and place else entry.get("param")
        words = map(identifier, (field, entry.get("code"), entry.get("type")))
        details = ", ".join(word for word in words if word)
        if details:
            return details
    return ""


def _entries(document: Mapping[str, object]) -> Iterator[Mapping[str, object]]:
    """Yield the errors of a body: Together sends one, fal a list of details."""
    for value in (document.get("error"), document.get("detail")):
        for entry in value if isinstance(value, list) else [value]:
            if isinstance(entry, dict):
                yield entry
