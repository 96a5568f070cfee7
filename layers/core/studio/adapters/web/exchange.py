"""One request over a connection of its own, to an address that was checked, until a deadline."""

import ssl
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import httpcore
import httpx

from studio.content_codings import packed_limit, unpack
from studio.errors import TargetUnreachableError
from studio.status_lines import StatusKeepingBackend, StatusLine

_CONNECT_SECONDS: Final = 5.0
_USER_AGENT: Final = "image-studio"
# A body that only explains a status is not waited for longer, and no more of it is read.
_EXPLANATION_SECONDS: Final = 2.0
_EXPLANATION_BYTES: Final = 64 * 1024


@dataclass(frozen=True, slots=True)
class Target:
    """A URL that may be called, and the address to call it at."""

    url: httpx.URL
    address: str

    @property
    def host(self) -> str:
        """Name of the host, in its own script."""
        return self.url.host


@dataclass(slots=True)
class _Deadline:
    """The time at which an exchange has to be over."""

    at: float

    def left(self) -> float:
        """Return the seconds that are left, negative after the deadline."""
        return self.at - time.monotonic()

    def limit(self, _: float | None) -> float:
        """Return the seconds for one read or write, whatever the library asks for.

        Raises:
            httpcore.ReadTimeout: the deadline has passed.
        """
        left = self.left()
        if left <= 0:
            raise httpcore.ReadTimeout("the time is over")
        return left

    def shorten(self, seconds: float) -> None:
        """Leave at most so many seconds from now on."""
        self.at = min(self.at, time.monotonic() + seconds)


class _Unreadable:
    """A body that cannot be read, because the headers before it are wrong."""

    def __iter__(self) -> Iterator[bytes]:
        raise httpcore.RemoteProtocolError("the headers of the answer are wrong")


class Exchange:
    """One request and its answer over a connection of its own."""

    def __init__(
        self,
        target: Target,
        method: str,
        headers: Mapping[str, str],
        body: bytes,
        deadline: float,
    ) -> None:
        self._target = target
        self._deadline = _Deadline(deadline)
        self._line = StatusLine()
        backend = StatusKeepingBackend(
            self._line, limit=self._deadline.limit, address=target.address
        )
        self._pool = httpcore.ConnectionPool(network_backend=backend)
        left = max(self._deadline.left(), 0.1)
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

    def __enter__(self) -> "Exchange":
        try:
            self._response = self._pool.handle_request(self._request)
        except (httpcore.NetworkError, httpcore.TimeoutException, httpcore.ProtocolError) as error:
            self._pool.close()
            status = self._line.status
            if status is not None and isinstance(error, httpcore.RemoteProtocolError):
                self._response = httpcore.Response(status, content=_Unreadable())
                return self
            raise _unreachable(self._target.host, error) from error
        return self

    def __exit__(self, *_: object) -> None:
        self._response.close()
        self._pool.close()

    @property
    def host(self) -> str:
        """Name of the host, in its own script."""
        return self._target.host

    @property
    def status(self) -> int:
        """HTTP status of the answer."""
        return self._response.status

    @property
    def ok(self) -> bool:
        """True if the status is 2xx."""
        return 200 <= self.status < 300

    def header(self, name: str) -> str:
        """Return the first of the answer's headers with a name, "" where it has none."""
        return next(self._headers(name), "")

    def _headers(self, name: str) -> Iterator[str]:
        wanted = name.encode()
        for key, value in self._response.headers:
            if key.lower() == wanted:
                yield value.decode("latin-1")

    def explanation(self) -> bytes:
        """Return the beginning of a body that is not needed, as far as it can be read soon."""
        self._deadline.shorten(_EXPLANATION_SECONDS)
        return self.read(_EXPLANATION_BYTES)[0]

    def read(self, limit: int) -> tuple[bytes, bool]:
        """Read and unpack the body.

        Returns:
            The body, cut one byte after the limit, and whether it did not break off.
        """
        packed, complete = bytearray(), True
        try:
            for chunk in self._response.iter_stream():
                packed += chunk
                if len(packed) > packed_limit(limit):
                    break
        except (httpcore.NetworkError, httpcore.TimeoutException, httpcore.ProtocolError):
            complete = False
        codings = ", ".join(self._headers("content-encoding"))
        return unpack(bytes(packed), codings, limit), complete


def _unreachable(host: str, error: Exception) -> TargetUnreachableError:
    """Return the error that says why a host gave no answer."""
    # The pool hides the cause of its error, and leaves the context.
    cause = error.__context__
    if isinstance(error, httpcore.TimeoutException):
        return TargetUnreachableError(f"{host} does not answer in time", "timeout")
    if isinstance(cause, ssl.SSLCertVerificationError):
        text = f"the certificate of {host} is not valid: {cause.verify_message}"
        return TargetUnreachableError(text, "certificate")
    if isinstance(cause, ssl.SSLError):
        return TargetUnreachableError(f"{host} makes no TLS connection", "connection")
    if isinstance(cause, ConnectionRefusedError):
        return TargetUnreachableError(f"{host} refuses the connection", "refused")
    if isinstance(error, httpcore.ProtocolError):
        return TargetUnreachableError(f"{host} gives no HTTP answer", "answer")
    return TargetUnreachableError(f"the connection to {host} failed", "connection")


def _headers(url: httpx.URL, headers: Mapping[str, str], body: bytes) -> list[tuple[str, str]]:
    sent = {"User-Agent": _USER_AGENT, "Accept-Encoding": "identity", **headers}
    if body:
        sent["Content-Length"] = str(len(body))
    return [("Host", url.netloc.decode("ascii")), *sent.items()]
