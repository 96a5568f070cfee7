"""What WaveSpeed's envelopes mean: a code beside the HTTP status, and the text of a failure."""

import re
from dataclasses import dataclass
from typing import Final

from studio.domain.provider_calls.model import ErrorKind, Refused, Throttled
from studio.providers.shared.http import HttpResponse
from studio.providers.shared.identifiers import identifier
from studio.providers.shared.json_body import parse_json

_SENTENCES: Final[dict[ErrorKind, str]] = {
    "auth": "WaveSpeed does not accept the stored key.",
    "permission": "The WaveSpeed account may not do this.",
    "validation": "WaveSpeed does not accept the request",
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
# The account's calls are counted by the minute, and no header is documented.
_WINDOW_SECONDS: Final = 60
# A failure says only in words why it is one.
_MODERATION: Final = re.compile(
    r"nsfw|moderat|content.?policy|sensitive|inappropriate|prohibited|flagged|safety", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Said:
    """What an answer says.

    Attributes:
        kind: What went wrong, None where nothing did; ``bad_answer`` if it cannot be read.
        data: The envelope's content, empty where there is none.
        by_service: The service said it, not some gateway on the way.
        word: The service's own word for what went wrong.
        retry_after: Seconds to wait, None where nobody says.
    """

    kind: ErrorKind | None
    data: dict[str, object]
    by_service: bool
    word: str | None = None
    retry_after: int | None = None

    @property
    def passing(self) -> bool:
        """Whether the same may be asked again later."""
        return self.kind in ("rate_limit", "transient")


def read(answer: HttpResponse) -> Said:
    """Read an envelope; an HTTP status of 200 may carry another code."""
    document = parse_json(answer.body) or {}
    code, data = document.get("code"), document.get("data")
    by_service = type(code) is int
    kind = _kind(answer.status)
    if answer.ok:
        kind = _kind(code) if type(code) is int else "bad_answer"
    wait = answer.retry_after or (_WINDOW_SECONDS if kind == "rate_limit" else None)
    word = identifier(document.get("error_code"))
    return Said(kind, data if isinstance(data, dict) else {}, by_service, word, wait)


def refusal(said: Said) -> Refused | Throttled:
    """Return what a call that was not taken leads to: nothing was made and nothing is owed."""
    if said.kind == "rate_limit":
        return Throttled("rate_limit", "WaveSpeed asks to slow down.", said.retry_after)
    if said.kind is None or said.kind not in _SENTENCES:
        return Throttled("transient", "WaveSpeed failed for now.", said.retry_after)
    message = _SENTENCES[said.kind]
    if said.kind == "validation":
        message += f" ({said.word})." if said.word else "."
    return Refused(said.kind, message)


def is_moderation(text: object) -> bool:
    """Tell whether the text of a failure says that the content was the reason."""
    return isinstance(text, str) and _MODERATION.search(text) is not None


def _kind(status: int) -> ErrorKind | None:
    if status == 200:
        return None
    if 500 <= status < 600:
        return "transient"
    if 400 <= status < 500:
        return _STATUSES.get(status, "validation")
    return "bad_answer"
