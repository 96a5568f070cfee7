"""Ports of uploads: their store and the bucket that takes the files."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from studio.domain.assets.model import Asset
from studio.domain.folders.model import Source
from studio.domain.uploads.model import Upload


@dataclass(frozen=True, slots=True)
class UploadedObject:
    """An object in the bucket, ``size`` in bytes; ``data`` is None if it is too large."""

    etag: str
    size: int
    media_type: str
    modified_at: datetime
    data: bytes | None


@dataclass(frozen=True, slots=True)
class UploadPage:
    """One page of uploads, newest first; ``next_after`` is the id to continue behind."""

    uploads: Sequence[Upload]
    next_after: str | None


@dataclass(frozen=True, slots=True)
class Form:
    """A form that a client posts to the bucket once: its URL and its fields."""

    url: str
    fields: Mapping[str, str]


class UploadBucket(Protocol):
    """The part of the bucket that clients write to."""

    def form(self, key: str, media_type: str, size: int, seconds: int) -> Form:
        """Return a signed form for one file of exactly this key, type and size in bytes."""
        ...

    def fetch(self, key: str, etag: str | None, max_bytes: int) -> UploadedObject | None:
        """Return an object, None if it is gone or has another tag."""
        ...

    def exists(self, key: str) -> bool:
        """Return whether the key holds an object."""
        ...

    def move_to_quarantine(self, key: str, etag: str, target: str) -> None:
        """Move the object with this tag to ``target``.

        An object that is gone, or that has another tag by now, stays as it is.
        """
        ...


class UploadStore(Protocol):
    """Uploads, and which content has become which image."""

    def open(self, upload: Upload) -> None:
        """Write an announced upload."""
        ...

    def get(self, tenant: str, upload_id: str) -> Upload:
        """Return an upload.

        Raises:
            NotFoundError: the tenant has no such upload.
        """
        ...

    def page(self, tenant: str, limit: int, after: str | None, *, refused: bool) -> UploadPage:
        """Return uploads of a tenant, newest first; with ``refused``, those in quarantine only."""
        ...

    def known(self, tenant: str, sha256: str) -> str | None:
        """Return the asset id that belongs to a content."""
        ...

    def claim(self, tenant: str, sha256: str, asset_id: str) -> str:
        """Give a content its asset id, unless it has one; return the id that it has."""
        ...

    def register(self, upload: Upload, asset: Asset | None, source: Source | None) -> bool:
        """Write the end of an upload in one transaction with its image and its place.

        Args:
            upload: The upload in its last state.
            asset: The image if it is new.
            source: Its place in the folder if it is not there yet; the folder counts it.

        Returns:
            False if the upload has ended before, or if the image or the place exists; then
            nothing was written.
        """
        ...

    def quarantine(self, upload: Upload) -> bool:
        """Write that an upload was refused, and count it in its folder.

        Returns:
            False if it has ended before, or if there is no such folder; then nothing was written.
        """
        ...

    def note_job(self, upload: Upload) -> None:
        """Write which job the folder's rule started for an upload, or why it started none.

        An upload that is gone stays gone.
        """
        ...
