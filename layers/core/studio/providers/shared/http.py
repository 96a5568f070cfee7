"""One request to a provider over the shared client, and what its failures mean for money.

A call that could not be sent is repeatable; one that was sent and not answered may be paid.
Nothing here puts a key, a URL or a body into a message.
"""

import base64
import binascii
import json
import math
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from email.utils import parsedate_to_datetime
from functools import lru_cache
from typing import Any, Literal, NoReturn

import httpx

from studio.clock import utc_now
from studio.domain.provider_calls.model import OutcomeUnknown, Refused, Throttled

MAX_BODY_BYTES = 64 * 1024 * 1024
_CONNECT_SECONDS = 10
_WRITE_SECONDS = 30
_LONGEST_WAIT_SECONDS = 600
_ID_LENGTH = 128
GATEWAY_STATUSES = frozenset({502, 504, 520, 522, 524})
"""Statuses with which something on the way answers for a service that it lost sight of.

The service may be at work and bill it, unless the answer is in the service's own words. Sources:
RFC 9110, 15.6.3 and 15.6.5; the last three are Cloudflare's own (read 2026-11-21).
"""


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """What came back; ``body`` is cut at ``MAX_BODY_BYTES``, so a longer one cannot be read."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def ok(self) -> bool:
        """Whether the status says that the request was carried out."""
        return 200 <= self.status < 300

    @property
    def retry_after(self) -> int | None:
        """Seconds to wait as the headers ask, None where they do not."""
        return parse_retry_after(self.headers, utc_now())

    @property
    def request_id(self) -> str | None:
        """The provider's id of the call."""
        return identifier(self.headers.get("x-request-id"))


Sent = HttpAnswer | Throttled | Refused | OutcomeUnknown
"""What became of a request."""


@dataclass(frozen=True, slots=True)
class FormFile:
    """A file of a form."""

    field: str
    filename: str
    data: bytes
    media_type: str


@lru_cache(maxsize=1)
def shared_client() -> httpx.Client:
    """Return the client of this process: made at first use, connections kept.

    The environment is not trusted: a proxy variable or .netrc must not see the keys.
    """
    return httpx.Client(trust_env=False)


def post_json(
    client: httpx.Client, url: str, *, api_key: str, payload: object, read_timeout: float
) -> Sent:
    """POST a JSON document with a bearer key; see ``send``."""
    return send(
        client, "POST", url, _bearer(api_key), secret=api_key, read_timeout=read_timeout,
        content={"json": payload},
    )  # fmt: skip


def post_form(
    client: httpx.Client,
    url: str,
    *,
    api_key: str,
    fields: Mapping[str, str],
    files: Sequence[FormFile],
    read_timeout: float,
    accept: str = "application/json",
) -> Sent:
    """POST a form (multipart/form-data) of text fields and files with a bearer key; see ``send``.

    The fields are plain text parts, so that a form without any file is multipart, too.
    """
    parts: list[tuple[str, Any]] = [(name, (None, value)) for name, value in fields.items()]
    parts += [(file.field, (file.filename, file.data, file.media_type)) for file in files]
    headers = _bearer(api_key) | {"Accept": accept}
    return send(
        client,
        "POST",
        url,
        headers,
        secret=api_key,
        read_timeout=read_timeout,
        content={"files": parts},
    )


def _bearer(api_key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {api_key}", "Accept": "application/json"}


def send(
    client: httpx.Client,
    method: Literal["GET", "POST", "PUT"],
    url: str,
    headers: Mapping[str, str],
    *,
    secret: str,
    read_timeout: float,
    content: Mapping[str, Any] | None = None,
) -> Sent:
    """Send a request and read the whole answer.

    Args:
        client: Client to send with.
        method: HTTP method.
        url: Where to.
        headers: What goes with it, the key included.
        secret: Key of the account, struck out of whatever refuses.
        read_timeout: Seconds of silence after which the call counts as lost; an answer that
            trickles for longer than that is given up, too.
        content: The body as httpx takes it: ``json``, ``files`` or ``content``; None for none.

    Returns:
        The answer whatever its status; Throttled if nothing was sent; Refused if the key or
        the URL cannot be sent to at all; OutcomeUnknown if no full answer came.
    """
    if not (secret.isascii() and secret.isprintable()):
        # The HTTP library would quote such a key in its exception.
        return Refused("auth", "The stored key has characters that no key can have.")
    timeout = httpx.Timeout(
        connect=_CONNECT_SECONDS, read=read_timeout, write=_WRITE_SECONDS, pool=_CONNECT_SECONDS
    )
    try:
        with client.stream(
            method, url, headers=headers, timeout=timeout, **(content or {})
        ) as response:
            return HttpAnswer(
                response.status_code,
                response.headers,
                _read_body(response, secret, time.monotonic() + read_timeout),
            )
    except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout):
        return Throttled("transient", "The provider could not be reached.")
    except (httpx.InvalidURL, httpx.UnsupportedProtocol):
        return Refused("validation", "The base URL stored for this provider is not a usable URL.")
    except httpx.RequestError:
        return OutcomeUnknown("The request was sent, but its answer was lost.")


def _read_body(response: httpx.Response, api_key: str, deadline: float) -> bytes:
    """Read up to the limit; of an answer that refuses, the status alone is enough.

    Refusals quote keys, and their words are shown to people: the key is struck out of them.
    """
    body = bytearray()
    try:
        for chunk in response.iter_bytes():
            body += chunk
            if len(body) > MAX_BODY_BYTES:
                break
            if time.monotonic() > deadline:
                raise httpx.ReadTimeout("the answer trickled for too long")
    except httpx.TransportError:
        if response.status_code < 400:
            raise
    if response.status_code >= 400 and api_key:
        body = body.replace(api_key.encode(), b"***")
    return bytes(body[:MAX_BODY_BYTES])


def parse_retry_after(headers: Mapping[str, str], now: datetime) -> int | None:
    """Read how long to wait: ``retry-after-ms``, or ``retry-after`` in seconds or as a date.

    Returns:
        Whole seconds, rounded up, 1 to 600; None where the headers say nothing readable.
    """
    for name, per_second in (("retry-after-ms", 1000), ("retry-after", 1)):
        text = headers.get(name, "").strip()
        if text.replace(".", "", 1).isdecimal() and text.isascii():
            return _bounded(Decimal(text) / per_second)
    try:
        at = parsedate_to_datetime(headers.get("retry-after", ""))
    except (ValueError, OverflowError):
        return None
    aware = at if at.tzinfo else at.replace(tzinfo=UTC)
    return _bounded(Decimal((aware - now).total_seconds()))


def _bounded(seconds: Decimal) -> int:
    return math.ceil(min(max(seconds, Decimal(1)), Decimal(_LONGEST_WAIT_SECONDS)))


def parse_json(body: bytes) -> dict[str, object] | None:
    """Read a JSON object; None if it is anything else. Numbers with a point are Decimals."""
    try:
        document = json.loads(body, parse_float=Decimal, parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        return None
    return document if isinstance(document, dict) else None


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")


def decode_picture(text: str) -> bytes | None:
    """Decode base64 strictly; None if it is not base64."""
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None


def identifier(value: object) -> str | None:
    """Return a provider's word if it is shaped like one and safe to show, else None."""
    if not isinstance(value, str) or not 0 < len(value) <= _ID_LENGTH or not value.isascii():
        return None
    return value if value.replace("-", "").replace(".", "").replace("_", "").isalnum() else None
