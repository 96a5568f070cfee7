"""The display of a running job: a bar for each image, or lines of text without a terminal."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table

from studio_cli.amounts import dollars
from studio_cli.client import StudioClient
from studio_cli.curve import bar_percent, utc_now
from studio_cli.terminal import styled
from studio_cli.wire import ENDED_ITEM, ENDED_JOB, ItemStatus, Progress, Result, Waiting

POLL_SECONDS = 0.5
FRAMES_PER_SECOND = 12
BAR_WIDTH = 28

STYLES: dict[ItemStatus, str] = {
    "queued": "dim",
    "running": "cyan",
    "succeeded": "green",
    "failed": "red",
    "skipped": "yellow",
    "cancelled": "yellow",
    "unknown": "magenta",
}
MARKS: dict[ItemStatus, str] = {
    "queued": "·",
    "running": "▸",
    "succeeded": "✓",
    "failed": "✗",
    "skipped": "-",
    "cancelled": "-",
    "unknown": "?",
}


def watch(client: StudioClient, job_id: str, console: Console) -> Progress:
    """Show a job until it ends and return its last progress document.

    Ctrl-C stops only the display, not the job.
    """
    try:
        return _watch(client, job_id, console)
    except KeyboardInterrupt:
        console.print(f"The job is still running. Watch it again: studio jobs watch {job_id}")
        raise


def _watch(client: StudioClient, job_id: str, console: Console) -> Progress:
    updates = _updates(client, job_id)
    last = next(updates)
    with _live(last, console) if console.is_terminal else _lines(last, console) as show:
        for last in updates:
            show(last)
    return last


def _updates(client: StudioClient, job_id: str) -> Iterator[Progress]:
    """Yield each new progress document; the last one is of the finished job."""
    etag: str | None = None
    while True:
        document, etag = client.progress(job_id, etag)
        if document is not None:
            yield document
            if document["state"] in ENDED_JOB:
                return
        time.sleep(POLL_SECONDS)


@contextmanager
def _live(first: Progress, console: Console) -> Iterator[Callable[[Progress], None]]:
    board = ProgressTable(first)
    with Live(
        get_renderable=lambda: board.render(utc_now()),
        console=console,
        refresh_per_second=FRAMES_PER_SECOND,
    ):
        yield board.show


@contextmanager
def _lines(first: Progress, console: Console) -> Iterator[Callable[[Progress], None]]:
    ticker = ProgressTimer(lambda line: console.print(line, markup=False, soft_wrap=True))
    ticker.show(first)
    yield ticker.show


class ProgressTable:
    """The live table of a job: bars that move between two documents, and never back."""

    def __init__(self, first: Progress) -> None:
        self._document = first
        self._drawn: dict[int, float] = {}

    def show(self, document: Progress) -> None:
        """Replace the document by a newer one."""
        self._document = document

    def render(self, now: datetime) -> RenderableType:
        """Return the table and the summary of the job at a time."""
        document = self._document
        table = Table.grid(padding=(0, 1))
        for result in document["results"]:
            table.add_row(*self._row(result, now))
        return Group(table, styled(summary(document)))

    def _row(self, result: Result, now: datetime) -> tuple[RenderableType, ...]:
        status, style = result["status"], STYLES[result["status"]]
        index = result["index"]
        percent = max(bar_percent(result, now), self._drawn.get(index, 0.0))
        if result["stage"] == "INIT":
            percent = 0.0  # a redrive starts again from zero
        self._drawn[index] = percent
        return (
            styled(MARKS[status], style),
            styled(result["label"], cut=True),
            ProgressBar(
                total=100,
                completed=percent,
                width=BAR_WIDTH,
                complete_style=style,
                finished_style=style,
            ),
            styled(f"{percent:3.0f} %", style),
            styled(_stage(result, now), "red" if result["status"] == "failed" else ""),
            styled(_maker(result), "dim"),
        )


class ProgressTimer:
    """A job as lines of text: one for each change of an image or of the job."""

    def __init__(self, write: Callable[[str], None]) -> None:
        self._write = write
        self._seen: dict[int, str] = {}
        self._state = ""

    def show(self, document: Progress) -> None:
        """Write the changes since the last document."""
        total = document["total_images"]
        for result in document["results"]:
            state = ", ".join(part for part in (result["status"], _stage(result)) if part)
            line = f"[{result['index']}/{total}] {result['label']}: {state} ({_maker(result)})"
            if self._seen.get(result["index"]) != line:
                self._seen[result["index"]] = line
                self._write(line)
        if self._state != document["state"]:
            self._state = document["state"]
            self._write(f"job {document['state']}: {summary(document)}")


def summary(document: Progress) -> str:
    """Return a line about the whole job: images, current step and cost so far."""
    ended = sum(1 for result in document["results"] if result["status"] in ENDED_ITEM)
    spent = dollars(document["cost"]["amount"])
    unknown = f" and {document['unknown']} unknown" if document["unknown"] else ""
    images = f"{ended}/{document['total_images']} images"
    return f"{images}, {document['message']}, cost so far {spent}{unknown}"


def _stage(result: Result, now: datetime | None = None) -> str:
    """Return what happens to an image; ``now`` adds how long it still waits."""
    if waiting := result["waiting"]:
        return f"waits for {waiting['provider']} ({_words(waiting)}){_countdown(waiting, now)}"
    if result["status"] in ("running", "succeeded"):
        return result["stage_label"]
    return result["error"] or ""


def _words(waiting: Waiting) -> str:
    return waiting["reason"].replace("_", " ")


def _countdown(waiting: Waiting, now: datetime | None) -> str:
    if now is None:
        return ""
    left = (datetime.fromisoformat(waiting["until"]) - now).total_seconds()
    return f", {max(0, round(left))} s"


def _maker(result: Result) -> str:
    return f"{result['provider']}/{result['model']}" if result["model"] else result["provider"]
