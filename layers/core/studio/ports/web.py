"""Ports of calls to addresses that users give."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Fetched:
    """The answer to a GET; ``url`` is the address after all redirects.

    ``data`` is unpacked. With another status than 2xx it may be cut or empty.
    """

    status: int
    media_type: str
    data: bytes
    url: str


@dataclass(frozen=True, slots=True)
class PostResponse:
    """The answer to a POST; ``body`` is cut at the largest length that the caller takes."""

    status: int
    body: bytes
    milliseconds: int


class Fetcher(Protocol):
    """A guarded client: it calls public addresses only, whatever a name or a redirect says."""

    def check(self, url: str) -> None:
        """Refuse an address that it would not call as things are now.

        Raises:
            TargetRefusedError: the studio does not call it.
            TargetUnreachableError: its host cannot be resolved.
        """
        ...

    def get(self, url: str, *, max_bytes: int, seconds: float, accept: str) -> Fetched:
        """Return what an address answers, whatever its status.

        Raises:
            TargetRefusedError: the studio does not call it.
            TargetUnreachableError: no answer, or no complete document, came; another try may cure
                it.
            TargetTooLargeError: the document of a success has more than ``max_bytes``.
        """
        ...


class WebClient(Fetcher, Protocol):
    """A guarded client that also sends documents."""

    def post(
        self,
        url: str,
        *,
        body: bytes,
        headers: Mapping[str, str],
        seconds: float,
        max_answer_bytes: int,
    ) -> PostResponse:
        """Send a document and read the beginning of the answer; no redirect is followed.

        A body that is slow, short or unreadable does not matter, because the status counts.

        Raises:
            TargetRefusedError: the address may not be called.
            TargetUnreachableError: no status came in time; the document may have arrived.
        """
        ...
