"""Sending of one request to a provider, and what a failure to get its response means for money.

A request that was not sent may be repeated. A request that was sent without a response may be
paid. No message here contains a key, a URL or a body.
"""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

import httpx

from studio.clock import utc_now
from studio.domain.provider_calls.model import OutcomeUnknown, Refused, Throttled
from studio.providers.shared.identifiers import identifier
from studio.providers.shared.retry_after import parse_retry_after

MAX_BODY_BYTES = 64 * 1024 * 1024
_CONNECT_SECONDS = 10
_WRITE_SECONDS = 30
GATEWAY_STATUSES = frozenset({502, 504, 520, 522, 524})
"""Statuses that a gateway sends when it loses the service behind it.

The service may still work on the request and bill it. A body in the service's own format shows
that the service itself answered. Sources: RFC 9110, 15.6.3 and 15.6.5; the last three are
Cloudflare's own (read 2026-11-21).
"""


@dataclass(frozen=True, slots=True)
class HttpResponse:
    """A response with any status; ``body`` is cut at ``MAX_BODY_BYTES``."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def ok(self) -> bool:
        """Whether the status is 2xx."""
        return 200 <= self.status < 300

    @property
    def retry_after(self) -> int | None:
        """Seconds to wait according to the headers, None where they do not say."""
        return parse_retry_after(self.headers, utc_now())

    @property
    def request_id(self) -> str | None:
        """The provider's id of the call."""
        return identifier(self.headers.get("x-request-id"))


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
    return httpx.Client(trust_env=False)


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

    Returns:
        The response with any status; Throttled if nothing was sent; Refused if the key or
        the URL is unusable; OutcomeUnknown if no complete response arrives.
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
            return HttpResponse(
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


def _read_body(response: httpx.Response, secret: str, deadline: float) -> bytes:
    """Return the body up to the limit, without the secret where the status is an error.

    Error responses quote keys, and their words are shown to people. A body that breaks off is an
    error only where the status is none.
    """
    body = bytearray()
    try:
        for chunk in response.iter_bytes():
            body += chunk
            if len(body) > MAX_BODY_BYTES:
                break
            if time.monotonic() > deadline:
                raise httpx.ReadTimeout("the body takes too long")
    except httpx.TransportError:
        if response.status_code < 400:
            raise
    if response.status_code >= 400 and secret:
        body = body.replace(secret.encode(), b"***")
    return bytes(body[:MAX_BODY_BYTES])
