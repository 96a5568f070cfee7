"""Shapes of answers about uploads, for the contract."""

from typing import Literal

from studio.api.assets.responses import Asset
from studio.api.http.responses import Answer


class Upload(Answer):
    """A file that was announced or dropped into the bucket.

    ``reason`` says why it was put into quarantine, ``rule_error`` why the folder's rule could
    not start a job with it.
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


class AnnouncedUpload(Answer):
    """Where to send the file, as a form with these fields and then the file; or its picture.

    ``asset`` is there instead where the same file is a picture of the account already.
    """

    upload: Upload | None
    url: str | None
    fields: dict[str, str] | None
    asset: Asset | None


class CompletedUpload(Answer):
    """An upload and the picture that it became."""

    upload: Upload
    asset: Asset
