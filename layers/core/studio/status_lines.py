"""Keeping of the status of an answer whose headers the HTTP library does not read.

A wrong length, an unknown transfer coding or a line without a colon makes the library refuse the
whole answer. The status came before, and it counts.
"""

import re
import ssl
import threading
from collections.abc import Callable, Iterable
from typing import Final

import httpcore

# Returns the seconds for one read or write of a connection, from those that the library asks for.
Limit = Callable[[float | None], float | None]

_LINE: Final = re.compile(rb"HTTP/1\.[01] ([2-5][0-9]{2})[ \r\n]")
_LENGTH: Final = 32


class StatusLine(threading.local):
    """The beginning of the answer to the last request that a thread has sent."""

    def __init__(self) -> None:
        self._begin = b""

    def sent(self) -> None:
        """Forget the last answer, because a request is sent."""
        self._begin = b""

    def received(self, data: bytes) -> None:
        """Keep the beginning of an answer."""
        if len(self._begin) < _LENGTH:
            self._begin += data[:_LENGTH]

    @property
    def status(self) -> int | None:
        """HTTP status of the answer, None if it did not come."""
        found = _LINE.match(self._begin)
        return int(found[1]) if found else None


def _as_asked(timeout: float | None) -> float | None:
    return timeout


class StatusKeepingBackend(httpcore.SyncBackend):
    """Network backend whose connections keep the beginning of each answer.

    Args:
        line: Takes the beginning of the answers.
        limit: The time-out of each read and write.
        address: The address to connect to, whatever name the request bears; None for that name.
    """

    def __init__(
        self, line: StatusLine, *, limit: Limit = _as_asked, address: str | None = None
    ) -> None:
        self._line = line
        self._limit = limit
        self._address = address

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """Return a connection to the address, or to the host where there is none."""
        address = host if self._address is None else self._address
        stream = super().connect_tcp(address, port, timeout, local_address, socket_options)
        return _StatusKeepingStream(stream, self._line, self._limit)


class _StatusKeepingStream(httpcore.NetworkStream):
    """A connection that keeps the beginning of each answer."""

    def __init__(self, stream: httpcore.NetworkStream, line: StatusLine, limit: Limit) -> None:
        self._stream = stream
        self._line = line
        self._limit = limit

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        data = self._stream.read(max_bytes, self._limit(timeout))
        self._line.received(data)
        return data

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._line.sent()
        self._stream.write(buffer, self._limit(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        secured = self._stream.start_tls(ssl_context, server_hostname, self._limit(timeout))
        return _StatusKeepingStream(secured, self._line, self._limit)

    def get_extra_info(self, info: str) -> object:
        return self._stream.get_extra_info(info)
