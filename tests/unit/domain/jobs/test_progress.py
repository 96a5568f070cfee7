"""Progress: phases, bands, labels and sentences of the seed documents."""

from dataclasses import replace

import pytest

from studio.domain.jobs.model import Counts, Item, ItemStatus, JobStatus, Stage
from studio.domain.jobs.progress import (
    BANDS,
    images_percent,
    item_label,
    item_name,
    item_percent,
    job_label,
    job_percent,
    job_stage,
    message,
)
from studio.domain.jobs.words import images, labels_of, step_label
from studio.domain.operations.table import OPERATIONS
from tests.support.builders import a_job, a_spec, an_item
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
    assert labels_of("generate")[stage] == label
    assert step_label(label) == (label if stage == "DONE" else label.removesuffix("..."))


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
    done = an_item(job, 1, status="succeeded", stage="DONE")
    items = (done, an_item(job, 2, status="running", stage=stage), an_item(job, 3))
    assert job_stage(job, items) == "AI_CALL"
    assert message(job, items) == sentence


@pytest.mark.parametrize(
    ("stage", "sentence"),
    [
        ("AI_CALL", "Generating image 2 of 2 with AI"),
        ("PARSE", "2 images generated"),
        ("SAVE", "Saving 1 image"),
    ],
)
def test_the_last_image_moves_the_phase_of_the_job(stage: Stage, sentence: str) -> None:
    job = a_job(images=2, status="running", counts=Counts(2, succeeded=1), started_at=START)
    done = an_item(job, 1, status="succeeded", stage="DONE")
    items = (done, an_item(job, 2, status="running", stage=stage))
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
    ("status", "counts", "label", "sentence"),
    [
        ("succeeded", Counts(1, succeeded=1), "Images generated!", "1 image generated"),
        ("succeeded", Counts(2, succeeded=2), "Images generated!", "2 images generated"),
        ("succeeded", Counts(3, succeeded=2, skipped=1), "Images generated!",
         "2 of 3 images generated, 1 skipped"),
        ("partially_succeeded", Counts(4, succeeded=1, failed=2, unknown=1), "Partly failed",
         "1 of 4 images generated, 2 failed, 1 of unknown outcome"),
        ("failed", Counts(2, failed=2), "Failed", "No image generated: 2 failed"),
        ("cancelled", Counts(2, cancelled=2), "Cancelled", "No image generated: 2 cancelled"),
        ("cancelled", Counts(2, succeeded=1, cancelled=1), "Cancelled",
         "1 of 2 images generated, 1 cancelled"),
    ],
)  # fmt: skip
def test_a_job_that_ended_says_what_it_made(
    status: JobStatus, counts: Counts, label: str, sentence: str
) -> None:
    job = a_job(status=status, counts=counts, finished_at=START)
    assert (job_stage(job, ()), job_percent(job)) == ("DONE", 100)
    assert job_label(job, "DONE") == label
    assert message(job, ()) == sentence


def test_a_job_is_done_only_at_its_end() -> None:
    job = a_job(images=2, status="running", counts=Counts(2, succeeded=1), started_at=START)
    done = an_item(job, 1, status="succeeded", stage="DONE")
    between = (done, an_item(job, 2))
    assert job_stage(job, between) == "AI_CALL"
    assert message(job, between) == "Generating image 2 of 2 with AI"
    all_ended = replace(job, counts=Counts(2, succeeded=2))
    ended = (done, replace(done, number=2))
    assert job_stage(all_ended, ended) == "SAVE"
    assert message(all_ended, ended) == "Saving 2 images"


def lives(count: int) -> list[tuple[Item, ...]]:
    """Return the images of a job after each of its steps; each is put back once."""
    job = a_job(images=count)
    items = [an_item(job, number) for number in range(1, count + 1)]
    seen = [tuple(items)]
    steps: list[tuple[ItemStatus, Stage]] = [
        ("running", "AI_CALL"), ("queued", "AI_CALL"), ("running", "AI_CALL"),
        ("running", "PARSE"), ("running", "SAVE"), ("succeeded", "DONE"),
    ]  # fmt: skip
    for index in range(count):
        for status, stage in steps:
            items[index] = replace(items[index], status=status, stage=stage)
            seen.append(tuple(items))
    return seen


@pytest.mark.parametrize("count", [1, 2, 5])
def test_the_phase_only_moves_forward(count: int) -> None:
    job = a_job(images=count, status="running", started_at=START)
    phases = []
    for items in lives(count):
        made = sum(item.status == "succeeded" for item in items)
        phases.append(job_stage(replace(job, counts=Counts(count, succeeded=made)), items))
    assert phases == sorted(phases, key=list(BANDS).index)
    assert set(phases) == {"PREP", "AI_CALL", "PARSE", "SAVE"}


