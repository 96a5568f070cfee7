"""Files on their way to WaveSpeed: a ticket says where the bytes go and where they lie then.

Uploads are free, so whatever fails here leaves nothing owed. Contract: wavespeed Python SDK
2.0.5, ``Client.upload``.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import httpx

from studio.domain.provider_calls.model import Refused, SourceFile, Throttled
from studio.errors import TargetRefusedError, TargetUnreachableError
from studio.providers.shared.http import HttpResponse, post_json, send
from studio.providers.wavespeed.errors import read, refusal

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
_OURS: Final = frozenset({"host", "content-length", "transfer-encoding", "connection"})
_NOT_TAKEN: Final = Throttled("transient", "WaveSpeed did not take a file.")


@dataclass(frozen=True, slots=True)
class _Ticket:
    """Where to put a file's bytes, with which headers, and where it lies then."""

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
    """Send a file and return its address at WaveSpeed.

    Args:
        client: Client to send with.
        fetcher: Knows which addresses of a stranger's choice may be called.
        base_url: Of the API.
        api_key: Goes with the question for the ticket, never with the bytes.
        source: The file.
        seconds: How long each of the two calls may take.
    """
    ticket = _ticket(client, base_url, api_key, source, seconds)
    if not isinstance(ticket, _Ticket):
        return ticket
    try:
        fetcher.check(ticket.url)
    except (TargetRefusedError, TargetUnreachableError):
        return _NOT_TAKEN
    answer = send(
        client,
        "PUT",
        ticket.url,
        ticket.headers,
        secret="",
        read_timeout=seconds,
        content={"content": source.data},
    )
    if not isinstance(answer, HttpResponse):
        return _NOT_TAKEN
    if answer.status == 413:
        return Refused("validation", "WaveSpeed does not take a file of this size.")
    # Whatever else is wrong with the address, the next ticket gives another.
    return ticket.download_url if answer.ok else _NOT_TAKEN


def _ticket(
    client: httpx.Client, base_url: str, api_key: str, source: SourceFile, seconds: float
) -> _Ticket | Throttled | Refused:
    answer = post_json(
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
    if isinstance(answer, Throttled | Refused):
        return answer
    if not isinstance(answer, HttpResponse):
        return _NOT_TAKEN
    said = read(answer)
    if said.kind is None:
        return _read_ticket(said.data, base_url) or _NOT_TAKEN
    # No model was asked for, so none is gone.
    return _NOT_TAKEN if said.kind == "model_gone" else refusal(said)


def _read_ticket(data: dict[str, object], base_url: str) -> _Ticket | None:
    """Read a ticket; None if it is none that the bytes can safely follow."""
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
    """Tell whether a text is an address that is as safe from listeners as the API's own."""
    if not _is_plain(value) or len(str(value)) > _ADDRESS_LENGTH:
        return False
    try:
        url = httpx.URL(str(value))
    except httpx.InvalidURL:
        return False
    return bool(url.host) and url.scheme in ("https", base_url.partition(":")[0])


def _is_header(name: str, value: object) -> bool:
    """Tell whether a header may go with the bytes: where they go and how is not the ticket's."""
    return bool(_HEADER.fullmatch(name)) and name.lower() not in _OURS and _is_plain(value)


def _is_plain(value: object) -> bool:
    return isinstance(value, str) and value.isascii() and value.isprintable()
