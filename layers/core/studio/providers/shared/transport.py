"""Transport of the calls to providers, which keeps the status of an answer with wrong headers."""

import ssl
import threading
from collections.abc import Iterable, Iterator
from typing import Final

import httpcore
import httpx

from studio.status_lines import StatusLine

# The library's own limits.
_LIMITS: Final = httpx.Limits(max_connections=100, max_keepalive_connections=20)


class _Local(threading.local):
    """The answer to the request that this thread has sent last."""

    def __init__(self) -> None:
        self.line = StatusLine()


class _Stream(httpcore.NetworkStream):
    """A connection whose status lines are kept."""

    def __init__(self, stream: httpcore.NetworkStream, local: _Local) -> None:
        self._stream = stream
        self._local = local

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        data = self._stream.read(max_bytes, timeout)
        self._local.line.received(data)
        return data

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._local.line.sent()
        self._stream.write(buffer, timeout)

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        secured = self._stream.start_tls(ssl_context, server_hostname, timeout)
        return _Stream(secured, self._local)

    def get_extra_info(self, info: str) -> object:
        return self._stream.get_extra_info(info)


class _Backend(httpcore.SyncBackend):
    """Connects with streams that keep status lines."""

    def __init__(self, local: _Local) -> None:
        self._local = local

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        stream = super().connect_tcp(host, port, timeout, local_address, socket_options)
        return _Stream(stream, self._local)


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
        self._local = _Local()
        self._pool._network_backend = _Backend(self._local)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request and return its response, or its status where the headers are wrong."""
        self._local.line.sent()
        try:
            return super().handle_request(request)
        except httpx.RemoteProtocolError:
            status = self._local.line.status
            if status is None:
                raise
            return httpx.Response(status, stream=_Unreadable())
