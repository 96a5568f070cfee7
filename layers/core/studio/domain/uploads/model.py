"""An upload, its storage keys, and its states."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from studio.domain.assets.file_names import key_name
from studio.ids import FOLDER_NAME, is_id, is_tenant

MAX_IMAGE_BYTES = 25 * 1024 * 1024
MAX_CSV_BYTES = 10 * 1024 * 1024
EXPIRY = timedelta(minutes=5)
DEFAULT_FOLDER = "inbox"
CSV = "text/csv"
IMAGE_TYPES = frozenset({"image/jpeg", "image/png", "image/webp", "image/avif", "image/gif"})

UploadStatus = Literal["waiting", "registered", "quarantined"]


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that was announced, or put into the bucket directly.

    Attributes:
        key: Its key in the bucket, even after the file is gone.
        folder: Its folder, None for a table and for a file whose key names no folder.
        filename: Its name as its sender wrote it, see ``shown_name``; the key has a safe form.
        bytes: Size in bytes; before the file arrives, the announced size.
        expires_at: When the form for it expires; None for a file without an announcement.
        asset_id: The asset that it became.
        duplicate: Whether the same file was an asset already.
        reason_code, reason: Why it is in quarantine.
        job_id: The job that the folder's rule started for it.
        rule_error: Why the folder's rule could not start a job.
    """

    tenant: str
    upload_id: str
    key: str
    folder: str | None
    filename: str
    media_type: str | None
    bytes: int
    created_at: datetime
    expires_at: datetime | None = None
    status: UploadStatus = "waiting"
    asset_id: str | None = None
    duplicate: bool = False
    reason_code: str | None = None
    reason: str | None = None
    job_id: str | None = None
    rule_error: str | None = None


@dataclass(frozen=True, slots=True)
class ObjectKey:
    """The parts of an upload's key; ``folder`` is None if the key names none."""

    tenant: str
    folder: str | None
    upload_id: str | None
    filename: str


def upload_key(tenant: str, folder: str, upload_id: str, filename: str) -> str:
    """Return the key of an announced image: one key for one upload."""
    return f"uploads/{tenant}/{folder}/{upload_id}/{key_name(filename)}"


def import_key(tenant: str, upload_id: str, filename: str) -> str:
    """Return the key of an announced table; its arrival starts nothing."""
    return f"imports/{tenant}/{upload_id}/{key_name(filename)}"


def quarantine_key(upload: Upload) -> str:
    """Return the key of a refused file."""
    return f"quarantine/{upload.tenant}/{upload.upload_id}/{key_name(upload.filename)}"


def parse_key(key: str) -> ObjectKey | None:
    """Return the parts of a key below ``uploads/``.

    None if it belongs to no tenant, or if it is the mark of a folder and no file.
    """
    head, _, rest = key.partition("/")
    parts = rest.split("/")
    if head != "uploads" or len(parts) < 2 or not parts[-1] or not is_tenant(parts[0]):
        return None
    tenant, folder = parts[0], parts[1]
    if len(parts) < 3 or not FOLDER_NAME.fullmatch(folder):
        return ObjectKey(tenant, None, None, "/".join(parts[1:]))
    announced = parts[2] if len(parts) == 4 and is_id("upl", parts[2]) else None
    return ObjectKey(tenant, folder, announced, "/".join(parts[3 if announced else 2 :]))
