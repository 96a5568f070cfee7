"""Stages of the work and their percentages.

Bands and labels are those of the seed documents (rows J-JOB-22 to J-JOB-38 of the checklist).
Only recorded states count. A client may draw a smooth curve between them.
"""

from studio.domain.jobs.model import TERMINAL_ITEM, Counts, Item, Job, Stage

BANDS: dict[Stage, tuple[int, int]] = {
    "INIT": (0, 10),
    "PREP": (10, 25),
    "AI_CALL": (25, 70),
    "PARSE": (70, 85),
    "SAVE": (85, 98),
    "DONE": (98, 100),
}

LABELS: dict[Stage, str] = {
    "INIT": "Validating image prompts...",
    "PREP": "Preparing image generation queue...",
    "AI_CALL": "Generating images with AI...",
    "PARSE": "Processing image URLs...",
    "SAVE": "Saving image URLs...",
    "DONE": "Images generated!",
}

STEP_LABELS: dict[Stage, str] = {
    **{stage: label.rstrip(".") for stage, label in LABELS.items()},
    "DONE": "Images generated!",
}


def item_percent(item: Item) -> int:
    """Return the percentage of one image: the start of its stage's band, 100 once it has ended."""
    return 100 if item.status in TERMINAL_ITEM else BANDS[item.stage][0]


def images_percent(counts: Counts) -> int:
    """Return the percentage of images that have ended."""
    return 100 * counts.finished // counts.total


def job_stage(job: Job, items: tuple[Item, ...]) -> Stage:
    """Return the stage of the image in work, or the job's own stage if there is none."""
    if job.finished_at is not None:
        return "DONE"
    if job.status == "queued":
        return "INIT"
    current = current_item(items)
    if current is not None:
        return current.stage
    return "PREP" if job.counts.finished == 0 else "DONE"


def job_percent(job: Job) -> int:
    """Return the percentage of the job: 25 + 73 x finished/total between PREP and DONE."""
    if job.finished_at is not None:
        return 100
    if job.status == "queued":
        return BANDS["INIT"][0]
    if job.counts.finished == 0 and job.started_at is None:
        return BANDS["PREP"][0]
    return 25 + 73 * job.counts.finished // job.counts.total


def current_item(items: tuple[Item, ...]) -> Item | None:
    """Return the image in work, or None between two images."""
    return next((item for item in items if item.status == "running"), None)


def message(job: Job, items: tuple[Item, ...]) -> str:
    """Return a sentence about what happens now."""
    stage = job_stage(job, items)
    total, made = job.counts.total, job.counts.succeeded
    if stage == "PREP":
        return f"Preparing to generate {images(total)}"
    if stage in ("AI_CALL", "PARSE", "SAVE"):
        number = current.number if (current := current_item(items)) else job.counts.finished
        verbs = {"AI_CALL": "Generating", "PARSE": "Processing", "SAVE": "Saving"}
        suffix = " with AI" if stage == "AI_CALL" else ""
        return f"{verbs[stage]} image {number} of {total}{suffix}"
    if stage == "DONE":
        return f"{images(made)} generated"
    return LABELS[stage]


def images(count: int) -> str:
    """Return a number of images in words."""
    return f"{count} image" if count == 1 else f"{count} images"
