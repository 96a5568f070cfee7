"""Sending of one request to a provider, and what a failure to get its response means for money.

A request that was not sent may be repeated. A request that was sent without a response may be
paid. The status of a response counts even if its body cannot be read. No message here contains a
key, a URL or a body.
"""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

import httpx

from studio.clock import utc_now
from studio.content_codings import packed_limit, unpack
from studio.domain.provider_calls.model import OutcomeUnknown, Refused, Throttled
from studio.media_files import is_whole
from studio.providers.shared.identifiers import identifier
from studio.providers.shared.json_body import parse_json
from studio.providers.shared.retry_after import parse_retry_after

MAX_BODY_BYTES = 64 * 1024 * 1024
_MAX_ERROR_BYTES = 1024 * 1024
_CONNECT_SECONDS = 10
_WRITE_SECONDS = 30
_ERROR_SECONDS = 10
# The codings that ``unpack`` knows; the HTTP library would add others that are installed.
_CODINGS = {"Accept-Encoding": "gzip, deflate"}
GATEWAY_STATUSES = frozenset({502, 504, 520, 522, 524})
"""Statuses that a gateway sends when it loses the service behind it.

The service may still work on the request and bill it. A body in the service's own format shows
that the service itself answered. Sources: RFC 9110, 15.6.3 and 15.6.5; the last three are
Cloudflare's own (read 2026-11-21).
"""


@dataclass(frozen=True, slots=True)
class HttpResponse:
    """A response with any status; ``body`` is unpacked and cut at ``MAX_BODY_BYTES``.

    The body of a success is complete. The body of an error may be cut or empty.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def ok(self) -> bool:
        """True if the status is 2xx."""
        return 200 <= self.status < 300

    @property
    def redirects(self) -> bool:
        """True if the status is 3xx: the service did not take the request."""
        return 300 <= self.status < 400

    @property
    def retry_after(self) -> int | None:
        """Seconds to wait according to the headers, None where they do not say."""
        return parse_retry_after(self.headers, utc_now())

    @property
    def request_id(self) -> str | None:
        """The provider's id of the call."""
        names = ("x-request-id", "x-amzn-requestid")
        return identifier(next(filter(None, map(self.headers.get, names)), None))


_LOST = OutcomeUnknown("The request was sent, but its answer was lost.")

SendResult = HttpResponse | Throttled | Refused | OutcomeUnknown
"""What sending a request leads to; see ``send``."""


@dataclass(frozen=True, slots=True)
class FormFile:
    """A file part of a form."""

    field: str
    filename: str
    data: bytes
    media_type: str


@lru_cache(maxsize=1)
def shared_client() -> httpx.Client:
    """Return the HTTP client of this process, made at first use, which keeps connections.

    It does not read the environment: a proxy variable or .netrc must not see the keys.
    """
    # Imported late, because a function that calls no provider needs no connection.
    from studio.providers.shared.transport import StatusKeepingTransport

    return httpx.Client(transport=StatusKeepingTransport(), trust_env=False)


def bearer(api_key: str, accept: str = "application/json") -> dict[str, str]:
    """Return the headers that carry a bearer key and name the accepted media types."""
    return {"Authorization": f"Bearer {api_key}", "Accept": accept}


def post_json(
    client: httpx.Client, url: str, *, api_key: str, payload: object, read_timeout: float
) -> SendResult:
    """POST a JSON document with a bearer key; see ``send``."""
    return send(
        client, "POST", url, bearer(api_key), secret=api_key, read_timeout=read_timeout,
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
) -> SendResult:
    """POST a form (multipart/form-data) of text fields and files with a bearer key; see ``send``.

    Fields are sent as text parts, so a form without files is multipart as well.
    """
    parts: list[tuple[str, Any]] = [(name, (None, value)) for name, value in fields.items()]
    parts += [(file.field, (file.filename, file.data, file.media_type)) for file in files]
    return send(
        client,
        "POST",
        url,
        bearer(api_key, accept),
        secret=api_key,
        read_timeout=read_timeout,
        content={"files": parts},
    )


