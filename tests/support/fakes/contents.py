"""ContentStore in memory, and what jobs do to contents there."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from studio.domain.contents.model import Article, Content, Slot, count_slots
from studio.domain.contents.write_back import takes, written_back
from studio.domain.jobs.model import ContentClaim, Job
from studio.errors import NotFoundError, PreconditionFailedError, StateConflictError
from studio.ports.contents import ContentFilter, ContentPage
from studio.ports.jobs import ItemEnding
from tests.support.fakes.stores import Memory


@dataclass
class FakeContentStore:
    """Contents with their slots; the counts are counted with each change."""

    memory: Memory

    def create(self, article: Article) -> None:
        _save(self.memory, article)

    def load(self, tenant: str, content_id: str) -> Article:
        if (tenant, content_id) not in self.memory.articles:
            raise NotFoundError(content_id)
        return self.memory.articles[tenant, content_id]

    def page(
        self, tenant: str, wanted: ContentFilter, limit: int, after: str | None
    ) -> ContentPage:
        found = [
            article.content
            for (owner, name), article in sorted(self.memory.articles.items(), reverse=True)
            if owner == tenant
            and (after is None or name < after)
            and wanted.external_ref in (None, article.content.external_ref)
            and (wanted.status is None or wanted.status in {s.status for s in article.slots})
        ]
        kept = found[:limit]
        return ContentPage(kept, kept[-1].content_id if len(found) > limit else None)

    def change(self, before: Content, after: Content) -> None:
        article = self._unchanged(before)
        content = replace(
            article.content,
            title=after.title,
            meta_title=after.meta_title,
            external_ref=after.external_ref,
            labels=after.labels,
            updated_at=after.updated_at,
            version=before.version + 1,
        )
        _save(self.memory, replace(article, content=content))

    def delete(self, article: Article, at: datetime) -> None:
        key = article.content.tenant, article.content.content_id
        row = self.memory.articles.get(key)
        if row is not None and row.content.job_id is not None:
            raise StateConflictError(f"job {row.content.job_id} makes images for it")
        self._unchanged(article.content)
        del self.memory.articles[key]

    def put_slot(self, before: Content, slot: Slot, replaces: Slot | None) -> None:
        article = self._unchanged(before)
        rows = {one.number: one for one in article.slots}
        row = rows.get(slot.number)
        if (row and row.revision) != (replaces and replaces.revision):
            raise PreconditionFailedError(before.content_id)
        rows[slot.number] = slot
        self._save_slots(article, rows, slot, new=replaces is None)

    def delete_slot(self, before: Content, slot: Slot, at: datetime) -> None:
        article = self._unchanged(before)
        rows = {one.number: one for one in article.slots}
        row = rows.pop(slot.number, None)
        if row is None or row.revision != slot.revision:
            raise PreconditionFailedError(before.content_id)
        self._save_slots(article, rows, replace(slot, updated_at=at), new=False)

    def _unchanged(self, before: Content) -> Article:
        article = self.memory.articles.get((before.tenant, before.content_id))
        if article is None or article.content.version != before.version:
            raise PreconditionFailedError(before.content_id)
        return article

    def _save_slots(
        self, article: Article, rows: dict[int, Slot], changed: Slot, *, new: bool
    ) -> None:
        content = replace(
            article.content,
            version=article.content.version + 1,
            updated_at=changed.updated_at,
            last_slot=changed.number if new else article.content.last_slot,
        )
        _save(self.memory, Article(content, tuple(rows[number] for number in sorted(rows))))


def check_claims(memory: Memory, job: Job, claims: Sequence[ContentClaim]) -> None:
    """Check the contents of a new job."""
    for claim in claims:
        content = _claimable(memory, job, claim.content_id)
        if (content.version, content.runs) != (claim.version, claim.runs):
            raise StateConflictError(f"{claim.content_id} changed meanwhile")


def check_free(memory: Memory, job: Job, claims: Sequence[ContentClaim]) -> None:
    """Check the contents of a job that begins a further run."""
    for claim in claims:
        if _claimable(memory, job, claim.content_id).runs != claim.runs:
            raise StateConflictError(f"{claim.content_id} changed meanwhile")


def claim_contents(memory: Memory, job: Job) -> None:
    """Claim the contents of a job."""
    for content_id in job.content_ids:
        article = memory.articles[job.tenant, content_id]
        runs = article.content.runs + 1
        _save(
            memory,
            replace(article, content=replace(article.content, job_id=job.job_id, runs=runs)),
        )


def free_contents(memory: Memory, job: Job) -> None:
    """Free the contents of a job that ends."""
    for content_id in job.content_ids:
        article = memory.articles[job.tenant, content_id]
        _save(memory, replace(article, content=replace(article.content, job_id=None)))


def end_slot(memory: Memory, ending: ItemEnding) -> None:
    """Write an ended image into its slot."""
    ref, tenant = ending.before.spec.slot, ending.before.tenant
    article = memory.articles.get((tenant, ref.content_id)) if ref else None
    slots = {one.number: one for one in article.slots} if article else {}
    if ref is None or article is None or ref.number not in slots or not takes(ending.status):
        return
    before = slots[ref.number]
    asset_id = ending.asset.asset_id if ending.asset else None
    after = written_back(before, ref, asset_id, ending.error, ending.at)
    if after is None:
        return
    content = article.content
    if after.status != before.status:
        content = replace(content, updated_at=ending.at)
    slots[ref.number] = after
    _save(memory, Article(content, tuple(slots.values())))


def _claimable(memory: Memory, job: Job, content_id: str) -> Content:
    article = memory.articles.get((job.tenant, content_id))
    if article is None:
        raise StateConflictError(f"{content_id} was deleted")
    if article.content.job_id is not None:
        raise StateConflictError(f"job {article.content.job_id} makes images for {content_id}")
    return article.content


def _save(memory: Memory, article: Article) -> None:
    content = replace(article.content, counts=count_slots(article.slots))
    memory.articles[content.tenant, content.content_id] = replace(article, content=content)
