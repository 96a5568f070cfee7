"""StartRun: one job for the images of contents, worded and sized by the account's settings."""

from dataclasses import replace
from typing import Any

import pytest

from studio.domain.contents.model import Article
from studio.domain.contents.names import slot_id
from studio.domain.jobs.model import Item, Job
from studio.domain.renditions.model import RenditionSpec
from studio.errors import (
    InvalidRequestError,
    NotFoundError,
    NothingToGenerateError,
    StateConflictError,
)
from studio.ports.jobs import Replayed
from studio.services.contents.start_run import Selection, StartRun, selection_of
from tests.support.builders import TENANT, a_key
from tests.support.content_runs import run_key, start_run, stored_settings
from tests.support.contents import an_article
from tests.support.workflows.engine import Engine
from tests.support.workflows.jobs import Studio, made, memory_studio


@pytest.fixture
def studio() -> Studio:
    return memory_studio()


def kept(studio: Studio, *prompts: str | None, **changes: Any) -> Article:
    article = an_article(*prompts, **changes)
    studio.raw.contents.create(article)
    return article


def run(service: StartRun, *articles: Article, key: str = "run-1", **selected: Any) -> Job:
    ids = tuple(article.content.content_id for article in articles)
    selection = Selection(ids, **selected)
    return made(service.run(TENANT, "user-1", selection, None, run_key(key)))


def items_of(studio: Studio, job: Job) -> tuple[Item, ...]:
    return studio.raw.jobs.load(TENANT, job.job_id)[1]


def test_an_image_is_worded_by_the_template_and_keeps_its_own_facts(studio: Studio) -> None:
    article = kept(studio, "a fox", "a den")
    settings = stored_settings(image_type="cartoon", image_format="jpg")
    service = start_run(studio, settings, "{post_title}: {image_prompt}, {image_type}")
    job = run(service, article)
    first, second = items_of(studio, job)
    assert first.spec.prompt == "Foxes: a fox, cartoon"
    assert (second.spec.label, second.spec.type, second.spec.position, second.spec.title) == (
        "In-Article Image 1", "in_article", 1, "Foxes",
    )  # fmt: skip
    assert (first.spec.provider, first.spec.model, first.spec.output_format) == (
        "openai", "gpt-image-2", "jpg",
    )  # fmt: skip
    assert (job.name, dict(job.labels)) == ("Foxes", {"team": "nature"})


def test_the_image_is_rendered_for_each_device_in_the_format_of_the_settings(
    studio: Studio,
) -> None:
    settings = stored_settings(image_format="png", mobile_size="640x960")
    (item,) = items_of(studio, run(start_run(studio, settings), kept(studio, "a fox")))
    assert (item.spec.width, item.spec.height) == (1536, 1024)
    specs = [(one.name, one.width, one.height, one.format) for one in item.spec.output.renditions]
    assert specs == [("desktop", 1536, 1024, "png"), ("mobile", 640, 960, "png")]
    assert all(isinstance(one, RenditionSpec) for one in item.spec.output.renditions)
    assert {one.framing.gravity for one in item.spec.output.renditions} == {"smart"}


def test_the_files_of_devices_keep_a_size_that_the_image_cannot_have(studio: Studio) -> None:
    settings = stored_settings(desktop_size="4000x500")
    job = run(start_run(studio, settings), kept(studio, "a fox"))
    (item,) = items_of(studio, job)
    assert (item.spec.width, item.spec.height) == (4000, 1334)
    specs = [(one.width, one.height) for one in item.spec.output.renditions]
    assert specs == [(4000, 500), (1024, 1536)]
    assert sum("4000x500" in text for text in job.warnings) == 1


def test_the_automatic_choice_makes_the_size_that_the_named_model_cannot(studio: Studio) -> None:
    service = start_run(studio, stored_settings(desktop_size="4000x500"), without_key=["openai"])
    job = run(service, kept(studio, "a fox"))
    assert items_of(studio, job)[0].spec.height == 500
    assert not any("4000x500" in text for text in job.warnings)


def test_the_automatic_choice_takes_the_nearest_size_that_one_of_its_models_makes(
    studio: Studio,
) -> None:
    settings = stored_settings(desktop_size="4096x64", mobile_size="600x900")
    service = start_run(studio, settings, without_key=["openai"])
    intake = replace(service.intake, providers=("gemini", "stability", "openai"))
    job = run(replace(service, intake=intake), kept(studio, "a fox"))
    (item,) = items_of(studio, job)
    assert (item.spec.width, item.spec.height) == (4096, 512)
    assert item.spec.provider == "gemini"


def test_only_the_images_of_all_devices_have_renditions(studio: Studio) -> None:
    article = an_article("a fox", "a den")
    slots = (replace(article.slots[0], device="mobile"), article.slots[1])
    studio.raw.contents.create(replace(article, slots=slots))
    first, second = items_of(studio, run(start_run(studio), article))
    assert (first.spec.width, len(first.spec.output.renditions)) == (1024, 0)
    assert (second.spec.width, len(second.spec.output.renditions)) == (1536, 2)


