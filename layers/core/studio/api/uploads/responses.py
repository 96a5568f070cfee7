"""Response shapes of uploads."""

from typing import Literal

from typing_extensions import TypedDict

from studio.api.assets.responses import Asset
from studio.api.http.responses import Page


class Upload(TypedDict):
    """A file that was announced or put into the bucket.

    ``reason`` tells why it is in quarantine. ``rule_error`` tells why the folder's rule started
    no job with it.
    """

    id: str
    status: Literal["waiting", "expired", "registered", "quarantined"]
    folder: str | None
    filename: str
    media_type: str | None
    bytes: int
    asset_id: str | None
    duplicate: bool
    reason_code: str | None
    reason: str | None
    job_id: str | None
    rule_error: str | None
    created_at: str
    expires_at: str | None


class UploadList(TypedDict):
    """A page of uploads, newest first."""

    data: list[Upload]
    page: Page


class AnnouncedUpload(TypedDict):
    """Form to send the file with: these fields, then the file.

    ``asset`` is set, and the others are null, where the account has the same file already.
    """

    upload: Upload | None
    url: str | None
    fields: dict[str, str] | None
    asset: Asset | None


class CompletedUpload(TypedDict):
    """An upload and its asset."""

    upload: Upload
    asset: Asset
