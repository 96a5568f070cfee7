"""HTTP to addresses that users name: the public internet only, checked where it is connected to.

A name is resolved once, every address it has must be public, and the connection goes to the
address that was checked: there is no second lookup that could say something else. Redirects are
followed by hand and checked again.
"""

import socket
import ssl
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import httpcore
import httpx

from studio.adapters.web.addresses import is_public
from studio.errors import TargetRefusedError, TargetTooLargeError, TargetUnreachableError
from studio.ports.web import Answered, Fetched

Resolve = Callable[[str, int], Sequence[str]]
"""Gives the addresses of a host; raises OSError where it has none."""

_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_MAX_REDIRECTS: Final = 3
_CONNECT_SECONDS: Final = 5.0
_PORTS: Final = {"https": 443, "http": 80}
_USER_AGENT: Final = "image-studio"


@dataclass(frozen=True, slots=True)
class _Target:
    """A URL that may be called, and the address to call it at."""

    url: httpx.URL
    address: str

    @property
    def host(self) -> str:
        return self.url.host


def system_resolve(host: str, port: int) -> Sequence[str]:
    """Ask the system's resolver."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(entry[4][0]) for entry in found]


class GuardedClient:
    """Calls addresses that users name.

    Args:
        trusted_hosts: Names that may also be private, be called over plain http and at any
            port: services of the team's own network. They are trusted by their exact name.
        resolve: Gives the addresses of a name.
    """

    def __init__(
        self, *, trusted_hosts: frozenset[str] = frozenset(), resolve: Resolve = system_resolve
    ) -> None:
        self._trusted = trusted_hosts
        self._resolve = resolve

    def check(self, url: str) -> None:
        """Refuse a URL that would not be called as things are now.

        Raises:
            TargetRefusedError: it is no https URL of a public host.
            TargetUnreachableError: its host cannot be resolved.
        """
        self._target(_parsed(url))

    def get(self, url: str, *, max_bytes: int, seconds: float, accept: str) -> Fetched:
        """Fetch a document, whatever its status; up to three redirects are followed.

        Args:
            url: What the user named.
            max_bytes: Most that is read.
            seconds: For all of it together, however slowly it comes.
            accept: What is asked for, as the Accept header says it.

        Raises:
            TargetRefusedError: the address, or one that it redirects to, may not be called.
            TargetUnreachableError: no complete answer came in time.
            TargetTooLargeError: the answer is longer.
        """
        deadline = time.monotonic() + seconds
        headers = {"Accept": accept}
        here = _parsed(url)
        for _ in range(_MAX_REDIRECTS + 1):
            target = self._target(here)
            with _Exchange(target, "GET", headers, b"", deadline) as answer:
                location = answer.header("location")
                if answer.status in _REDIRECTS and location:
                    here = _joined(here, location)
                    continue
                data = answer.read(max_bytes)
                if len(data) > max_bytes:
                    raise TargetTooLargeError(f"{target.host} sends more than {max_bytes} bytes")
                media_type = answer.header("content-type").partition(";")[0].strip().lower()
                return Fetched(answer.status, media_type, data, str(here))
        raise TargetRefusedError("redirects", f"{here.host} redirects too often")

    def post(
        self,
        url: str,
        *,
        body: bytes,
        headers: Mapping[str, str],
        seconds: float,
        max_answer_bytes: int,
    ) -> Answered:
        """Send a document and read the beginning of the answer; redirects are not followed.

        Raises:
            TargetRefusedError: the address may not be called.
            TargetUnreachableError: no answer came in time; the document may have arrived.
        """
        started = time.monotonic()
        target = self._target(_parsed(url))
        with _Exchange(target, "POST", headers, body, started + seconds) as answer:
            data = answer.read(max_answer_bytes)[:max_answer_bytes]
            milliseconds = round((time.monotonic() - started) * 1000)
            return Answered(answer.status, data, milliseconds)

    def _target(self, url: httpx.URL) -> _Target:
        """Find the address to call a URL at."""
        trusted = url.host in self._trusted
        if url.scheme != "https" and not (trusted and url.scheme == "http"):
            raise TargetRefusedError("scheme", "only https URLs are called")
        if url.userinfo:
            raise TargetRefusedError("userinfo", "a URL with a user name is not called")
        if url.port not in (None, _PORTS[url.scheme]) and not trusted:
            raise TargetRefusedError("port", "only the https port 443 is called")
        addresses = self._addresses(url)
        if not trusted and not all(map(is_public, addresses)):
            raise TargetRefusedError("private-address", f"{url.host} is not a public address")
        return _Target(url, addresses[0])

    def _addresses(self, url: httpx.URL) -> Sequence[str]:
        port = url.port or _PORTS[url.scheme]
        try:
            addresses = self._resolve(url.raw_host.decode("ascii"), port)
        except (OSError, UnicodeError) as error:
            raise TargetUnreachableError(f"{url.host} has no address") from error
        if not addresses:
            raise TargetUnreachableError(f"{url.host} has no address")
        return addresses


class _TimedStream(httpcore.NetworkStream):
    """A connection on which nothing goes on longer than until a deadline."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: float) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._left())

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._left())

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        secured = self._stream.start_tls(ssl_context, server_hostname, self._left())
        return _TimedStream(secured, self._deadline)

    def get_extra_info(self, info: str) -> object:
        return self._stream.get_extra_info(info)

    def _left(self) -> float:
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise httpcore.ReadTimeout("the time is over")
        return left


