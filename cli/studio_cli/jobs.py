"""``studio create`` and ``studio jobs``."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from studio_cli.amounts import dollars
from studio_cli.client import StudioClient
from studio_cli.downloads import download, items_table
from studio_cli.errors import CliError
from studio_cli.profiles import LOCAL
from studio_cli.session import ProfileOption, open_client
from studio_cli.terminal import new_console
from studio_cli.uploads import upload_file
from studio_cli.wanted_files import (
    FormatsOption,
    RenditionOption,
    files_of,
    files_table,
    output,
    save_files,
)
from studio_cli.watch import watch
from studio_cli.wire import Item, Job

app = typer.Typer(no_args_is_help=True, help="Jobs: what was ordered and how far it is.")

JobArgument = Annotated[str, typer.Argument(metavar="JOB", help="Id of the job: job_...")]
WaitOption = Annotated[bool, typer.Option("--wait/--no-wait", help="Watch it to its end.")]


def create(
    prompts: Annotated[
        list[str] | None, typer.Argument(metavar="PROMPT...", help="One image each.")
    ] = None,
    recipe: Annotated[str | None, typer.Option(help="Lies under what is said here.")] = None,
    enhance: Annotated[
        bool, typer.Option("--enhance", help="Add words on light, composition and detail.")
    ] = False,
    persona: Annotated[str | None, typer.Option(help="Add the words of this persona.")] = None,
    template: Annotated[
        str | None, typer.Option(help="Gives size, style and quality; see: studio templates.")
    ] = None,
    size: Annotated[str | None, typer.Option(help="Default: 1024x1024.")] = None,
    quality: Annotated[str | None, typer.Option(help="draft, standard or premium.")] = None,
    provider: Annotated[str | None, typer.Option(help="Default: the stack's own.")] = None,
    model: Annotated[str | None, typer.Option(help="Default: the provider's own.")] = None,
    format_: Annotated[str | None, typer.Option("--format", help="webp, jpg, png, avif.")] = None,
    formats: FormatsOption = None,
    rendition: RenditionOption = None,
    variations: Annotated[int, typer.Option(help="Pictures of one prompt, 1 to 10.")] = 1,
    source: Annotated[
        list[str] | None, typer.Option(help="A file, an https URL or an asset to start from.")
    ] = None,
    strength: Annotated[float | None, typer.Option(help="0 to 1: how far to leave it.")] = None,
    folder: Annotated[str | None, typer.Option(help="Where source and result belong.")] = None,
    notify: Annotated[str | None, typer.Option(help="Mail address to write to.")] = None,
    max_cost: Annotated[str | None, typer.Option(help="Dollars, such as 0.50.")] = None,
    wait: WaitOption = True,
    out: Annotated[Path, typer.Option(help="Folder for the finished pictures.")] = Path("out"),
    profile: ProfileOption = LOCAL,
) -> None:
    """Order pictures, watch them being made and download them."""
    words = prompts or []
    if not words and not recipe:
        raise CliError("Say what to draw.", "give a prompt, or a recipe: --recipe")
    if model and not provider:
        raise CliError("A model belongs to a provider.", "name it too: --provider")
    if variations != 1 and len(words) > 1:
        raise CliError("Variations are of one prompt.", "give one prompt, or no --variations")
    # What is not said is the recipe's or the template's to say, or ours where there is none.
    if not (recipe or template):
        size, quality = size or "1024x1024", quality or "standard"
    if not recipe:
        format_ = format_ or "webp"
    body = job_body(words, size, variations) | given(
        recipe_id=recipe,
        enhance_prompt=enhance or None,
        persona_id=persona,
        template_id=template,
        quality=quality,
        output=output(format_, formats, rendition),
        provider={"id": provider, "model": model} if provider else None,
        strength=strength,
        folder=folder,
        notify={"email": notify} if notify else None,
        max_cost=max_cost,
    )
    console = new_console()
    with open_client(profile) as client:
        if source:
            body["sources"] = [source_of(client, text, folder, console) for text in source]
        job = client.create_job(body)
        announce(job, console)
        if wait:
            finish(client, job["id"], console, out)


def given(**members: object) -> dict[str, object]:
    """Leave out what was not said."""
    return {name: value for name, value in members.items() if value is not None}


def source_of(
    client: StudioClient, text: str, folder: str | None, console: Console
) -> dict[str, str]:
    """Name a picture to start from; a file is uploaded first."""
    if text.startswith("https://"):
        return {"url": text}
    if text.startswith("ast_"):
        return {"asset_id": text}
    path = Path(text)
    if not path.is_file():
        raise CliError(f"There is no file {text}.", "a source is a file, an https URL or an asset")
    return {"asset_id": upload_file(client, path, folder, console).id}


def job_body(prompts: Sequence[str], size: str | None, variations: int) -> dict[str, object]:
    """Build what is special to the prompts: several images, or variations of one.

    Without a prompt, a recipe says what is drawn, and which operation it is.
    """
    sized = {"size": size} if size else {}
    if not prompts:
        return {**sized}
    common: dict[str, object] = {"operation": "generate"}
    if len(prompts) == 1:
        return common | {"prompt": prompts[0], "variations": variations, **sized}
    return common | {"items": [{"prompt": prompt, **sized} for prompt in prompts]}


@app.command("list")
def list_jobs(
    status: Annotated[str | None, typer.Option(help="Only jobs of this status.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=100)] = 25,
    profile: ProfileOption = LOCAL,
) -> None:
    """List the newest jobs."""
    with open_client(profile) as client:
        jobs = client.jobs(status=status, limit=limit)
    table = Table(box=None, pad_edge=False)
    for heading in ("job", "status", "images", "cost", "created", "name"):
        table.add_column(heading, no_wrap=heading != "name")
    for job in jobs:
        done = f"{job['counts']['succeeded']}/{job['counts']['total']}"
        table.add_row(
            job["id"], job["status"], done, _cost(job), job["created_at"], job["name"] or ""
        )
    new_console().print(table if jobs else "No jobs yet.")


@app.command()
def show(job_id: JobArgument, profile: ProfileOption = LOCAL) -> None:
    """Show a job and its images."""
    console = new_console()
    with open_client(profile) as client:
        job = client.job(job_id)
        items = client.items(job_id)
    console.print(f"{job['id']}  {job['status']}  cost {_cost(job)}  {job['name'] or ''}")
    _warn(job, console)
    console.print(items_table(items))


@app.command("watch")
def watch_job(
    job_id: JobArgument,
    out: Annotated[Path | None, typer.Option(help="Then download into this folder.")] = None,
    profile: ProfileOption = LOCAL,
) -> None:
    """Watch a job until it has ended."""
    with open_client(profile) as client:
        finish(client, job_id, new_console(), out)


@app.command()
def cancel(job_id: JobArgument, profile: ProfileOption = LOCAL) -> None:
    """Start none of a job's waiting images; finished ones stay."""
    with open_client(profile) as client:
        job = client.cancel_job(job_id)
    typer.echo(f"{job['id']} is {job['status']}.")