def send(
    client: httpx.Client,
    method: Literal["GET", "POST", "PUT"],
    url: str,
    headers: Mapping[str, str],
    *,
    secret: str,
    read_timeout: float,
    content: Mapping[str, Any] | None = None,
    needs_body: bool = True,
) -> SendResult:
    """Send a request and return the whole response.

    Args:
        client: Client to send with.
        method: HTTP method.
        url: Address of the request.
        headers: Headers of the request, the key included.
        secret: Key of the account, which is removed from the body of an error response.
        read_timeout: Longest silence, and longest time for the whole body, in seconds.
        content: The body as httpx takes it: ``json``, ``files`` or ``content``; None for none.
        needs_body: Whether a success without a complete body is lost.

    Returns:
        The response with any status. Throttled if nothing was sent. Refused if the key or
        the URL is unusable. OutcomeUnknown if no response, or no complete success, arrives.
    """
    if not (secret.isascii() and secret.isprintable()):
        # The HTTP library would quote such a key in its exception.
        return Refused("auth", "The stored key has characters that no key can have.")
    try:
        with client.stream(method, url, **_options(headers, content, read_timeout)) as response:
            received, complete = _received(response, secret, read_timeout)
            return received if complete or not needs_body else _LOST
    except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout):
        return Throttled("transient", "The provider could not be reached.")
    except (httpx.InvalidURL, httpx.UnsupportedProtocol, UnicodeError):
        return Refused("validation", "The base URL stored for this provider is not a usable URL.")
    except httpx.RequestError:
        return _LOST


def _options(
    headers: Mapping[str, str], content: Mapping[str, Any] | None, read_timeout: float
) -> dict[str, Any]:
    """Return the arguments of a request as httpx takes them."""
    timeout = httpx.Timeout(
        connect=_CONNECT_SECONDS, read=read_timeout, write=_WRITE_SECONDS, pool=_CONNECT_SECONDS
    )
    return {"headers": {**_CODINGS, **headers}, "timeout": timeout, **(content or {})}


def _received(
    response: httpx.Response, secret: str, read_timeout: float
) -> tuple[HttpResponse, bool]:
    """Return a response, and whether it is complete; an error needs no complete body.

    Error responses quote keys, and their words are shown to people, so the secret is removed. A
    success with a wrong length counts if its body is complete by its own format.
    """
    status = response.status_code
    succeeded = 200 <= status < 300
    limit = MAX_BODY_BYTES if succeeded else _MAX_ERROR_BYTES
    codings = response.headers.get("content-encoding", "")
    seconds = read_timeout if succeeded else min(read_timeout, _ERROR_SECONDS)
    raw, complete = _read_body(response, packed_limit(limit), seconds)
    body = unpack(raw, codings, limit)[:limit]
    if not succeeded:
        body = body.replace(secret.encode(), b"***") if secret else body
        return HttpResponse(status, response.headers, body), True
    complete = complete or is_whole(body) or parse_json(body) is not None
    return HttpResponse(status, response.headers, body), complete


def _read_body(response: httpx.Response, limit: int, seconds: float) -> tuple[bytes, bool]:
    """Return the packed body up to the limit, and whether it did not break off.

    Args:
        response: The open response.
        limit: Bytes that are read at most.
        seconds: Longest silence, and longest time for the whole body.
    """
    # Without this header httpx does not unpack, which has no limit and fails on a wrong header.
    response.headers.pop("content-encoding", None)
    response.request.extensions["timeout"]["read"] = seconds
    deadline = time.monotonic() + seconds
    body = bytearray()
    try:
        for chunk in response.iter_bytes():
            body += chunk
            if len(body) > limit:
                break
            if time.monotonic() > deadline:
                return bytes(body), False
    except httpx.TransportError:
        return bytes(body), False
    return bytes(body), True
