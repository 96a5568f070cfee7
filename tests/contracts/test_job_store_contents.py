"""JobStore and contents: claims that end with their job, results that reach their slot once."""

from dataclasses import replace
from datetime import timedelta

import pytest

from studio.domain.contents.model import Article, Slot, SlotCounts, SlotResult
from studio.domain.jobs.image_spec import SlotRef
from studio.domain.jobs.model import Item, ItemError, Job
from studio.errors import NotFoundError, StateConflictError, WriteConflictError
from studio.ports.jobs import ItemEnding, JobEnding
from tests.support.builders import (
    TENANT,
    a_job,
    a_line,
    a_reservation,
    an_asset,
    an_idempotency,
    an_item,
    unique,
)
from tests.support.contents import an_article, claiming, claims_of
from tests.support.fakes.edges import START
from tests.support.mock_aws.stack import clients, mock_stack
from tests.support.workflows.jobs import Ports, aws_studio

LATER = START + timedelta(minutes=5)


def stored(ports: Ports, *prompts: str) -> Article:
    article = an_article(*(prompts or ("a fox",)))
    ports.contents.create(article)
    return article


def now(ports: Ports, article: Article) -> Article:
    return ports.contents.load(TENANT, article.content.content_id)


def slot_of(ports: Ports, article: Article) -> Slot:
    return now(ports, article).slots[0]


def ref_of(article: Article, number: int = 1, **changes: object) -> SlotRef:
    ref = SlotRef(article.content.content_id, number, 1)
    return replace(ref, **changes)  # type: ignore[arg-type]


def end(ports: Ports, job: Job) -> bool:
    return ports.jobs.finish(
        JobEnding(ports.jobs.get(TENANT, job.job_id), "failed", LATER, a_line(), None, 0)
    )


def made(item: Item) -> ItemEnding:
    return ItemEnding(item, "succeeded", LATER, a_line(), asset=an_asset(item))


def failed(item: Item) -> ItemEnding:
    return ItemEnding(item, "failed", LATER, a_line(), error=ItemError("moderated", "No."))


def image(ports: Ports, job: Job, number: int = 1) -> Item:
    return ports.jobs.get_item(TENANT, job.job_id, number)


def test_a_new_job_claims_its_contents_until_it_ends(ports: Ports) -> None:
    articles = [stored(ports), stored(ports)]
    job = claiming(ports, "key", claims_of(*articles))

    for article in articles:
        content = now(ports, article).content
        assert (content.job_id, content.runs) == (job.job_id, 1)
    assert end(ports, job)
    for article in articles:
        content = now(ports, article).content
        assert (content.job_id, content.runs) == (None, 1)


def test_a_claimed_content_is_not_claimed_by_another_job(ports: Ports) -> None:
    mine, free = stored(ports), stored(ports)
    job = claiming(ports, "key", claims_of(mine))
    as_it_is = now(ports, mine)

    with pytest.raises(StateConflictError, match=job.job_id):
        claiming(ports, "other", claims_of(free, as_it_is))
    assert now(ports, mine) == as_it_is
    assert now(ports, free).content.job_id is None


def test_a_content_that_changed_since_it_was_read_is_not_claimed(ports: Ports) -> None:
    article = stored(ports)
    ports.contents.change(article.content, article.content)

    with pytest.raises(StateConflictError, match=article.content.content_id):
        claiming(ports, "key", claims_of(article))
    assert now(ports, article).content.job_id is None


def test_a_content_that_was_made_since_it_was_read_is_not_claimed(ports: Ports) -> None:
    article = stored(ports)
    assert end(ports, claiming(ports, "key", claims_of(article)))

    with pytest.raises(StateConflictError):
        claiming(ports, "other", claims_of(article))
    claiming(ports, "other", claims_of(now(ports, article)))


def test_a_deleted_content_is_not_claimed(ports: Ports) -> None:
    article = stored(ports)
    ports.contents.delete(article, LATER)
    with pytest.raises(StateConflictError, match="deleted"):
        claiming(ports, "key", claims_of(article))
    with pytest.raises(NotFoundError):
        now(ports, article)


def again(ports: Ports, job: Job, *articles: Article) -> None:
    """Redrive a job for contents as they were read."""
    row, items = ports.jobs.load(TENANT, job.job_id)
    reservation, key = a_reservation(replace(row, run=row.run + 1)), an_idempotency(key="again")
    ports.jobs.redrive(row, items, reservation, key, LATER, a_line(), claims_of(*articles))


def failed_job(ports: Ports, article: Article) -> Job:
    job = claiming(ports, unique("key"), claims_of(article), ref_of(article), reserved=0)
    assert ports.jobs.finish_item(failed(image(ports, job)))
    assert end(ports, job)
    return job


def test_a_redriven_job_claims_its_contents_again(ports: Ports) -> None:
    article = stored(ports)
    job = failed_job(ports, article)
    again(ports, job, now(ports, article))
    content = now(ports, article).content
    assert (content.job_id, content.runs) == (job.job_id, 2)


