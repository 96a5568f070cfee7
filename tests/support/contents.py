"""Contents with slots, and jobs that make images for them."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import count
from typing import Any

from studio.domain.contents.model import Article, Content, Slot, SlotStatus, count_slots
from studio.domain.jobs.image_spec import SlotRef
from studio.domain.jobs.model import ContentClaim, Item, Job
from studio.domain.orders.request import JobRequest
from tests.support.builders import (
    TENANT,
    a_job,
    a_reservation,
    a_spec,
    an_idempotency,
    an_item,
)
from tests.support.fakes.edges import START
from tests.support.workflows.jobs import Ports, Studio

_numbers = count(1)


def content_id_of(number: int) -> str:
    """Return the id of a content."""
    return f"cnt_{number:026d}"


def a_slot(number: int = 1, prompt: str | None = "a red fox", **changes: Any) -> Slot:
    """Return a slot: the featured image is number 1, then the in-article images follow."""
    slot = Slot(
        number=number,
        type="featured" if number == 1 else "in_article",
        position=None if number == 1 else number - 1,
        created_at=START,
        updated_at=START,
        prompt=prompt,
    )
    return replace(slot, **changes)


def an_article(
    *prompts: str | None, tenant: str = TENANT, status: SlotStatus = "pending", **changes: Any
) -> Article:
    """Return a content with one slot for each prompt, the featured one first."""
    slots = tuple(a_slot(number, prompt, status=status) for number, prompt in enumerate(prompts, 1))
    content = Content(
        tenant=tenant,
        content_id=content_id_of(next(_numbers)),
        title="Foxes",
        created_at=START,
        created_by="user-1",
        updated_at=START,
        meta_title="Foxes at night",
        external_ref="cms-42",
        labels={"team": "nature"},
        counts=count_slots(slots),
        last_slot=len(slots),
    )
    return Article(replace(content, **changes), slots)


def with_article(studio: Studio, tenant: str, order: JobRequest) -> JobRequest:
    """Return an order that makes the images of a new content, one slot for each prompt."""
    images = list(order.images)
    article = an_article(*(image.prompt for image in images), tenant=tenant)
    studio.raw.contents.create(article)
    refs = [
        SlotRef(article.content.content_id, slot.number, slot.version) for slot in article.slots
    ]
    return replace(
        order,
        images=[replace(image, slot=ref) for image, ref in zip(images, refs, strict=True)],
        claims=claims_of(article),
    )


def claims_of(*articles: Article) -> tuple[ContentClaim, ...]:
    """Return the claims of a job for contents as they were read."""
    contents = [article.content for article in articles]
    return tuple(ContentClaim(one.content_id, one.version, one.runs) for one in contents)


def claiming(
    ports: Ports, key: str, claims: Sequence[ContentClaim], *refs: SlotRef, **changes: Any
) -> Job:
    """Create a job that claims contents, with one image for each slot."""
    job = a_job(
        images=max(len(refs), 1), content_ids=tuple(one.content_id for one in claims), **changes
    )
    items = [slot_item(job, number, ref) for number, ref in enumerate(refs, 1)] or [an_item(job)]
    ports.jobs.create(job, items, a_reservation(job), an_idempotency(key=key), claims)
    return job


def slot_item(job: Job, number: int, ref: SlotRef) -> Item:
    """Return an image of a job for a slot."""
    return an_item(job, number, spec=a_spec(slot=ref))
