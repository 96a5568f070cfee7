"""Inputs and results of the states of ``process_job``: ids, outcomes and small facts."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Literal, TypedDict

from studio.domain.assets.model import StoredImage

Outcome = Literal[
    "generated",
    "pending",
    "throttled",
    "needs_source",
    "prepared",
    "rendered",
    "succeeded",
    "failed",
    "skipped",
    "cancelled",
    "unknown",
]


class StepResult(TypedDict):
    """The result of a step; the state machine stores it under ``$.step``.

    ``wait_seconds`` applies to ``pending`` and ``throttled``. ``round`` counts how often the image
    came back to CallProvider, so that the state machine can end an endless wait.
    """

    outcome: Outcome
    attempt: int
    round: int
    wait_seconds: int


class RenderedResult(StepResult):
    """The result of PostProcess, with the staged images.

    ``waiting`` is the key of the list of further files, empty for none.
    """

    image: dict[str, str | int]
    thumbnail: dict[str, str | int]
    waiting: str


@dataclass(frozen=True, slots=True)
class ImageTask:
    """One image of a job, as the Map state passes it to each step."""

    tenant: str
    job_id: str
    number: int
    run: int
    attempt: int = 0
    round: int = 0

    @classmethod
    def from_event(cls, event: Mapping[str, object]) -> "ImageTask":
        """Return the task of a step's input.

        Raises:
            KeyError: the state machine and the functions have different versions.
        """
        return cls(
            tenant=str(event["tenant"]),
            job_id=str(event["job_id"]),
            number=int(str(event["item"])),
            run=int(str(event["run"])),
            attempt=int(str(event.get("attempt", 0))),
            round=int(str(event.get("round", 0))),
        )


def result(
    task: ImageTask, outcome: Outcome, *, attempt: int | None = None, wait_seconds: int = 0
) -> StepResult:
    """Return a step's result; a way back to CallProvider adds one round."""
    comes_back = outcome in ("pending", "throttled", "needs_source")
    return {
        "outcome": outcome,
        "attempt": task.attempt if attempt is None else attempt,
        "round": task.round + 1 if comes_back else task.round,
        "wait_seconds": wait_seconds,
    }


def image_facts(image: StoredImage) -> dict[str, str | int]:
    """Return the document of a stored image."""
    return {name: value for name, value in asdict(image).items() if value is not None}


def image_of(facts: Mapping[str, object]) -> StoredImage:
    """Return the image of an ``image_facts`` document."""
    duration = facts.get("duration_ms")
    return StoredImage(
        key=str(facts["key"]),
        media_type=str(facts["media_type"]),
        bytes=int(str(facts["bytes"])),
        width=int(str(facts["width"])),
        height=int(str(facts["height"])),
        sha256=str(facts["sha256"]),
        duration_ms=None if duration is None else int(str(duration)),
    )
