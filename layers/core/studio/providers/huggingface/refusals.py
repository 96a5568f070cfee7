"""What refusals mean: by status, which the router and all providers behind it share.

Bodies follow the provider and are not documented for every case, so words in them only make a
meaning narrower: what is moderation, and which field is wrong.
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
    "moderation": "The provider's moderation refused the picture.",
    "validation": "The provider behind Hugging Face does not accept the request",
}


def kind_of(status: int) -> ErrorKind:
    """Return what the status of an error means."""
    return _KINDS.get(status, "transient" if status >= 500 else "validation")


def refusal(answer: HttpResponse) -> Refused | Throttled | OutcomeUnknown:
    """Read an answer to a call that has the status of an error."""
    document, kind = parse_json(answer.body) or {}, kind_of(answer.status)
    if answer.status in GATEWAY_STATUSES:
        return OutcomeUnknown("The router gave up waiting for the provider, which may be at work.")
    if kind == "rate_limit":
        wait = answer.retry_after or _resets_in(answer.headers)
        return Throttled("rate_limit", "Hugging Face asks to slow down.", wait)
    if kind == "transient":
        message = f"Hugging Face failed for now (HTTP {answer.status})."
        return Throttled("transient", message, _loading(document) or answer.retry_after)
    if kind == "validation" and _is_moderation(document):
        kind = "moderation"
    message = _SENTENCES[kind]
    if kind == "validation":
        message = f"{message} ({_said(document) or f'HTTP {answer.status}'})."
    return Refused(kind, message, None, answer.request_id)


def run_failure(
    provider: str, document: Mapping[str, object], call_id: str | None = None
) -> Failed:
    """Read why a call that was taken ended without a picture; nobody says what it cost."""
    if _is_moderation(document):
        return Failed("moderation", _SENTENCES["moderation"], call_id=call_id)
    said = _said(document)
    message = f"{provider} failed to make the picture"
    return Failed("no_image", f"{message} ({said})." if said else f"{message}.", call_id=call_id)


def _loading(document: Mapping[str, object]) -> int | None:
    """Return the seconds after which a model that is being loaded should be ready."""
    seconds = document.get("estimated_time")
    if not isinstance(seconds, int | Decimal) or isinstance(seconds, bool):
        return None
    return bounded_wait(seconds)


def _resets_in(headers: Mapping[str, str]) -> int | None:
    """Return the seconds until the limit is lifted, as the IETF's header names them."""
    found = _RESETS_IN.search(headers.get("ratelimit", ""))
    return bounded_wait(int(found[1])) if found else None


def _is_moderation(document: Mapping[str, object]) -> bool:
    said = (document.get(name) for name in ("error", "detail", "errors", "error_type"))
    return any(_MODERATION.search(str(value).lower()) for value in said)


def _said(document: Mapping[str, object]) -> str:
    """Return the plain words of an error: the field first, then what is wrong with it."""
    for entry in _entries(document):
        place = entry.get("loc")
        field = place[-1] if isinstance(place, list) and place else entry.get("param")
        words = map(identifier, (field, entry.get("code"), entry.get("type")))
        said = ", ".join(word for word in words if word)
        if said:
            return said
    return ""


def _entries(document: Mapping[str, object]) -> Iterator[Mapping[str, object]]:
    """Return the errors: Together gives one, fal a list of details."""
    for value in (document.get("error"), document.get("detail")):
        for entry in value if isinstance(value, list) else [value]:
            if isinstance(entry, dict):
                yield entry
