"""AnnounceUpload: return a signed form for one file, or the asset that the file already is."""

from dataclasses import dataclass

from studio.clock import Clock
from studio.domain.assets.file_names import shown_name
from studio.domain.assets.model import Asset
from studio.domain.uploads.model import (
    CSV,
    DEFAULT_FOLDER,
    EXPIRY,
    IMAGE_TYPES,
    MAX_CSV_BYTES,
    MAX_IMAGE_BYTES,
    Upload,
    import_key,
    upload_key,
)
from studio.errors import FieldError, InvalidRequestError, NotFoundError
from studio.ids import new_id
from studio.ports.assets import AssetStore
from studio.ports.folders import FolderStore
from studio.ports.uploads import Form, UploadBucket, UploadStore
from studio.services.folders.add_source import add_source


@dataclass(frozen=True, slots=True)
class Announcement:
    """A file that a caller is about to send; ``sha256`` is hexadecimal."""

    filename: str
    media_type: str
    bytes: int
    sha256: str | None = None
    folder: str | None = None


@dataclass(frozen=True, slots=True)
class AnnounceUpload:
    """The service behind POST /v1/uploads."""

    uploads: UploadStore
    folders: FolderStore
    assets: AssetStore
    upload_bucket: UploadBucket
    now: Clock

    def known(self, tenant: str, announcement: Announcement) -> Asset | None:
        """Return the asset of a known file and add it to the folder; None for an unknown file.

        A folder with a rule needs the file itself, so that its job starts.
        """
        asset_id = announcement.sha256 and self.uploads.known(tenant, announcement.sha256)
        if not asset_id:
            return None
        try:
            asset = self.assets.get(tenant, asset_id)
        except NotFoundError:
            # An upload claims the id but is not completely registered.
            return None
        folder = announcement.folder or DEFAULT_FOLDER
        if self._has_rule(tenant, folder):
            return None
        add_source(self.folders, asset, folder, shown_name(announcement.filename), self.now())
        return asset

    def _has_rule(self, tenant: str, folder: str) -> bool:
        try:
            return self.folders.get(tenant, folder).recipe_id is not None
        except NotFoundError:
            return False

    def run(self, tenant: str, announcement: Announcement) -> tuple[Upload, Form]:
        """Open an upload and return it with its signed form.

        Raises:
            InvalidRequestError: the type is not allowed, or the file is too large.
        """
        table = announcement.media_type == CSV
        limit = MAX_CSV_BYTES if table else MAX_IMAGE_BYTES
        if not table and announcement.media_type not in IMAGE_TYPES:
            detail = f"Allowed are {', '.join(sorted(IMAGE_TYPES))} and {CSV}"
            raise InvalidRequestError(FieldError("/media_type", "not-taken", detail))
        if announcement.bytes > limit:
            detail = f"The file may have at most {limit} bytes"
            raise InvalidRequestError(FieldError("/bytes", "too-large", detail))
        at = self.now()
        upload_id, name = new_id("upl", at), shown_name(announcement.filename)
        folder = None if table else announcement.folder or DEFAULT_FOLDER
        key = (
            import_key(tenant, upload_id, name)
            if folder is None
            else upload_key(tenant, folder, upload_id, name)
        )
        upload = Upload(
            tenant=tenant,
            upload_id=upload_id,
            key=key,
            folder=folder,
            filename=name,
            media_type=announcement.media_type,
            bytes=announcement.bytes,
            created_at=at,
            expires_at=at + EXPIRY,
        )
        form = self.upload_bucket.form(
            key, announcement.media_type, announcement.bytes, int(EXPIRY.total_seconds())
        )
        self.uploads.open(upload)
        return upload, form