@app.command()
def redrive(
    job_id: JobArgument,
    unknown: Annotated[
        bool, typer.Option("--unknown", help="Those of unknown outcome; they may be paid twice.")
    ] = False,
    wait: WaitOption = True,
    out: Annotated[Path, typer.Option(help="Folder for the finished pictures.")] = Path("out"),
    profile: ProfileOption = LOCAL,
) -> None:
    """Run the failed images of a job again, and pay only for those."""
    console = new_console()
    with open_client(profile) as client:
        announce(client.redrive_job(job_id, unknown=unknown), console)
        if wait:
            finish(client, job_id, console, out)


def announce(job: Job, console: Console) -> None:
    """Say that a job is queued, and what it was warned of."""
    console.print(f"{job['id']}  {job['status']}")
    _warn(job, console)


def _warn(job: Job, console: Console) -> None:
    for warning in job["warnings"]:
        console.print(f"warning: {warning}", style="yellow")


def finish(client: StudioClient, job_id: str, console: Console, out: Path | None) -> None:
    """Watch a job, download its pictures, show them; exit 1 unless every image succeeded."""
    ended = watch(client, job_id, console)
    items = client.items(job_id)
    pictures = download(client, items, out) if out else []
    console.print(items_table(items, pictures))
    for picture in pictures:
        if picture.item["output"]["renditions"]:
            made = files_of(client, picture.asset["id"])
            save_files(client, made, picture.path.with_suffix(""))
            console.print(files_table(made))
    if ended["state"] == "succeeded":
        return
    if any(_may_succeed_later(item) for item in items):
        console.print(f"Run the failed images again: studio jobs redrive {job_id}")
    if ended["unknown"]:
        console.print(
            "An image of unknown outcome may have been paid. Look for it once more, and pay again"
            f" if it is not found: studio jobs redrive {job_id} --unknown"
        )
    raise typer.Exit(1)


def _may_succeed_later(item: Item) -> bool:
    problem = item["problem"]
    return item["status"] == "failed" and problem is not None and problem["retryable"]


def _cost(job: Job) -> str:
    unknown = job["cost"]["unknown_entries"]
    return dollars(job["cost"]["amount"]) + (f" and {unknown} unknown" if unknown else "")
