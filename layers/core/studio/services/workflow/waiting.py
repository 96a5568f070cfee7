"""Notes on the image why it waits and until when, once the workflow decides to wait."""

from datetime import datetime, timedelta

from studio.domain.jobs.model import Item, LogLine, Waiting, WaitReason
from studio.domain.jobs.words import WAITS
from studio.ports.jobs import JobStore


def note_wait(jobs: JobStore, item: Item, reason: WaitReason, seconds: int, at: datetime) -> None:
    """Write why an image waits; a wait that goes on for the same reason gets no new log line.

    An image that another worker changed meanwhile keeps what that worker wrote.
    """
    waiting = Waiting(reason, at + timedelta(seconds=seconds))
    goes_on = item.waiting is not None and item.waiting.reason == reason
    jobs.note_wait(item, waiting, None if goes_on else _line(item, reason, at))


def _line(item: Item, reason: WaitReason, at: datetime) -> LogLine:
    message = f"Waiting for {item.spec.provider}: {WAITS[reason]}"
    return LogLine(at, "info", item.stage, message, item.number)