def test_a_job_is_not_redriven_while_another_makes_its_content(ports: Ports) -> None:
    article = stored(ports)
    job = failed_job(ports, article)
    read = now(ports, article)
    other = claiming(ports, "other", claims_of(read))
    with pytest.raises(StateConflictError, match=other.job_id):
        again(ports, job, read)
    assert now(ports, article).content.job_id == other.job_id


def test_a_job_is_not_redriven_for_a_content_that_was_read_in_the_middle_of_another_job(
    ports: Ports,
) -> None:
    article = stored(ports)
    job = failed_job(ports, article)
    other = claiming(ports, "other", claims_of(now(ports, article)))
    with pytest.raises(StateConflictError, match=other.job_id):
        again(ports, job, now(ports, article))
    assert now(ports, article).content.job_id == other.job_id


def test_a_job_is_not_redriven_for_a_content_that_is_deleted_after_it_was_read(
    ports: Ports,
) -> None:
    article = stored(ports)
    job = failed_job(ports, article)
    read = now(ports, article)
    ports.contents.delete(read, LATER)
    with pytest.raises(StateConflictError, match="deleted"):
        again(ports, job, read)
    with pytest.raises(NotFoundError):
        now(ports, article)
    assert ports.jobs.get(TENANT, job.job_id).run == 1


def test_a_job_is_not_redriven_for_a_content_that_was_made_since_it_was_read(ports: Ports) -> None:
    article = stored(ports)
    job = failed_job(ports, article)
    read = now(ports, article)
    assert end(ports, claiming(ports, "other", claims_of(read)))
    with pytest.raises(StateConflictError, match=article.content.content_id):
        again(ports, job, read)
    assert ports.jobs.get(TENANT, job.job_id).run == 1


def test_a_content_that_was_edited_since_it_was_read_is_redriven(ports: Ports) -> None:
    article = stored(ports)
    job = failed_job(ports, article)
    read = now(ports, article)
    ports.contents.change(read.content, replace(read.content, title="Wolves"))
    again(ports, job, read)
    assert now(ports, article).content.job_id == job.job_id


def test_a_redrive_writes_nothing_to_a_deleted_content(ports: Ports) -> None:
    article, other = stored(ports), stored(ports)
    job = claiming(ports, "key", claims_of(article, other), ref_of(article), ref_of(other))
    for number in (1, 2):
        assert ports.jobs.finish_item(failed(image(ports, job, number)))
    assert end(ports, job)
    ports.contents.delete(now(ports, article), LATER)

    again(ports, job, now(ports, other))
    reopened = ports.jobs.get(TENANT, job.job_id)
    assert reopened.content_ids == (other.content.content_id,)
    first = image(ports, job)
    assert ports.jobs.finish_item(made(first))
    assert end(ports, job)
    assert ports.assets.get(TENANT, first.asset_id)
    with pytest.raises(NotFoundError):
        now(ports, article)
    assert now(ports, other).content.job_id is None


def test_a_finished_image_reaches_its_slot(ports: Ports) -> None:
    article = stored(ports, "a fox", "a den")
    job = claiming(ports, "key", claims_of(article), ref_of(article))
    item = image(ports, job)
    assert item.spec.slot == ref_of(article)
    assert ports.jobs.finish_item(made(item))

    found = now(ports, article)
    before, after = article.slots[0], found.slots[0]
    assert after == replace(
        before,
        status="generated",
        results=(SlotResult("all", item.asset_id),),
        revision=2,
        updated_at=LATER,
    )
    assert found.slots[1] == article.slots[1]
    assert found.content.counts == SlotCounts(pending=1, generated=1)
    assert found.content.updated_at == LATER
    assert not ports.jobs.finish_item(made(item))
    assert now(ports, article) == found


def test_a_failed_image_leaves_its_error_in_its_slot(ports: Ports) -> None:
    article = stored(ports)
    job = claiming(ports, "key", claims_of(article), ref_of(article))
    assert ports.jobs.finish_item(failed(image(ports, job)))

    slot = slot_of(ports, article)
    assert (slot.status, slot.results) == (
        "failed",
        (SlotResult("all", None, None, "moderated", "No."),),
    )
    assert now(ports, article).content.counts == SlotCounts(failed=1)


def test_a_redrive_puts_a_failed_slot_right(ports: Ports) -> None:
    article = stored(ports)
    job = failed_job(ports, article)
    again(ports, job, now(ports, article))
    item = image(ports, job)
    assert ports.jobs.finish_item(made(item))

    slot = slot_of(ports, article)
    assert (slot.status, slot.results) == ("generated", (SlotResult("all", item.asset_id),))
    assert now(ports, article).content.counts == SlotCounts(generated=1)


