"""An upload, the keys it may have, and what it comes to."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from studio.ids import FOLDER_NAME, is_id, is_tenant

MAX_IMAGE_BYTES = 25 * 1024 * 1024
MAX_CSV_BYTES = 10 * 1024 * 1024
EXPIRY = timedelta(minutes=5)
DEFAULT_FOLDER = "inbox"
CSV = "text/csv"
IMAGE_TYPES = frozenset({"image/jpeg", "image/png", "image/webp", "image/avif", "image/gif"})

UploadStatus = Literal["waiting", "registered", "quarantined"]

_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that was announced or dropped.

    Attributes:
        key: Where it lies, or lay, in the bucket.
        folder: The folder it belongs to, None for a file that is no picture.
        bytes: Its size; of one that is awaited, the size that was announced.
        expires_at: Until when it may be sent; None for one that was dropped.
        asset_id: The picture that it became.
        duplicate: Whether the same file had become a picture before.
        reason_code, reason: Why it was put into quarantine.
        job_id: The job that the folder's rule started with it.
        rule_error: Why the folder's rule could not start one.
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
    """What the key of an upload says."""

    tenant: str
    folder: str
    upload_id: str | None
    filename: str


def upload_key(tenant: str, folder: str, upload_id: str, filename: str) -> str:
    """Where an announced picture is to be sent: one place for one upload."""
    return f"uploads/{tenant}/{folder}/{upload_id}/{filename}"


def import_key(tenant: str, upload_id: str, filename: str) -> str:
    """Where an announced table is to be sent; nothing happens to it by itself."""
    return f"imports/{tenant}/{upload_id}/{filename}"


def quarantine_key(upload: Upload) -> str:
    """Where a refused file is put aside."""
    return f"quarantine/{upload.tenant}/{upload.upload_id}/{safe_filename(upload.filename)}"


def place_of(key: str) -> ObjectKey | None:
    """Read the key of an object below ``uploads/``; None if it is nobody's."""
    head, _, rest = key.partition("/")
    parts = rest.split("/")
    if head != "uploads" or len(parts) < 3 or not parts[-1]:
        return None
    tenant, folder = parts[0], parts[1]
    if not is_tenant(tenant) or not FOLDER_NAME.fullmatch(folder):
        return None
    announced = parts[2] if len(parts) == 4 and is_id("upl", parts[2]) else None
    return ObjectKey(tenant, folder, announced, "/".join(parts[3 if announced else 2 :]))


def safe_filename(name: str) -> str:
    """Return a name fit for a key: its last part, odd characters replaced, at most 100 long."""
    last = name.replace("\\", "/").rpartition("/")[2]
    return _UNSAFE.sub("-", last)[-100:].strip("-.") or "file"
