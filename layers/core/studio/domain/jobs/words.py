"""Words for the work of a job: the labels of its phases, and its images in numbers.

The words of ``generate`` are those of the seed documents (rows J-JOB-29 to J-JOB-38 of the
checklist). Every other kind of operation has its own verb and noun.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from studio.domain.jobs.model import Counts, ItemStatus, JobStatus, Stage, WaitReason

GENERATE_LABELS: dict[Stage, str] = {
    "INIT": "Validating image prompts...",
    "PREP": "Preparing image generation queue...",
    "AI_CALL": "Generating images with AI...",
    "PARSE": "Processing image URLs...",
    "SAVE": "Saving image URLs...",
    "DONE": "Images generated!",
}

ENDED_JOB: Mapping[JobStatus, str] = {
    "partially_succeeded": "Partly failed",
    "failed": "Failed",
    "cancelled": "Cancelled",
}
"""Labels of jobs that ended in another way than well."""

ENDED_ITEM: Mapping[ItemStatus, str] = {
    "failed": "Failed",
    "skipped": "Skipped",
    "cancelled": "Cancelled",
    "unknown": "Outcome unknown",
}
"""Labels of images that ended in another way than well."""

WAITS: Mapping[WaitReason, str] = {
    "breaker_open": "its calls have been failing",
    "rate_limit": "the rate limit of its account is reached",
    "provider_pending": "it still works on the result",
    "provider_throttled": "it asked for a pause",
    "provider_unavailable": "it is not available at present",
}
"""Why an image waits for its provider, as the end of a sentence."""


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one kind of operation.

    Attributes:
        verb, doing, done: What happens to an image, as in "generate", "generating", "generated".
        name: The name of an image without a label, before its number.
        one, many: A result and several results.
        suffix: What follows "Generating image 1 of 2".
    """

    verb: str
    doing: str
    done: str
    name: str = "Image"
    one: str = "image"
    many: str = "images"
    suffix: str = ""

    def count(self, number: int) -> str:
        """Return a number of results in words."""
        return f"{number} {self.one if number == 1 else self.many}"

    def made(self, counts: Counts) -> str:
        """Return what became of the images of a job that has ended."""
        others = {
            "failed": counts.failed,
            "skipped": counts.skipped,
            "cancelled": counts.cancelled,
            "of unknown outcome": counts.unknown,
        }
        rest = ", ".join(f"{number} {what}" for what, number in others.items() if number)
        if counts.succeeded == counts.total:
            return f"{self.count(counts.total)} {self.done}"
        if not counts.succeeded:
            return f"No {self.one} {self.done}: {rest}"
        made = f"{counts.succeeded} of {self.count(counts.total)} {self.done}"
        return f"{made}, {rest}"


_GENERATE = Words("generate", "generating", "generated", suffix=" with AI")
_VIDEO = Words("make", "making", "made", "Video", "video", "videos")

_BY_GROUP: Mapping[str, Words] = {
    "generate": _GENERATE,
    "control": _GENERATE,
    "edit": Words("edit", "editing", "edited", "Edit"),
    "upscale": Words("upscale", "upscaling", "upscaled", "Upscale"),
    "render": Words("render", "rendering", "rendered", "Render"),
    "social": Words("optimise", "optimising", "optimised"),
    "transform": _VIDEO,
}
_BY_OPERATION: Mapping[str, Words] = {
    "transform.image_to_3d": Words("make", "making", "made", "Model", "3D model", "3D models"),
}


def words_of(operation: str) -> Words:
    """Return the words of an operation, by its id."""
    group = operation.partition(".")[0]
    return _BY_OPERATION.get(operation) or _BY_GROUP[group]


def labels_of(operation: str) -> dict[Stage, str]:
    """Return the labels of the phases of an operation, by its id."""
    words = words_of(operation)
    if words is _GENERATE:
        return GENERATE_LABELS
    return {
        "INIT": "Checking the order...",
        "PREP": f"Preparing to {words.verb} {words.many}...",
        "AI_CALL": f"{words.doing.capitalize()} {words.many}...",
        "PARSE": f"Processing {words.many}...",
        "SAVE": f"Saving {words.many}...",
        "DONE": f"{words.many[0].upper()}{words.many[1:]} {words.done}!",
    }


def step_label(label: str) -> str:
    """Return the label of a phase as the name of a step."""
    return label.rstrip(".")


def images(count: int) -> str:
    """Return a number of images in words."""
    return _GENERATE.count(count)
