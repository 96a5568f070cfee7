"""Following a job: submit it, announce it, watch it, download and list its images."""

from collections.abc import Mapping
from pathlib import Path

import typer
from rich.console import Console

from studio_cli.client import StudioClient
from studio_cli.downloads import SavedImage, download, items_table
from studio_cli.prices import agree, price_job
from studio_cli.wanted_files import files_of, files_table, save_files
from studio_cli.watch import watch
from studio_cli.wire import Item, Job, Progress


def submit(
    client: StudioClient,
    body: Mapping[str, object],
    console: Console,
    out: Path | None,
    *,
    yes: bool,
) -> None:
    """Say what a job costs, create it and follow it.

    Args:
        client: The API.
        body: The request.
        console: Where to print.
        out: Folder for the images; None to return as soon as the job is queued.
        yes: Whether to order without a question.

    Raises:
        CliError: The answer to the question is no.
        typer.Exit: An image did not succeed.
    """
    agree(price_job(client, body), yes)
    job = client.create_job(body)
    announce(job, console)
    if out:
        finish(client, job["id"], console, out)


def announce(job: Job, console: Console) -> None:
    """Print a new job's id, status and warnings."""
    console.print(f"{job['id']}  {job['status']}")
    print_warnings(job, console)


def print_warnings(job: Job, console: Console) -> None:
    """Print the warnings of a job, one line each."""
    for warning in job["warnings"]:
        console.print(f"warning: {warning}", style="yellow")


def finish(client: StudioClient, job_id: str, console: Console, out: Path | None) -> None:
    """Watch a job to its end, download its images and list them.

    Args:
        client: The API.
        job_id: The job.
        console: Where to print.
        out: Folder for the images; None to download nothing.

    Raises:
        typer.Exit: An image did not succeed.
    """
    ended = watch(client, job_id, console)
    items = client.items(job_id)
    images = download(client, items, out) if out else []
    console.print(items_table(items, images))
    for image in images:
        _save_renditions(client, image, console)
    if ended["state"] != "succeeded":
        _print_next_steps(ended, items, console)
        raise typer.Exit(1)


def _save_renditions(client: StudioClient, image: SavedImage, console: Console) -> None:
    if image.item["output"]["renditions"]:
        made = files_of(client, image.asset["id"])
        save_files(client, made, image.path.with_suffix(""))
        console.print(files_table(made))


def _print_next_steps(ended: Progress, items: list[Item], console: Console) -> None:
    job_id = ended["job_id"]
    if any(_may_succeed_later(item) for item in items):
        console.print(f"Run the failed images again: studio jobs redrive {job_id}")
    if ended["unknown"]:
        console.print(
            "The provider may have charged an image of unknown outcome. Look for it once more, and"
            f" pay again if it is not found: studio jobs redrive {job_id} --unknown"
        )


def _may_succeed_later(item: Item) -> bool:
    problem = item["problem"]
    return item["status"] == "failed" and problem is not None and problem["retryable"]
