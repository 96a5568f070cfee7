"""What downloads need from the outside, as Protocols."""

from contextlib import AbstractContextManager
from typing import Protocol

from studio.domain.downloads.model import Download


class DownloadStore(Protocol):
    """Downloads, kept a week."""

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
        """Write what became of a download.

        Returns:
            False if it has ended, or another try has begun, since ``before`` was read.
        """
        ...


class DownloadBuilder(Protocol):
    """Where downloads are packed, beside the request that ordered them."""

    def start(self, tenant: str, download_id: str) -> None:
        """Have a download packed; it happens at least once."""
        ...


class Sink(Protocol):
    """A file that only grows."""

    @property
    def size(self) -> int:
        """How many bytes were written."""
        ...

    def write(self, data: bytes, /) -> int:
        """Add bytes and return how many."""
        ...

    def flush(self) -> None:
        """Do nothing: bytes go out as they fill a part."""
        ...


class Archives(Protocol):
    """Where archives are written, whose size nobody knows before."""

    def writing(self, key: str, media_type: str) -> AbstractContextManager[Sink]:
        """Write a file in parts; it is there when the block ends, and never after an error."""
        ...
