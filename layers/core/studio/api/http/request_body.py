"""Reading what a request carries: its body, its key and its preference to wait."""

import json
import re
from base64 import b64decode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import NoReturn

from studio.api.http.messages import Request
from studio.clock import parse_rfc3339
from studio.errors import IdempotencyKeyMissingError, MalformedRequestError

MAX_BODY_BYTES = 1_000_000
# Lambda takes events of 6 MB; this leaves room for images of 4 MiB as base64.
MAX_ORDER_BYTES = 5_800_000
MAX_WAIT_SECONDS = 20

_KEY = re.compile(r"[\x20-\x7e]{1,255}")
_WAIT = re.compile(r"wait\s*=\s*0*([1-9][0-9]{0,5})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Body:
    """A JSON object as it was sent, and the hash of its canonical form.

    Two bodies that differ only in white space or the order of members have one hash.
    """

    text: str
    hash: str
    document: Mapping[str, object]


def read_body(request: Request, *, optional: bool = False, limit: int = MAX_BODY_BYTES) -> Body:
    """Read the body as a JSON object; an absent one is ``{}`` where it is optional.

    Raises:
        MalformedRequestError: it is too large, not JSON, or not an object.
    """
    text = _text(request, limit)
    if optional and not text.strip():
        text = "{}"
    try:
        document = json.loads(text, parse_constant=_refuse_constant)
        canonical = json.dumps(document, sort_keys=True, separators=(",", ":"))
    except (ValueError, RecursionError) as error:
        raise MalformedRequestError("the body is not JSON") from error
    if not isinstance(document, dict):
        raise MalformedRequestError("the body is not a JSON object")
    return Body(text, sha256(canonical.encode()).hexdigest(), document)


def idempotency_key(request: Request) -> str:
    """Return the caller's key.

    Raises:
        IdempotencyKeyMissingError: there is none, or it is not 1 to 255 printable ASCII.
    """
    key = request.headers.get("idempotency-key", "").strip()
    if not _KEY.fullmatch(key):
        raise IdempotencyKeyMissingError(
            "this request can spend money: send a header Idempotency-Key of 1 to 255 printable "
            "ASCII characters, and the same one when you repeat the request"
        )
    return key


def preferred_wait(request: Request) -> int | None:
    """Return how many seconds the caller would wait for the result, at most 20.

    A preference that cannot be read is ignored, as RFC 7240 asks.
    """
    for preference in request.headers.get("prefer", "").split(","):
        match = _WAIT.fullmatch(preference.strip())
        if match:
            return min(int(match[1]), MAX_WAIT_SECONDS)
    return None


def known_words(request: Request, name: str, known: Sequence[str]) -> list[str]:
    """Read a query parameter that may be repeated, each value once and sorted.

    Raises:
        MalformedRequestError: a value is not one of the known words.
    """
    values = sorted(set(request.query.get(name, [])))
    for value in values:
        if value not in known:
            raise MalformedRequestError(f"{name} must be one of {', '.join(known)}")
    return values


def time_of(request: Request, name: str) -> datetime | None:
    """Read a query parameter that is a time, None where it is absent.

    Raises:
        MalformedRequestError: it is no RFC 3339 time with an offset.
    """
    text = request.query_param(name)
    if text is None:
        return None
    try:
        at = parse_rfc3339(text)
        if at.tzinfo is not None:
            return at.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise MalformedRequestError(
            f"{name} must be a time such as 2026-01-31T12:00:00Z"
        ) from error
    raise MalformedRequestError(f"{name} must say its offset from UTC, or Z")


def _text(request: Request, limit: int) -> str:
    raw = request.event.get("body") or ""
    try:
        data = b64decode(raw) if request.event.get("isBase64Encoded") else raw.encode()
        if len(data) > limit:
            raise MalformedRequestError(f"the body is larger than {limit} bytes")
        return data.decode()
    except ValueError as error:
        raise MalformedRequestError("the body is not UTF-8 text") from error


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")