class _PinnedBackend(httpcore.SyncBackend):
    """Connects to the one address that was checked, whatever name the request bears."""

    def __init__(self, address: str, deadline: float) -> None:
        self._address = address
        self._deadline = deadline

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        stream = super().connect_tcp(self._address, port, timeout, local_address, socket_options)
        return _TimedStream(stream, self._deadline)


class _Exchange:
    """One request and its answer over a connection of its own."""

    def __init__(
        self,
        target: _Target,
        method: str,
        headers: Mapping[str, str],
        body: bytes,
        deadline: float,
    ) -> None:
        self._target = target
        self._pool = httpcore.ConnectionPool(
            network_backend=_PinnedBackend(target.address, deadline)
        )
        left = max(deadline - time.monotonic(), 0.1)
        self._request = httpcore.Request(
            method,
            httpcore.URL(
                scheme=target.url.raw_scheme,
                host=target.url.raw_host,
                port=target.url.port,
                target=target.url.raw_path,
            ),
            headers=_headers(target.url, headers, body),
            content=body or None,
            # Reading and writing are held to the deadline by the connection itself.
            extensions={"timeout": {"connect": min(_CONNECT_SECONDS, left), "pool": left}},
        )

    def __enter__(self) -> "_Exchange":
        try:
            self._response = self._pool.handle_request(self._request)
        except (httpcore.NetworkError, httpcore.TimeoutException, httpcore.ProtocolError) as error:
            self._pool.close()
            raise TargetUnreachableError(f"{self._target.host} does not answer") from error
        return self

    def __exit__(self, *_: object) -> None:
        self._response.close()
        self._pool.close()

    @property
    def status(self) -> int:
        return self._response.status

    def header(self, name: str) -> str:
        """Return a header of the answer, "" where it has none."""
        wanted = name.encode()
        for key, value in self._response.headers:
            if key.lower() == wanted:
                return value.decode("latin-1")
        return ""

    def read(self, limit: int) -> bytes:
        """Read up to the first part of the answer that goes beyond the limit."""
        if self.header("content-encoding").lower() not in ("", "identity"):
            raise TargetRefusedError("encoding", f"{self._target.host} sends a packed answer")
        data = bytearray()
        try:
            for chunk in self._response.iter_stream():
                data += chunk
                if len(data) > limit:
                    break
        except (httpcore.NetworkError, httpcore.TimeoutException, httpcore.ProtocolError) as error:
            raise TargetUnreachableError(f"{self._target.host} broke off its answer") from error
        return bytes(data)


def _headers(url: httpx.URL, headers: Mapping[str, str], body: bytes) -> list[tuple[str, str]]:
    sent = {"User-Agent": _USER_AGENT, "Accept-Encoding": "identity", **headers}
    if body:
        sent["Content-Length"] = str(len(body))
    return [("Host", url.netloc.decode("ascii")), *sent.items()]


def _parsed(text: str) -> httpx.URL:
    try:
        url = httpx.URL(text)
        host = url.host
    except (httpx.InvalidURL, ValueError) as error:
        raise TargetRefusedError("syntax", "this is not a URL") from error
    if not host:
        raise TargetRefusedError("syntax", "the URL names no host")
    return url


def _joined(base: httpx.URL, location: str) -> httpx.URL:
    try:
        url = base.join(location)
        # A host of broken Punycode fails only where it is read.
        str(url.host)
    except (httpx.InvalidURL, ValueError) as error:
        raise TargetRefusedError("syntax", f"{base.host} redirects to no URL") from error
    return url
