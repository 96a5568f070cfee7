"""Port of stored bytes."""

from collections.abc import Mapping
from typing import Protocol


class BlobStore(Protocol):
    """Bytes by key. ``metadata`` is a set of short strings that the same write stores."""

    def put_if_absent(self, key: str, data: bytes, metadata: Mapping[str, str]) -> bool:
        """Write the bytes; return False if the key holds bytes already, which then stay."""
        ...

    def metadata(self, key: str) -> Mapping[str, str] | None:
        """Return the metadata of a key, None if the key holds nothing."""
        ...

    def read(self, key: str) -> tuple[bytes, Mapping[str, str]]:
        """Return bytes and metadata.

        Raises:
            NotFoundError: the key holds nothing.
        """
        ...

    def part(self, key: str, at: int, size: int) -> bytes:
        """Return up to ``size`` bytes from offset ``at`` on; no bytes behind the end.

        Raises:
            NotFoundError: the key holds nothing.
        """
        ...

    def find(self, prefix: str) -> str | None:
        """Return the first key with a prefix, None if there is none."""
        ...

    def write(self, key: str, data: bytes, media_type: str) -> None:
        """Write the bytes in place of those that the key holds."""
        ...

    def copy(self, source: str, target: str) -> None:
        """Copy within the bucket, media type included.

        Raises:
            NotFoundError: the source key holds nothing.
        """
        ...

    def url(self, key: str, *, seconds: int, download_name: str | None = None) -> str:
        """Return a URL that reads the key and expires after ``seconds``."""
        ...
