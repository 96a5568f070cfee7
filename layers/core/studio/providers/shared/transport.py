"""Transport of the calls to providers, which keeps the status of an answer with wrong headers."""

from collections.abc import Iterator
from typing import Final

import httpx

from studio.status_lines import StatusKeepingBackend, StatusLine

# The library's own limits.
_LIMITS: Final = httpx.Limits(max_connections=100, max_keepalive_connections=20)


class _Unreadable(httpx.SyncByteStream):
    """A body that cannot be read, because the headers before it are wrong."""

    def __iter__(self) -> Iterator[bytes]:
        raise httpx.RemoteProtocolError("the headers of the answer are wrong")


class StatusKeepingTransport(httpx.HTTPTransport):
    """HTTP transport that returns the status of an answer although its headers are wrong.

    Such a response has no headers, and its body breaks off at once. It does not read the
    environment.
    """

    def __init__(self, limits: httpx.Limits = _LIMITS) -> None:
        super().__init__(trust_env=False, limits=limits)
        self._line = StatusLine()
        self._pool._network_backend = StatusKeepingBackend(self._line)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request and return its response, or its status where the headers are wrong."""
        self._line.sent()
        try:
            return super().handle_request(request)
        except httpx.RemoteProtocolError:
            status = self._line.status
            if status is None:
                raise
            return httpx.Response(status, stream=_Unreadable())