def test_a_new_run_begins_at_its_preparation() -> None:
    counts = Counts(2, succeeded=1)
    job = a_job(images=2, run=2, counts=counts, started_at=START)
    items = (an_item(job, 1, run=1, status="succeeded", stage="DONE"), an_item(job, 2))
    assert (job_stage(job, items), job_percent(job)) == ("PREP", 10)
    assert message(job, items) == "Preparing to generate 1 image"
    running = replace(job, status="running")
    assert job_stage(running, items) == "PREP"
    called = (items[0], replace(items[1], status="running", stage="AI_CALL"))
    assert job_stage(running, called) == "AI_CALL"


def test_a_job_that_is_being_cancelled_says_so() -> None:
    job = a_job(images=2, status="cancelling", started_at=START)
    busy = an_item(job, 1, status="running", stage="AI_CALL")
    gone = an_item(job, 2, status="cancelled")
    assert message(job, (busy, gone)) == "Cancelling after image 1"
    assert message(job, (gone,)) == "Cancelling"


@pytest.mark.parametrize(
    ("operation", "name", "working", "one", "several", "label"),
    [
        ("edit.inpaint", "Edit 1", "Editing image 1 of 2", "1 image edited", "2 images edited",
         "Images edited!"),
        ("upscale.fast", "Upscale 1", "Upscaling image 1 of 2", "1 image upscaled",
         "2 images upscaled", "Images upscaled!"),
        ("render", "Render 1", "Rendering image 1 of 2", "1 image rendered", "2 images rendered",
         "Images rendered!"),
        ("social.optimize", "Image 1", "Optimising image 1 of 2", "1 image optimised",
         "2 images optimised", "Images optimised!"),
        ("transform.avatar", "Video 1", "Making video 1 of 2", "1 video made", "2 videos made",
         "Videos made!"),
        ("transform.image_to_3d", "Model 1", "Making 3D model 1 of 2", "1 3D model made",
         "2 3D models made", "3D models made!"),
        ("control.sketch", "Image 1", "Generating image 1 of 2 with AI", "1 image generated",
         "2 images generated", "Images generated!"),
    ],
)  # fmt: skip
def test_other_operations_have_their_own_words(
    operation: str, name: str, working: str, one: str, several: str, label: str
) -> None:
    job = a_job(images=2, operation=operation, status="running", started_at=START)
    spec = a_spec(operation=operation)
    items = (an_item(job, 1, spec=spec, status="running", stage="AI_CALL"), an_item(job, 2))
    assert message(job, items) == working
    assert item_name(items[0]) == name
    assert item_label(items[0]) == labels_of(operation)["AI_CALL"]
    for count, sentence in ((1, one), (2, several)):
        ended = replace(job, status="succeeded", counts=Counts(count, succeeded=count))
        ended = replace(ended, finished_at=START)
        assert message(ended, ()) == sentence
        assert job_label(ended, "DONE") == label


def test_only_generation_speaks_of_generating() -> None:
    for operation in OPERATIONS:
        said = " ".join(labels_of(operation).values())
        generates = operation.partition(".")[0] in ("generate", "control")
        assert ("enerat" in said) == generates, operation


def test_the_label_of_an_image_tells_how_it_ended() -> None:
    statuses: tuple[ItemStatus, ...] = ("failed", "skipped", "cancelled", "unknown")
    items = (an_item(a_job(), status=status, stage="AI_CALL") for status in statuses)
    assert [item_label(item) for item in items] == [
        "Failed",
        "Skipped",
        "Cancelled",
        "Outcome unknown",
    ]


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


@pytest.mark.parametrize("status", ["running", "cancelling"])
def test_the_percentage_of_a_job_that_prepares_stays_in_its_band(status: JobStatus) -> None:
    counts = Counts(2, skipped=1) if status == "running" else Counts(2, cancelled=2)
    job = a_job(images=2, status=status, counts=counts, started_at=START)
    ended: ItemStatus = "skipped" if status == "running" else "cancelled"
    items = (an_item(job, 1, status=ended), an_item(job, 2))
    for known in (items, None):
        assert job_percent(job, known) == 25
    assert job_stage(job, items) == "PREP"
    called = (items[0], an_item(job, 2, status="running", stage="AI_CALL"))
    assert job_stage(job, called) == "AI_CALL"
    assert job_percent(job, called) == 25 + 73 * counts.finished // 2


def test_the_percentage_of_a_redrive_that_prepares_stays_in_its_band() -> None:
    counts = Counts(2, succeeded=1)
    job = replace(a_job(images=2, status="running", counts=counts, started_at=START), run=2)
    items = (an_item(job, 1, status="succeeded", stage="DONE", run=1), an_item(job, 2, run=2))
    assert (job_stage(job, items), job_percent(job, items)) == ("PREP", 25)
