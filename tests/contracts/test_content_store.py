"""ContentStore: slots that are counted, changes that never overwrite each other."""

from dataclasses import replace
from datetime import timedelta

import pytest

from studio.domain.contents.model import Article, Content, Slot, SlotCounts
from studio.errors import NotFoundError, PreconditionFailedError, StateConflictError
from studio.ports.contents import ContentFilter
from tests.support.builders import TENANT, unique
from tests.support.contents import an_article, claiming, claims_of, content_id_of
from tests.support.fakes.edges import START
from tests.support.workflows.jobs import Ports

LATER = START + timedelta(minutes=5)


def test_a_content_is_read_with_its_slots_as_it_was_written(ports: Ports) -> None:
    article = an_article("a fox", None, "a den")
    ports.contents.create(article)

    assert ports.contents.load(TENANT, article.content.content_id) == article
    with pytest.raises(NotFoundError):
        ports.contents.load("rival", article.content.content_id)
    with pytest.raises(NotFoundError):
        ports.contents.load(TENANT, content_id_of(999))


def test_a_content_without_more_words_is_read_as_it_was_written(ports: Ports) -> None:
    article = an_article("a fox")
    bare = replace(article.content, meta_title=None, external_ref=None, labels={})
    ports.contents.create(replace(article, content=bare))

    assert ports.contents.load(TENANT, bare.content_id).content == bare


def test_contents_are_listed_newest_first_page_by_page(ports: Ports) -> None:
    written = [an_article("a fox") for _ in range(3)]
    for article in written:
        ports.contents.create(article)
    ports.contents.create(an_article("a fox", tenant="rival"))
    newest = [article.content for article in reversed(written)]

    first = ports.contents.page(TENANT, ContentFilter(), 2, None)
    assert (list(first.contents), first.next_after) == (newest[:2], newest[1].content_id)
    rest = ports.contents.page(TENANT, ContentFilter(), 2, first.next_after)
    assert (list(rest.contents), rest.next_after) == (newest[2:], None)


def test_contents_are_filtered_by_reference_and_by_the_states_of_their_slots(ports: Ports) -> None:
    named = an_article("a fox", external_ref="cms-1")
    made = an_article("a fox", external_ref="cms-2", status="generated")
    for article in (named, made):
        ports.contents.create(article)

    def found(**wanted: str) -> list[str]:
        page = ports.contents.page(TENANT, ContentFilter(**wanted), 10, None)  # type: ignore[arg-type]
        return [content.content_id for content in page.contents]

    assert found(external_ref="cms-1") == [named.content.content_id]
    assert found(status="generated") == [made.content.content_id]
    assert found(status="pending", external_ref="cms-2") == []


def test_a_content_is_changed_word_by_word(ports: Ports) -> None:
    article = an_article("a fox")
    ports.contents.create(article)
    before = article.content
    after = replace(before, title="New", external_ref=None, labels={"a": "b"}, updated_at=LATER)
    ports.contents.change(before, after)

    found = ports.contents.load(TENANT, before.content_id)
    assert found == Article(replace(after, version=2), article.slots)
    with pytest.raises(PreconditionFailedError):
        ports.contents.change(before, after)


def test_a_new_slot_is_counted(ports: Ports) -> None:
    article = an_article("a fox")
    ports.contents.create(article)
    slot = replace(article.slots[0], number=2, type="in_article", position=4, updated_at=LATER)
    ports.contents.put_slot(article.content, slot, None)

    content, slots = _parts(ports, article)
    assert slots == (*article.slots, slot)
    assert (content.version, content.last_slot, content.updated_at) == (2, 2, LATER)
    assert content.counts == SlotCounts(pending=2)
    with pytest.raises(PreconditionFailedError):
        ports.contents.put_slot(article.content, replace(slot, number=3), None)
    with pytest.raises(PreconditionFailedError):
        ports.contents.put_slot(content, slot, None)
    assert _parts(ports, article) == (content, slots)


def test_a_changed_slot_moves_the_counts_and_overwrites_nothing_newer(ports: Ports) -> None:
    article = an_article("a fox", status="failed")
    ports.contents.create(article)
    before = article.slots[0]
    after = replace(before, prompt="a wolf", status="pending", version=2, revision=2)
    ports.contents.put_slot(article.content, after, before)

    content, slots = _parts(ports, article)
    assert (slots, content.counts) == ((after,), SlotCounts(pending=1))
    assert content.last_slot == 1
    with pytest.raises(PreconditionFailedError):
        ports.contents.put_slot(content, replace(after, revision=3), before)
    with pytest.raises(PreconditionFailedError):
        ports.contents.put_slot(article.content, replace(after, revision=3), after)
    assert _parts(ports, article) == (content, slots)


def test_a_deleted_slot_is_no_longer_counted(ports: Ports) -> None:
    article = an_article("a fox", "a den")
    ports.contents.create(article)
    gone = article.slots[1]
    with pytest.raises(PreconditionFailedError):
        ports.contents.delete_slot(article.content, replace(gone, revision=7), LATER)
    ports.contents.delete_slot(article.content, gone, LATER)

    content, slots = _parts(ports, article)
    assert slots == article.slots[:1]
    assert (content.counts, content.last_slot, content.version) == (SlotCounts(pending=1), 2, 2)
    with pytest.raises(PreconditionFailedError):
        ports.contents.delete_slot(article.content, article.slots[0], LATER)


def test_a_content_is_deleted_with_its_slots(ports: Ports) -> None:
    article = an_article("a fox", "a den")
    ports.contents.create(article)
    stale = replace(article, content=replace(article.content, version=7))
    with pytest.raises(PreconditionFailedError):
        ports.contents.delete(stale, LATER)
    ports.contents.delete(article, LATER)

    with pytest.raises(NotFoundError):
        ports.contents.load(TENANT, article.content.content_id)
    assert ports.contents.page(TENANT, ContentFilter(), 10, None).contents == []
    with pytest.raises(PreconditionFailedError):
        ports.contents.delete(article, LATER)


def test_a_content_of_an_open_job_is_not_deleted(ports: Ports) -> None:
    article = an_article("a fox")
    ports.contents.create(article)
    job = claiming(ports, unique("key"), claims_of(article))

    with pytest.raises(StateConflictError, match=job.job_id):
        ports.contents.delete(article, LATER)
    assert ports.contents.load(TENANT, article.content.content_id).content.job_id == job.job_id


def _parts(ports: Ports, article: Article) -> tuple[Content, tuple[Slot, ...]]:
    found = ports.contents.load(TENANT, article.content.content_id)
    return found.content, found.slots
