"""Upload of files to WaveSpeed, by a ticket with an upload URL and a download URL.

Uploads are free, so a failed upload leaves nothing owed. Contract: wavespeed Python SDK 2.0.5,
``Client.upload``.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import httpx

from studio.domain.provider_calls.model import Refused, Throttled
from studio.domain.provider_calls.source_file import SourceFile
from studio.errors import TargetRefusedError, TargetUnreachableError
from studio.providers.shared.http import HttpResponse, post_json, send
from studio.providers.wavespeed.errors import ParsedError, parse, refusal

if TYPE_CHECKING:
    from studio.ports.web import Fetcher

_PATH: Final = "/api/v3/media/uploads"
_ENDINGS: Final = {
    "image/png": "png",
    "image/jpeg": "jpg",
    "image/webp": "webp",
    "audio/wav": "wav",
    "audio/mpeg": "mp3",
}
_ADDRESS_LENGTH: Final = 4096
_HEADER: Final = re.compile(r"[A-Za-z0-9-]{1,80}")
_TRANSPORT_HEADERS: Final = frozenset({"host", "content-length", "transfer-encoding", "connection"})
_NOT_TAKEN: Final = Throttled("transient", "WaveSpeed did not take a file.")


@dataclass(frozen=True, slots=True)
class _Ticket:
    """The URL and the headers of an upload, and the URL of the file afterwards."""

    url: str
    headers: Mapping[str, str]
    download_url: str


def upload(
    client: httpx.Client,
    fetcher: "Fetcher",
    base_url: str,
    api_key: str,
    source: SourceFile,
    seconds: float,
) -> str | Throttled | Refused:
    """Upload a file and return its URL at WaveSpeed, or why the upload failed.

    Args:
        client: HTTP client to send with.
        fetcher: Checks the upload URL, which the vendor chooses.
        base_url: Base URL of the API.
        api_key: Key of the account, sent with the request for the ticket and not with the bytes.
        source: The file.
        seconds: Longest time of each of the two requests.
    """
    ticket = _ticket(client, base_url, api_key, source, seconds)
    if not isinstance(ticket, _Ticket):
        return ticket
    try:
        fetcher.check(ticket.url)
    except (TargetRefusedError, TargetUnreachableError):
        return _NOT_TAKEN
    return _put(client, ticket, source.data, seconds)


def _put(
    client: httpx.Client, ticket: _Ticket, data: bytes, seconds: float
) -> str | Throttled | Refused:
    """Send the bytes to the URL of a ticket; no key goes with them."""
    response = send(
        client,
        "PUT",
        ticket.url,
        ticket.headers,
        secret="",
        read_timeout=seconds,
        content={"content": data},
        needs_body=False,
    )
    if not isinstance(response, HttpResponse):
        return _NOT_TAKEN
    if response.status == 413:
        return Refused("validation", "WaveSpeed does not take a file of this size.")
    # Another ticket has another upload URL, so a new try can succeed.
    return ticket.download_url if response.ok else _NOT_TAKEN


def _ticket(
    client: httpx.Client, base_url: str, api_key: str, source: SourceFile, seconds: float
) -> _Ticket | Throttled | Refused:
    response = post_json(
        client,
        base_url + _PATH,
        api_key=api_key,
        payload={
            "filename": f"{source.role}.{_ENDINGS[source.media_type]}",
            "size": len(source.data),
            "content_type": source.media_type,
        },
        read_timeout=seconds,
    )
    if isinstance(response, Throttled | Refused):
        return response
    if not isinstance(response, HttpResponse):
        return _NOT_TAKEN
    parsed = parse(response)
    if not isinstance(parsed, ParsedError):
        return _read_ticket(parsed, base_url) or _NOT_TAKEN
    # A ticket involves no model, so no model is gone.
    return _NOT_TAKEN if parsed.kind == "model_gone" else refusal(parsed)


def _read_ticket(data: dict[str, object], base_url: str) -> _Ticket | None:
    """Return the ticket, or None if it is incomplete or unsafe."""
    download, instruction = data.get("download_url"), data.get("upload")
    if not isinstance(instruction, dict) or instruction.get("method") != "PUT":
        return None
    url, headers = instruction.get("url"), instruction.get("headers") or {}
    if not (_is_address(url, base_url) and _is_address(download, base_url)):
        return None
    if not isinstance(headers, dict) or not all(map(_is_header, headers, headers.values())):
        return None
    return _Ticket(str(url), headers, str(download))


def _is_address(value: object, base_url: str) -> bool:
    """Return whether a value is a URL with HTTPS, or with the scheme of the API's own URL."""
    if not _is_plain(value) or len(str(value)) > _ADDRESS_LENGTH:
        return False
    try:
        url = httpx.URL(str(value))
        has_host = bool(url.host)
    except (httpx.InvalidURL, UnicodeError):
        return False
    return has_host and url.scheme in ("https", base_url.partition(":")[0])


def _is_header(name: str, value: object) -> bool:
    """Return whether the ticket may set this header; the transport sets its own headers."""
    return (
        bool(_HEADER.fullmatch(name))
        and name.lower() not in _TRANSPORT_HEADERS
        and _is_plain(value)
    )


def _is_plain(value: object) -> bool:
    return isinstance(value, str) and value.isascii() and value.isprintable()
