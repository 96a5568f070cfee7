"""Contents and their slots as DynamoDB records.

Keys (table Jobs):
    content  pk = {tenant}#{content_id}   sk = CONTENT
    slot     pk = {tenant}#{content_id}   sk = SLOT#{number}
Index Contents (contents, content_id) lists a tenant's contents; a slot is not in it.
"""

from dataclasses import asdict
from typing import Any

from studio.adapters.dynamodb.base import Attributes
from studio.clock import parse_rfc3339, rfc3339
from studio.domain.contents.model import Content, Slot, SlotCounts, SlotResult

CONTENT_SORT_KEY = "CONTENT"
INDEX = "Contents"


def content_key(tenant: str, content_id: str) -> dict[str, str]:
    """Return the primary key of a content."""
    return {"pk": f"{tenant}#{content_id}", "sk": CONTENT_SORT_KEY}


def slot_key(tenant: str, content_id: str, number: int) -> dict[str, str]:
    """Return the primary key of a slot; four digits keep the order of the numbers."""
    return {"pk": f"{tenant}#{content_id}", "sk": f"SLOT#{number:04d}"}


def words_of(content: Content) -> Attributes:
    """Return what a caller may change of a content."""
    return {
        "title": content.title,
        "meta_title": content.meta_title,
        "external_ref": content.external_ref,
        "labels": dict(content.labels),
    }


def content_record(content: Content) -> Attributes:
    """Code a new content."""
    return {
        "contents": content.tenant,
        "content_id": content.content_id,
        **words_of(content),
        "version": content.version,
        **asdict(content.counts),
        "last_slot": content.last_slot,
        "runs": content.runs,
        "created_at": rfc3339(content.created_at),
        "created_by": content.created_by,
        "updated_at": rfc3339(content.updated_at),
    }


def content_of(row: Attributes) -> Content:
    """Read a content back."""
    return Content(
        tenant=row["contents"],
        content_id=row["content_id"],
        title=row["title"],
        meta_title=row.get("meta_title"),
        external_ref=row.get("external_ref"),
        labels=row["labels"],
        version=row["version"],
        counts=SlotCounts(row["pending"], row["generated"], row["failed"]),
        last_slot=row["last_slot"],
        runs=row["runs"],
        job_id=row.get("claimed_by"),
        created_at=parse_rfc3339(row["created_at"]),
        created_by=row["created_by"],
        updated_at=parse_rfc3339(row["updated_at"]),
    )


def slot_record(slot: Slot) -> Attributes:
    """Code a slot."""
    results: list[dict[str, Any]] = [
        {name: value for name, value in asdict(one).items() if value is not None}
        for one in slot.results
    ]
    return {
        "type": slot.type,
        "position": slot.position,
        "device": slot.device,
        "prompt": slot.prompt,
        "alt_text": slot.alt_text,
        "status": slot.status,
        "version": slot.version,
        "revision": slot.revision,
        "results": results,
        "notice": slot.notice,
        "created_at": rfc3339(slot.created_at),
        "updated_at": rfc3339(slot.updated_at),
    }


def slot_of(row: Attributes) -> Slot:
    """Read a slot back; its number comes from its key."""
    return Slot(
        number=int(row["sk"].removeprefix("SLOT#")),
        type=row["type"],
        position=row.get("position"),
        device=row["device"],
        prompt=row.get("prompt"),
        alt_text=row.get("alt_text"),
        status=row["status"],
        version=row["version"],
        revision=row["revision"],
        results=tuple(SlotResult(**one) for one in row["results"]),
        notice=row.get("notice"),
        created_at=parse_rfc3339(row["created_at"]),
        updated_at=parse_rfc3339(row["updated_at"]),
    )
