"""Phases of the work, their percentages, and the sentence about what happens now.

Bands are those of the seed documents (rows J-JOB-22 to J-JOB-28 of the checklist).
Only recorded states count. A client may draw a smooth curve between them.
"""

from studio.domain.jobs.model import TERMINAL_ITEM, Counts, Item, Job, Stage
from studio.domain.jobs.words import ENDED_ITEM, ENDED_JOB, WAITS, labels_of, words_of

BANDS: dict[Stage, tuple[int, int]] = {
    "INIT": (0, 10),
    "PREP": (10, 25),
    "AI_CALL": (25, 70),
    "PARSE": (70, 85),
    "SAVE": (85, 98),
    "DONE": (98, 100),
}

_ORDER: tuple[Stage, ...] = tuple(BANDS)


def item_percent(item: Item) -> int:
    """Return the percentage of one image: the start of its stage's band, 100 once it has ended."""
    return 100 if item.status in TERMINAL_ITEM else BANDS[item.stage][0]


def images_percent(counts: Counts) -> int:
    """Return the percentage of images that have ended."""
    return 100 * counts.finished // counts.total


def job_stage(job: Job, items: tuple[Item, ...]) -> Stage:
    """Return the phase of the job: the earliest stage of its open images, DONE at its end.

    Within a run it only moves forward. A redrive begins at PREP, because its order is checked.
    """
    if job.finished_at is not None:
        return "DONE"
    if job.status == "queued":
        return "INIT" if job.run == 1 else "PREP"
    stages = [item.stage for item in items if item.run == job.run]
    if not any(_ORDER.index(stage) >= _ORDER.index("AI_CALL") for stage in stages):
        return "PREP"
    left = [_ORDER.index(item.stage) for item in items if item.status not in TERMINAL_ITEM]
    return _ORDER[max(min(left), _ORDER.index("AI_CALL"))] if left else "SAVE"


def job_percent(job: Job, items: tuple[Item, ...] | None = None) -> int:
    """Return the percentage of the job: 25 + 73 x finished/total between PREP and DONE.

    In PREP it stays in the band, although images may be skipped or cancelled already. Without the
    items, a job is in PREP as long as no other image has ended.
    """
    if job.finished_at is not None:
        return 100
    if job.status == "queued":
        return BANDS["INIT" if job.run == 1 else "PREP"][0]
    if job.counts.finished == 0 and job.started_at is None:
        return BANDS["PREP"][0]
    percent = 25 + 73 * job.counts.finished // job.counts.total
    return min(percent, BANDS["PREP"][1]) if _prepares(job, items) else percent


def _prepares(job: Job, items: tuple[Item, ...] | None) -> bool:
    """Tell whether no image of a job that runs has reached its call."""
    if items is not None:
        return job_stage(job, items) == "PREP"
    return job.counts.finished == job.counts.skipped + job.counts.cancelled


def job_label(job: Job, stage: Stage) -> str:
    """Return the label of a job in a phase, with own words for an end that is not good."""
    return ENDED_JOB.get(job.status) or labels_of(job.operation)[stage]


def item_label(item: Item) -> str:
    """Return the label of an image, with own words for an end that is not good."""
    return ENDED_ITEM.get(item.status) or labels_of(item.spec.operation)[item.stage]


def item_name(item: Item) -> str:
    """Return the caller's label of an image, or its kind and number."""
    return item.spec.label or f"{words_of(item.spec.operation).name} {item.number}"


def current_item(items: tuple[Item, ...]) -> Item | None:
    """Return the image in work, or None between two images."""
    return next((item for item in items if item.status == "running"), None)


def waiting_item(items: tuple[Item, ...]) -> Item | None:
    """Return the image that waits for its provider, None if none does."""
    return next((item for item in items if item.waiting is not None), None)


def message(job: Job, items: tuple[Item, ...]) -> str:
    """Return a sentence about what happens now, or about what was made."""
    if job.finished_at is not None:
        return words_of(job.operation).made(job.counts)
    if job.status == "cancelling":
        current = current_item(items)
        return f"Cancelling after image {current.number}" if current else "Cancelling"
    held = waiting_item(items)
    if held is not None and held.waiting is not None:
        return f"Waiting for {held.spec.provider}: {WAITS[held.waiting.reason]}"
    return _now(job, items, job_stage(job, items))


def _now(job: Job, items: tuple[Item, ...], stage: Stage) -> str:
    """Return a sentence about the phase of a job that runs."""
    words = words_of(job.operation)
    if stage == "PREP":
        return f"Preparing to {words.verb} {words.count(_left(job, items))}"
    if stage == "AI_CALL":
        return _image_in_work(job, items)
    if stage == "PARSE":
        passed = [item for item in items if item.stage in ("PARSE", "SAVE", "DONE")]
        return f"{words.count(len(passed))} {words.done}"
    if stage == "SAVE":
        saving = [item for item in items if item.status == "running"]
        return f"Saving {words.count(len(saving) or job.counts.succeeded)}"
    return labels_of(job.operation)[stage]


def _left(job: Job, items: tuple[Item, ...]) -> int:
    """Return how many images the run makes."""
    queued = sum(item.status not in TERMINAL_ITEM for item in items)
    return queued or job.counts.total


def _image_in_work(job: Job, items: tuple[Item, ...]) -> str:
    """Return a sentence about the image in work, or about the next one between two images."""
    words = words_of(job.operation)
    item = current_item(items) or next(one for one in items if one.status == "queued")
    doing = {"PARSE": "Processing", "SAVE": "Saving"}.get(item.stage)
    place = f"{words.one} {item.number} of {job.counts.total}"
    return f"{doing} {place}" if doing else f"{words.doing.capitalize()} {place}{words.suffix}"
