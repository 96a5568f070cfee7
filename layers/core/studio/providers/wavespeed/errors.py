"""Meaning of WaveSpeed's envelopes: a code beside the HTTP status, and the text of a failure."""

import re
from dataclasses import dataclass
from typing import Final

from studio.domain.provider_calls.model import ErrorKind, Refused, Throttled
from studio.providers.shared.http import HttpResponse
from studio.providers.shared.identifiers import identifier
from studio.providers.shared.json_body import parse_json
from studio.providers.shared.stated_errors import stated_error

_SENTENCES: Final[dict[ErrorKind, str]] = {
    "auth": "WaveSpeed does not accept the stored key.",
    "permission": "The WaveSpeed account may not do this.",
    "validation": "WaveSpeed does not accept the request",
    "moderation": "WaveSpeed's moderation refused the content.",
    "credits": "The WaveSpeed account has no credit left.",
    "model_gone": "WaveSpeed does not offer this model any more.",
}
_STATUSES: Final[dict[int, ErrorKind]] = {
    401: "auth",
    402: "credits",
    403: "permission",
    404: "model_gone",
    408: "transient",
    429: "rate_limit",
}
# The rate limit counts calls per minute, and no header is documented.
_WINDOW_SECONDS: Final = 60
_CODE: Final = re.compile(r"[1-5][0-9]{2}")
# Only the text of a failure has its reason.
_MODERATION: Final = re.compile(
    r"nsfw|moderat|content.?policy|sensitive|inappropriate|prohibited|flagged|safety", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class ParsedError:
    """An error in a response.

    Attributes:
        kind: What went wrong; ``bad_answer`` if the response cannot be read.
        by_service: Whether the service sent it; otherwise a gateway did.
        word: The service's own word for the error, None where there is none.
        retry_after: Seconds to wait, None where the response does not say.
    """

    kind: ErrorKind
    by_service: bool
    word: str | None = None
    retry_after: int | None = None

    @property
    def temporary(self) -> bool:
        """True if the same request can succeed later."""
        return self.kind in ("rate_limit", "transient")


Data = dict[str, object]
"""The content of an envelope."""


def parse(response: HttpResponse) -> Data | ParsedError:
    """Return the content of an envelope, empty if it has none, or the error of the response.

    A response with the HTTP status 200 can carry an error code, or an error without a code.
    """
    document = parse_json(response.body) or {}
    code, data = _envelope(document) if response.ok else (document.get("code"), None)
    kind, by_service = _kind(response.status), type(code) is int
    if response.ok:
        kind = _kind(code) if isinstance(code, int) else "bad_answer"
        ids = ("id", "items", "outputs", "status")
        begun = isinstance(data, dict) and any(name in data for name in ids)
        stated = None if begun else stated_error(document)
        if stated and kind in (None, "bad_answer"):
            kind, by_service = "moderation" if stated.moderated else _kind(stated.status), True
    if kind is None:
        return data if isinstance(data, dict) else {}
    wait = response.retry_after or (_WINDOW_SECONDS if kind == "rate_limit" else None)
    return ParsedError(kind, by_service, identifier(document.get("error_code")), wait)


def _envelope(document: Data) -> tuple[object, object]:
    """Return the code and the content of a success; a gateway may unwrap it or quote the code."""
    code, data = document.get("code"), document.get("data")
    if code is None and data is None and "id" in document:
        return 200, document
    return (int(code) if isinstance(code, str) and _CODE.fullmatch(code) else code), data


def refusal(error: ParsedError) -> Refused | Throttled:
    """Return the outcome of a call that was not accepted: nothing is made and nothing is owed."""
    if error.kind == "rate_limit":
        return Throttled("rate_limit", "WaveSpeed asks to slow down.", error.retry_after)
    if error.kind not in _SENTENCES:
        return Throttled("transient", "WaveSpeed failed for now.", error.retry_after)
    message = _SENTENCES[error.kind]
    if error.kind == "validation":
        message += f" ({error.word})." if error.word else "."
    return Refused(error.kind, message)


def is_moderation(text: object) -> bool:
    """Return whether the text of a failure names the content as the reason."""
    return isinstance(text, str) and _MODERATION.search(text) is not None


def _kind(status: int) -> ErrorKind | None:
    """Return what a status or code means, None for success."""
    if status == 200:
        return None
    if 500 <= status < 600:
        return "transient"
    if 400 <= status < 500:
        return _STATUSES.get(status, "validation")
    return "bad_answer"
