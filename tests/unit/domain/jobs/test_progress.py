"""Progress: phases, bands, labels and sentences of the seed documents."""

from dataclasses import replace

import pytest

from studio.domain.jobs.model import Counts, Stage
from studio.domain.jobs.progress import (
    BANDS,
    LABELS,
    STEP_LABELS,
    images,
    images_percent,
    item_percent,
    job_percent,
    job_stage,
    message,
)
from tests.support.builders import a_job, an_item
from tests.support.fakes.edges import START


def test_the_phases_come_in_order() -> None:
    assert list(BANDS) == ["INIT", "PREP", "AI_CALL", "PARSE", "SAVE", "DONE"]


@pytest.mark.parametrize(
    ("stage", "band", "label"),
    [
        ("INIT", (0, 10), "Validating image prompts..."),
        ("PREP", (10, 25), "Preparing image generation queue..."),
        ("AI_CALL", (25, 70), "Generating images with AI..."),
        ("PARSE", (70, 85), "Processing image URLs..."),
        ("SAVE", (85, 98), "Saving image URLs..."),
        ("DONE", (98, 100), "Images generated!"),
    ],
)
def test_every_phase_has_its_band_and_label(
    stage: Stage, band: tuple[int, int], label: str
) -> None:
    assert BANDS[stage] == band
    assert LABELS[stage] == label
    assert STEP_LABELS[stage] == (label if stage == "DONE" else label.removesuffix("..."))


@pytest.mark.parametrize(
    ("stage", "sentence"),
    [
        ("AI_CALL", "Generating image 2 of 3 with AI"),
        ("PARSE", "Processing image 2 of 3"),
        ("SAVE", "Saving image 2 of 3"),
    ],
)
def test_an_image_in_work_is_spoken_of(stage: Stage, sentence: str) -> None:
    job = a_job(images=3, status="running", counts=Counts(3, succeeded=1), started_at=START)
    items = (an_item(job, 2, status="running", stage=stage),)
    assert job_stage(job, items) == stage
    assert message(job, items) == sentence


@pytest.mark.parametrize(("count", "words"), [(1, "1 image"), (2, "2 images"), (0, "0 images")])
def test_numbers_of_images_are_words(count: int, words: str) -> None:
    assert images(count) == words


@pytest.mark.parametrize(
    ("total", "sentence"),
    [(1, "Preparing to generate 1 image"), (4, "Preparing to generate 4 images")],
)
def test_a_job_that_begins_prepares(total: int, sentence: str) -> None:
    job = a_job(images=total, status="running", counts=Counts(total))
    assert job_stage(job, ()) == "PREP"
    assert message(job, ()) == sentence


def test_a_job_in_the_queue_validates() -> None:
    job = a_job()
    assert (job_stage(job, ()), job_percent(job)) == ("INIT", 0)
    assert message(job, ()) == "Validating image prompts..."


@pytest.mark.parametrize(
    ("made", "sentence"), [(1, "1 image generated"), (2, "2 images generated")]
)
def test_a_job_that_ended_says_what_it_made(made: int, sentence: str) -> None:
    counts = Counts(total=3, succeeded=made, failed=3 - made)
    job = a_job(status="partially_succeeded", counts=counts, finished_at=START)
    assert (job_stage(job, ()), job_percent(job)) == ("DONE", 100)
    assert message(job, ()) == sentence


def test_between_two_images_the_last_one_is_done() -> None:
    job = a_job(status="running", counts=Counts(2, succeeded=1), started_at=START)
    assert job_stage(job, (an_item(job, 2),)) == "DONE"


def test_the_job_moves_with_every_image_that_ended_however_it_did() -> None:
    job = a_job(images=6, status="running", started_at=START)
    counts = Counts(total=6)
    seen = [job_percent(job)]
    for name in ("succeeded", "failed", "skipped", "cancelled", "unknown"):
        counts = replace(counts, **{name: 1})
        seen.append(job_percent(replace(job, counts=counts)))
    assert seen == [25, 37, 49, 61, 73, 85]
    assert images_percent(counts) == 83


def test_a_job_that_was_cancelled_before_it_began_is_prepared() -> None:
    assert job_percent(a_job(status="cancelling")) == 10


def test_an_image_stands_where_its_band_begins_until_it_ended() -> None:
    job = a_job()
    assert item_percent(an_item(job)) == 0
    assert item_percent(an_item(job, status="running", stage="SAVE")) == 85
    for status in ("succeeded", "failed", "skipped", "cancelled", "unknown"):
        assert item_percent(an_item(job, status=status, stage="AI_CALL")) == 100
