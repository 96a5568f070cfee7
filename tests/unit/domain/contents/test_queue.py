"""The queue of a run: what is made, in which order, and why the rest is left out."""

from dataclasses import replace
from typing import Any

import pytest

from studio.domain.contents.model import Article
from studio.domain.contents.names import slot_id, slot_named
from studio.domain.contents.queue import Queue, queue_of
from studio.domain.settings.model import ImageGenerationSettings
from tests.support.contents import a_slot, an_article

SETTINGS = ImageGenerationSettings()


def labels(queue: Queue) -> list[str]:
    return [item.label for item in queue.items]


def reasons(queue: Queue) -> list[tuple[int, str]]:
    return [(one.slot.number, one.reason) for one in queue.excluded]


def with_slots(*slots: Any) -> Article:
    return replace(an_article(), slots=slots)


@pytest.mark.parametrize(("limit", "size"), [(1, 2), (2, 3), (3, 4), (5, 6)])
def test_the_queue_has_the_featured_image_and_in_article_images_up_to_the_limit(
    limit: int, size: int
) -> None:
    article = an_article("a", "b", "c", "d", "e", "f")
    queue = queue_of(replace(SETTINGS, max_in_article_images=limit), [article])

    expected = ["Featured Image", *(f"In-Article Image {number}" for number in range(1, size))]
    assert labels(queue) == expected
    assert reasons(queue) == [(number, "over-limit") for number in range(size + 1, 7)]


def test_in_article_images_come_by_position_after_the_featured_one() -> None:
    slots = [
        a_slot(2, "b", position=5), a_slot(3, "c", position=2), a_slot(1, "a"),
    ]  # fmt: skip
    queue = queue_of(SETTINGS, [with_slots(*slots)])
    assert labels(queue) == ["Featured Image", "In-Article Image 2", "In-Article Image 5"]


@pytest.mark.parametrize("prompt", [None, "", " \t\n"])
def test_a_slot_without_a_prompt_is_left_out_and_takes_no_place(prompt: str | None) -> None:
    settings = replace(SETTINGS, max_in_article_images=1)
    queue = queue_of(settings, [an_article("a", prompt, "c")])
    assert labels(queue) == ["Featured Image", "In-Article Image 2"]
    assert reasons(queue) == [(2, "no-prompt")]
    assert "no prompt" in queue.excluded[0].sentence


def test_only_pending_slots_are_made_unless_all_are_asked_for() -> None:
    article = with_slots(
        a_slot(1, "a", status="generated"), a_slot(2, "b", status="failed"), a_slot(3, "c")
    )
    queue = queue_of(SETTINGS, [article])
    assert labels(queue) == ["In-Article Image 2"]
    assert reasons(queue) == [(1, "not-pending"), (2, "not-pending")]
    assert len(queue_of(SETTINGS, [article], force=True).items) == 3


def test_only_the_wanted_slots_are_looked_at() -> None:
    article = an_article("a", "b", None)
    wanted = [slot_id(article.content.content_id, number) for number in (2, 3)]
    queue = queue_of(SETTINGS, [article], wanted)
    assert labels(queue) == ["In-Article Image 1"]
    assert reasons(queue) == [(3, "no-prompt")]


def test_each_content_has_a_limit_of_its_own() -> None:
    articles = [an_article("a", "b", "c"), an_article("d", "e")]
    queue = queue_of(replace(SETTINGS, max_in_article_images=1), articles)
    assert [item.prompt for item in queue.items] == ["a", "b", "d", "e"]
    assert [item.content for item in queue.items[2:]] == [articles[1].content] * 2


def test_one_paid_image_is_ordered_for_the_first_device_and_rendered_for_both() -> None:
    (item,) = queue_of(SETTINGS, [an_article("a")]).items
    assert item.size == "1536x1024"
    assert item.renditions == (("desktop", "1536x1024"), ("mobile", "1024x1536"))
    assert item.ref.devices == item.ref.wanted == ("desktop", "mobile")
    assert item.ref.renditions


@pytest.mark.parametrize(
    ("desktop", "mobile", "size", "renditions"),
    [
        (True, False, "1536x1024", (("desktop", "1536x1024"),)),
        (False, True, "1024x1536", (("mobile", "1024x1536"),)),
        (False, False, None, ()),
    ],
)
def test_a_device_that_is_off_gets_no_rendition(
    desktop: bool, mobile: bool, size: str | None, renditions: tuple[tuple[str, str], ...]
) -> None:
    settings = replace(SETTINGS, desktop_enabled=desktop, mobile_enabled=mobile)
    (item,) = queue_of(settings, [an_article("a")]).items
    assert (item.size, item.renditions) == (size, renditions)
    assert item.ref.devices == (tuple(name for name, _ in renditions) or ("all",))
    assert item.ref.renditions == bool(renditions)


def test_a_slot_of_one_device_is_made_for_it_alone_or_left_out() -> None:
    article = with_slots(a_slot(1, "a", device="desktop"), a_slot(2, "b", device="mobile"))
    queue = queue_of(replace(SETTINGS, mobile_enabled=False), [article])
    (item,) = queue.items
    assert (item.size, item.renditions, item.ref.wanted) == ("1536x1024", (), ("desktop",))
    assert reasons(queue) == [(2, "device-disabled")]


def test_separate_generation_orders_an_image_for_each_device() -> None:
    settings = replace(SETTINGS, separate_generation=True)
    first, second = queue_of(settings, [an_article("a")]).items
    assert [item.size for item in (first, second)] == ["1536x1024", "1024x1536"]
    assert [item.ref.devices for item in (first, second)] == [("desktop",), ("mobile",)]
    assert first.ref.wanted == second.ref.wanted == ("desktop", "mobile")
    assert first.renditions == second.renditions == ()
    off = replace(settings, desktop_enabled=False, mobile_enabled=False)
    assert len(queue_of(off, [an_article("a")]).items) == 1


def test_images_of_one_position_for_two_devices_count_once() -> None:
    article = with_slots(
        a_slot(2, "a", position=1, device="mobile"),
        a_slot(3, "b", position=1, device="desktop"),
        a_slot(4, "c", position=2),
    )
    queue = queue_of(replace(SETTINGS, max_in_article_images=1), [article])
    assert [item.prompt for item in queue.items] == ["b", "a"]
    assert reasons(queue) == [(4, "over-limit")]


def test_the_id_of_a_slot_names_its_content() -> None:
    content_id = an_article().content.content_id
    assert slot_named(slot_id(content_id, 16)) == (content_id, 16)
    for text in ("", content_id, f"{slot_id(content_id, 1)}0000", slot_id(content_id, 0)):
        assert slot_named(text) is None
