"""Serializers of contents, their images and their queue."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from studio.clock import rfc3339
from studio.domain.contents.model import Article, Content, Slot, SlotResult, label_of, slot_order
from studio.domain.contents.names import slot_id
from studio.domain.jobs.image_spec import Device

if TYPE_CHECKING:
    from studio.api.contents import responses
    from studio.api.http.responses import Page
    from studio.api.jobs import responses as jobs
    from studio.domain.contents.queue import Excluded
    from studio.services.contents.order_images import Worded
    from studio.services.contents.start_run import Preview


def content_words(value: Content) -> "responses.ContentWords":
    """Return what If-Match of a content stands for: all that only a change can change."""
    return {
        "id": value.content_id,
        "title": value.title,
        "meta_title": value.meta_title,
        "external_ref": value.external_ref,
        "labels": dict(value.labels),
        "version": value.version,
        "created_at": rfc3339(value.created_at),
        "created_by": value.created_by,
    }


def content(value: Content) -> "responses.Content":
    """Return a content without its images."""
    return {
        **content_words(value),
        "counts": {
            "images": value.counts.total,
            "pending": value.counts.pending,
            "generated": value.counts.generated,
            "failed": value.counts.failed,
        },
        "job_id": value.job_id,
        "updated_at": rfc3339(value.updated_at),
    }


def article(value: Article) -> "responses.ContentWithImages":
    """Return a content with its images."""
    return {**content(value.content), "images": images(value)["data"]}


def contents(values: Sequence[Content], page: "Page") -> "responses.ContentList":
    """Return a page of contents."""
    return {"data": [content(value) for value in values], "page": page}


def image_words(of: Content, value: Slot) -> "responses.ContentImageWords":
    """Return what If-Match of an image slot stands for."""
    return {
        "id": slot_id(of.content_id, value.number),
        "content_id": of.content_id,
        "type": value.type,
        "position": value.position,
        "device": value.device,
        "label": label_of(value),
        "prompt": value.prompt,
        "alt_text": value.alt_text,
        "version": value.version,
        "created_at": rfc3339(value.created_at),
    }


def image(of: Content, value: Slot) -> "responses.ContentImage":
    """Return an image slot with its state."""
    made = [one for one in value.results if one.asset_id is not None]
    wrong = next((one for one in value.results if one.error_code is not None), None)
    return {
        **image_words(of, value),
        "status": value.status,
        "asset_id": made[0].asset_id if made else None,
        "image_url": _url(made[0]) if made else None,
        "desktop_url": _url_of(made, "desktop"),
        "mobile_url": _url_of(made, "mobile"),
        "error": {"code": str(wrong.error_code), "message": wrong.error_message} if wrong else None,
        "notice": value.notice,
        "updated_at": rfc3339(value.updated_at),
    }


def images(value: Article) -> "responses.ContentImageList":
    """Return all images of a content in the order of its queue."""
    slots = sorted(value.slots, key=slot_order)
    return {"data": [image(value.content, slot) for slot in slots]}


def queue(
    of: Content, value: "Preview", estimate: "jobs.Estimate | None", warnings: Sequence[str]
) -> "responses.ContentQueue":
    """Return what a run of a content would make and cost."""
    return {
        "items": [_queued(index, one) for index, one in enumerate(value.images, 1)],
        "total": len(value.images),
        "excluded": [_excluded(one) for one in value.queue.excluded],
        "estimate": estimate,
        "warnings": list(warnings),
        "job_id": of.job_id,
    }


def _queued(index: int, value: "Worded") -> "responses.QueuedImage":
    item = value.item
    return {
        "image_id": slot_id(item.content.content_id, item.slot.number),
        "content_id": item.content.content_id,
        "content_title": item.content.title,
        "index": index,
        "label": item.label,
        "type": item.slot.type,
        "position": item.slot.position,
        "devices": list(item.ref.devices),
        "prompt": value.prompt,
        "size": item.size,
        "status": "queued",
        "progress": 0,
        "image_url": None,
        "error": None,
    }


def _excluded(value: "Excluded") -> "responses.ExcludedImage":
    return {
        "id": slot_id(value.content.content_id, value.slot.number),
        "label": label_of(value.slot),
        "reason": value.reason,
        "detail": value.sentence,
    }


def _url_of(made: Sequence[SlotResult], device: Device) -> str | None:
    return next((_url(one) for one in made if one.device == device), None)


def _url(result: SlotResult) -> str:
    path = f"/v1/assets/{result.asset_id}/content"
    return f"{path}?rendition={result.rendition}" if result.rendition else path