def test_both_devices_off_leave_the_image_its_own_size(studio: Studio) -> None:
    settings = stored_settings(desktop_enabled=False, mobile_enabled=False)
    (item,) = items_of(studio, run(start_run(studio, settings), kept(studio, "a fox")))
    assert (item.spec.width, item.spec.height) == (1024, 1024)
    assert item.spec.output.renditions == ()


def test_a_job_says_what_is_left_out_and_what_did_not_fit(studio: Studio) -> None:
    article = kept(studio, "a fox", None)
    job = run(start_run(studio, template="{colour}"), article)
    assert any("In-Article Image 1" in text and "no prompt" in text for text in job.warnings)
    assert any("Featured Image" in text and "{colour}" in text for text in job.warnings)
    (item,) = items_of(studio, job)
    assert item.spec.prompt == "a fox"
    warned = [line.message for line in job.log if line.level == "warning"]
    assert any("no prompt" in text for text in warned)


def test_slots_that_are_made_already_are_no_warning(studio: Studio) -> None:
    article = an_article("a fox", "a den")
    slots = (replace(article.slots[0], status="generated"), article.slots[1])
    studio.raw.contents.create(replace(article, slots=slots))
    assert not any("left out" in text for text in run(start_run(studio), article).warnings)


def test_a_provider_without_a_key_gives_way_with_a_warning(studio: Studio) -> None:
    service = start_run(studio, without_key=["openai"])
    job = run(service, kept(studio, "a fox"))
    assert job.choice is not None
    assert (job.choice.asked, job.choice.provider) == ("auto", "builtin")
    assert any("openai" in text for text in job.warnings)


def test_a_redrive_makes_what_the_run_began_with(studio: Studio) -> None:
    settings = stored_settings()
    article = kept(studio, "a fox")
    job = run(start_run(studio, settings), article)
    before = [item.spec for item in items_of(studio, job)]
    studio.cancel(TENANT, job.job_id)
    settings.documents = stored_settings(provider="builtin", model="preview").documents
    redriven = studio.submit_redrive(TENANT, job.job_id, a_key("again"), selection=_cancelled())
    assert made(redriven).run == 2
    assert [item.spec for item in items_of(studio, job)] == before


def _cancelled() -> Any:
    from studio.services.jobs.redrive_job import Selection as Redriven

    return Redriven(statuses={"cancelled"})


def test_a_run_is_made_to_its_end_and_comes_back(studio: Studio) -> None:
    article = kept(studio, "a fox", "a den")
    job = run(start_run(studio), article)
    Engine(studio).settle(TENANT, job.job_id)
    after = studio.raw.contents.load(TENANT, article.content.content_id)
    assert {slot.status for slot in after.slots} == {"generated"}
    assert [one.rendition for one in after.slots[0].results] == ["desktop", "mobile"]
    assert after.content.job_id is None
    with pytest.raises(NothingToGenerateError, match="No pending images with prompts found"):
        run(start_run(studio), article, key="run-2")
    assert sum(studio.provider.paid.values()) == 2


def test_a_content_of_an_open_job_starts_no_other(studio: Studio) -> None:
    one, other = kept(studio, "a fox"), kept(studio, "a den")
    job = run(start_run(studio), one)
    with pytest.raises(StateConflictError, match=job.job_id):
        run(start_run(studio), other, one, key="run-2")
    assert studio.raw.contents.load(TENANT, other.content.content_id).content.job_id is None


def test_only_contents_with_images_to_make_are_claimed(studio: Studio) -> None:
    one, other = kept(studio, "a fox"), kept(studio, None)
    assert run(start_run(studio), one, other).content_ids == (one.content.content_id,)


def test_a_repeat_gets_the_first_answer_although_nothing_is_pending(studio: Studio) -> None:
    article = kept(studio, "a fox")
    service = start_run(studio)
    job = run(service, article)
    selection = Selection((article.content.content_id,))
    for settle in (False, True):
        if settle:
            Engine(studio).settle(TENANT, job.job_id)
        again = service.run(TENANT, "user-1", selection, None, run_key())
        assert again == Replayed(job.job_id)


def test_a_run_of_more_than_fifty_images_is_refused(studio: Studio) -> None:
    settings = stored_settings(max_in_article_images=5)
    articles = [kept(studio, *"abcdef") for _ in range(9)]
    with pytest.raises(InvalidRequestError, match="54 images"):
        run(start_run(studio, settings), *articles)
    assert run(start_run(studio, settings), *articles[:8]).counts.total == 48


def test_an_unknown_content_or_slot_is_not_found(studio: Studio) -> None:
    article, unknown = kept(studio, "a fox"), an_article("a fox")
    with pytest.raises(NotFoundError):
        run(start_run(studio), article, unknown)
    missing = frozenset({slot_id(article.content.content_id, 9)})
    with pytest.raises(NotFoundError):
        run(start_run(studio), article, slot_ids=missing)


def test_ids_are_gathered_by_content_in_their_order() -> None:
    one, other = (an_article().content.content_id for _ in range(2))
    found = selection_of([slot_id(other, 2), one, slot_id(one, 1), slot_id(other, 1)])
    assert found == Selection((other, one), frozenset({slot_id(other, 2), slot_id(other, 1)}))
    with pytest.raises(NotFoundError):
        selection_of([one, other], within=one)
    with pytest.raises(NotFoundError):
        selection_of(["fox"])