def test_a_slot_is_generated_once_each_of_its_devices_is(ports: Ports) -> None:
    article = stored(ports)
    refs = [
        ref_of(article, devices=(device,), wanted=("desktop", "mobile"))
        for device in ("desktop", "mobile")
    ]
    job = claiming(ports, "key", claims_of(article), *refs)
    first, second = image(ports, job, 1), image(ports, job, 2)
    assert ports.jobs.finish_item(made(second))
    assert slot_of(ports, article).status == "pending"
    assert ports.jobs.finish_item(made(first))

    slot = slot_of(ports, article)
    assert slot.status == "generated"
    assert slot.results == (
        SlotResult("desktop", first.asset_id),
        SlotResult("mobile", second.asset_id),
    )


def test_a_slot_that_was_edited_meanwhile_stays_pending_and_says_so(ports: Ports) -> None:
    article = stored(ports)
    job = claiming(ports, "key", claims_of(article), ref_of(article))
    before = article.slots[0]
    edited = replace(before, prompt="a wolf", version=2, revision=2)
    ports.contents.put_slot(article.content, edited, before)
    item = image(ports, job)
    assert ports.jobs.finish_item(made(item))

    slot = slot_of(ports, article)
    assert (slot.status, slot.prompt, slot.results) == ("pending", "a wolf", ())
    assert item.asset_id in (slot.notice or "")
    assert ports.assets.get(TENANT, item.asset_id)
    assert now(ports, article).content.counts == SlotCounts(pending=1)


def test_a_result_takes_the_notice_of_an_earlier_one_away(ports: Ports) -> None:
    article = an_article("a fox")
    noted = replace(article, slots=(replace(article.slots[0], notice="Asset 1 is of earlier."),))
    ports.contents.create(noted)
    job = claiming(ports, "key", claims_of(noted), ref_of(noted))
    assert ports.jobs.finish_item(made(image(ports, job)))
    assert slot_of(ports, article).notice is None


def test_a_failure_of_an_earlier_version_changes_nothing_of_a_slot(ports: Ports) -> None:
    article = stored(ports)
    ref = ref_of(article, version=7)
    job = claiming(ports, "key", claims_of(article), ref)
    assert ports.jobs.finish_item(failed(image(ports, job)))
    assert now(ports, article).slots == article.slots


def test_the_image_of_a_slot_that_is_gone_stays_an_asset(ports: Ports) -> None:
    article = stored(ports)
    job = claiming(ports, "key", claims_of(article), ref_of(article))
    ports.contents.delete_slot(article.content, article.slots[0], LATER)
    item = image(ports, job)
    assert ports.jobs.finish_item(made(item))
    assert now(ports, article).slots == ()
    assert ports.assets.get(TENANT, item.asset_id)


def test_a_cancelled_image_leaves_its_slot_pending(ports: Ports) -> None:
    article = stored(ports)
    job = claiming(ports, "key", claims_of(article), ref_of(article))
    item = image(ports, job)
    assert ports.jobs.finish_item(ItemEnding(item, "cancelled", LATER, a_line()))
    assert now(ports, article).slots == article.slots


def test_a_job_without_contents_claims_none(ports: Ports) -> None:
    job = a_job(images=1)
    ports.jobs.create(job, [an_item(job)], a_reservation(job), an_idempotency())
    assert ports.jobs.get(TENANT, job.job_id).content_ids == ()


@pytest.mark.parametrize("times", [1, 2])
def test_a_slot_that_changes_between_read_and_write_is_read_again_on_aws(times: int) -> None:
    """On AWS alone: the fake cannot be caught between its read and its write."""
    with mock_stack():
        ports = aws_studio().raw
        article = stored(ports)
        job = claiming(ports, "key", claims_of(article), ref_of(article))
        item, left = image(ports, job), [f"alt {number}" for number in range(times)]

        def intrude(**_: object) -> None:
            if left:
                text = left.pop(0)
                found = now(ports, article)
                before = found.slots[0]
                changed = replace(before, alt_text=text, revision=before.revision + 1)
                ports.contents.put_slot(found.content, changed, before)

        events = clients().dynamodb.meta.events
        events.register("after-call.dynamodb.GetItem", intrude)
        try:
            assert ports.jobs.finish_item(made(item))
        finally:
            events.unregister("after-call.dynamodb.GetItem", intrude)
        slot = slot_of(ports, article)
        assert (slot.status, slot.alt_text) == ("generated", f"alt {times - 1}")


def test_a_slot_that_keeps_changing_leaves_the_image_open_on_aws() -> None:
    with mock_stack():
        ports = aws_studio().raw
        article = stored(ports)
        job = claiming(ports, "key", claims_of(article), ref_of(article))
        item = image(ports, job)

        def intrude(**_: object) -> None:
            found = now(ports, article)
            before = found.slots[0]
            changed = replace(before, alt_text="b", revision=before.revision + 1)
            ports.contents.put_slot(found.content, changed, before)

        events = clients().dynamodb.meta.events
        events.register("after-call.dynamodb.GetItem", intrude)
        try:
            with pytest.raises(WriteConflictError):
                ports.jobs.finish_item(made(item))
        finally:
            events.unregister("after-call.dynamodb.GetItem", intrude)
        assert image(ports, job).status == "queued"
