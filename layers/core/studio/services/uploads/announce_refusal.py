"""Announce that a file was refused."""

from studio.clock import rfc3339
from studio.domain.uploads.model import Upload
from studio.ports.events import EventSink


def announce_refusal(events: EventSink, upload: Upload) -> None:
    """Emit ``upload.quarantined``; a repeat has the same id and the same content."""
    events.emit(
        "upload.quarantined",
        f"evt_{upload.upload_id}",
        {
            "account_id": upload.tenant,
            "upload_id": upload.upload_id,
            "folder": upload.folder,
            "filename": upload.filename,
            "bytes": upload.bytes,
            "reason_code": upload.reason_code,
            "reason": upload.reason,
            "created_at": rfc3339(upload.created_at),
        },
    )
