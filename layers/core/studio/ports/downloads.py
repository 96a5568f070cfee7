"""Ports of downloads: their store and the archives that they write."""

from contextlib import AbstractContextManager
from typing import Protocol

from studio.domain.downloads.model import Download


class DownloadStore(Protocol):
    """Downloads; each record lives for a week."""

    def put(self, value: Download) -> None:
        """Write a new download."""
        ...

    def get(self, tenant: str, download_id: str) -> Download:
        """Return a download.

        Raises:
            NotFoundError: the tenant has no such download.
        """
        ...

    def move(self, before: Download, after: Download) -> bool:
        """Write the new state of a download.

        Returns:
            False if it has ended, or another try has begun, since ``before`` was read.
        """
        ...


class Sink(Protocol):
    """A file that takes bytes at its end."""

    @property
    def size(self) -> int:
        """The number of bytes written."""
        ...

    def write(self, data: bytes, /) -> int:
        """Append bytes and return their number."""
        ...

    def flush(self) -> None:
        """Do nothing, because a part is sent once it is full."""
        ...


class Archives(Protocol):
    """Store for archives of unknown size."""

    def writing(self, key: str, media_type: str) -> AbstractContextManager[Sink]:
        """Write a file in parts; it is there when the block ends, and never after an error."""
        ...
