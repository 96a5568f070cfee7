"""HTTP to addresses that users name: the public internet only, checked where it is connected to.

A name is resolved once, every address it has must be public, and the connection goes to the
address that was checked: there is no second lookup that could say something else. Redirects are
followed by hand and checked again. The status of an answer counts even if its body cannot be read.
"""

import socket
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Final

import httpx

from studio.adapters.web.addresses import is_public
from studio.adapters.web.exchange import Exchange, Target
from studio.errors import TargetRefusedError, TargetTooLargeError, TargetUnreachableError
from studio.media_files import is_whole
from studio.ports.web import Fetched, PostResponse
from studio.web_addresses import check_host

Resolve = Callable[[str, int], Sequence[str]]
"""Gives the addresses of a host; raises OSError where it has none."""

_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_MAX_REDIRECTS: Final = 3
_PORTS: Final = {"https": 443, "http": 80}


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

        The document of a success is unpacked. With another status it may be cut or empty.

        Args:
            url: What the user named.
            max_bytes: Most bytes of the document, also when it is unpacked.
            seconds: For all of it together, however slowly it comes.
            accept: What is asked for, as the Accept header says it.

        Raises:
            TargetRefusedError: the address, or one that it redirects to, may not be called.
            TargetUnreachableError: no answer, or no complete document, came in time.
            TargetTooLargeError: the answer is longer.
        """
        deadline = time.monotonic() + seconds
        headers = {"Accept": accept}
        here = _parsed(url)
        for hop in range(_MAX_REDIRECTS + 1):
            target = self._target(here, redirected=hop > 0)
            with Exchange(target, "GET", headers, b"", deadline) as answer:
                location = answer.header("location")
                if answer.status in _REDIRECTS and location:
                    here = self._secured(_joined(here, location))
                    continue
                data = _document(answer, max_bytes) if answer.ok else answer.explanation()
                media_type = answer.header("content-type").partition(";")[0].strip().lower()
                return Fetched(answer.status, media_type, data, str(here))
        raise TargetRefusedError("redirects", f"{here.host} redirects too often", redirected=True)

    def post(
        self,
        url: str,
        *,
        body: bytes,
        headers: Mapping[str, str],
        seconds: float,
        max_answer_bytes: int,
    ) -> PostResponse:
        """Send a document and read the beginning of the answer; redirects are not followed.

        Once the status is there, the answer counts: a body that is slow, short or unreadable is
        cut where it stops.

        Raises:
            TargetRefusedError: the address may not be called.
            TargetUnreachableError: no status came in time; the document may have arrived.
        """
        started = time.monotonic()
        target = self._target(_parsed(url))
        with Exchange(target, "POST", headers, body, started + seconds) as answer:
            data = answer.explanation()[:max_answer_bytes]
            milliseconds = round((time.monotonic() - started) * 1000)
            return PostResponse(answer.status, data, milliseconds)

    def _secured(self, url: httpx.URL) -> httpx.URL:
        """Return where a redirect leads: with https if the host is not called without."""
        plain = url.scheme == "http" and url.host not in self._trusted
        return url.copy_with(scheme="https") if plain else url

    def _target(self, url: httpx.URL, *, redirected: bool = False) -> Target:
        """Find the address to call a URL at."""
        try:
            return self._checked(url)
        except TargetRefusedError as error:
            error.redirected = redirected
            raise

    def _checked(self, url: httpx.URL) -> Target:
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
        return Target(url, addresses[0])

    def _addresses(self, url: httpx.URL) -> Sequence[str]:
        port = url.port or _PORTS[url.scheme]
        try:
            addresses = self._resolve(url.raw_host.decode("ascii"), port)
        except (OSError, UnicodeError) as error:
            raise TargetUnreachableError(f"{url.host} has no address", "dns") from error
        if not addresses:
            raise TargetUnreachableError(f"{url.host} has no address", "dns")
        return addresses


def _document(answer: Exchange, max_bytes: int) -> bytes:
    """Return the body of a success.

    Raises:
        TargetUnreachableError: the body broke off; a complete file of a wrong length did not.
        TargetTooLargeError: it is longer than allowed, as it came or unpacked.
    """
    data, complete = answer.read(max_bytes)
    if len(data) > max_bytes:
        raise TargetTooLargeError(f"{answer.host} sends more than {max_bytes} bytes")
    if not complete and not is_whole(data):
        raise TargetUnreachableError(f"{answer.host} broke off its answer", "answer")
    return data


def _parsed(text: str) -> httpx.URL:
    try:
        url = httpx.URL(text)
        _check_host(url)
    except (httpx.InvalidURL, ValueError) as error:
        raise TargetRefusedError("syntax", "this is not a URL") from error
    return url


def _joined(base: httpx.URL, location: str) -> httpx.URL:
    try:
        url = base.join(location)
        _check_host(url)
    except (httpx.InvalidURL, ValueError) as error:
        message = f"{base.host} redirects to no URL"
        raise TargetRefusedError("syntax", message, redirected=True) from error
    return url


def _check_host(url: httpx.URL) -> None:
    """Check that the host of a URL can exist, in ASCII and as it is shown.

    Raises:
        ValueError: it cannot.
    """
    check_host(url.raw_host.decode("ascii"))
    _ = url.host
