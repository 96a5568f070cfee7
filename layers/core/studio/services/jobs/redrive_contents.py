"""The contents of a job that is redriven: which are left, and which slots have an image by now."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from studio.domain.contents.made_since import made_since
from studio.domain.contents.model import Article
from studio.domain.jobs.model import ContentClaim, Item, Job
from studio.errors import NotFoundError, StateConflictError
from studio.ports.contents import ContentStore


class Remaining(NamedTuple):
    """What a redrive runs of a selection.

    Attributes:
        job: With the contents that are left.
        items: The images to run.
        claims: The contents to claim for the run, as they were read.
        notes: A warning for each image that is left out and each content that is gone.
    """

    job: Job
    items: list[Item]
    claims: tuple[ContentClaim, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RedriveContents:
    """Compares the images of a redrive with the slots that they are for."""

    contents: ContentStore

    def remaining(self, job: Job, items: Sequence[Item]) -> Remaining:
        """Return what a redrive runs.

        An image is left out if another job has made its slot since. An image of a deleted content
        runs: it stays an asset.

        Raises:
            StateConflictError: no image is left.
        """
        articles = {name: self._load(job.tenant, name) for name in job.content_ids}
        made = {item.number: found for item in items if (found := _made(item, articles))}
        left_out = [
            f"Image {number} is left out: asset {asset_id} was made for its slot since."
            for number, asset_id in made.items()
        ]
        left = [item for item in items if item.number not in made]
        if not left:
            raise StateConflictError(f"nothing is left to run. {' '.join(left_out)}")
        gone = [
            f"The content {name} was deleted: its images stay assets."
            for name, article in articles.items()
            if article is None
        ]
        kept = [article.content for article in articles.values() if article is not None]
        return Remaining(
            replace(job, content_ids=tuple(content.content_id for content in kept)),
            left,
            tuple(ContentClaim(one.content_id, one.version, one.runs) for one in kept),
            (*left_out, *gone),
        )

    def _load(self, tenant: str, content_id: str) -> Article | None:
        try:
            return self.contents.load(tenant, content_id)
        except NotFoundError:
            return None


def _made(item: Item, articles: dict[str, Article | None]) -> str | None:
    ref = item.spec.slot
    article = articles.get(ref.content_id) if ref else None
    if ref is None or article is None:
        return None
    slot = next((slot for slot in article.slots if slot.number == ref.number), None)
    return None if slot is None else made_since(slot, item)
