"""``studio assets download``: many pictures as one zip file."""

import time
from pathlib import Path
from typing import Annotated, Any, Literal

import typer
from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    TaskProgressColumn,
    TextColumn,
    TransferSpeedColumn,
)

from studio_cli.client import StudioClient
from studio_cli.errors import CliError
from studio_cli.profiles import LOCAL
from studio_cli.session import ProfileOption, open_client
from studio_cli.terminal import new_console

POLL_SECONDS = 0.5
OPEN = ("queued", "running")


def download(
    asset_ids: Annotated[
        list[str] | None, typer.Argument(metavar="[ASSET]...", help="Ids of assets: ast_...")
    ] = None,
    job: Annotated[str | None, typer.Option(help="The finished pictures of a job.")] = None,
    folder: Annotated[str | None, typer.Option(help="The results in a folder (SKU).")] = None,
    naming: Annotated[
        str | None, typer.Option(help="Pattern, such as '{date}/{index:03}-{label}'.")
    ] = None,
    files: Annotated[
        Literal["image", "renditions", "all"],
        typer.Option(help="The pictures, what was made of them, or both."),
    ] = "image",
    out: Annotated[Path | None, typer.Option(help="The file; else its own name in out/.")] = None,
    profile: ProfileOption = LOCAL,
) -> None:
    """Download many pictures as one zip file with a list of what is in it.

    Pictures that are gone are named, and are exit code 1.
    """
    wanted = {"asset_ids": asset_ids, "job_id": job, "folder": folder}
    body: dict[str, object] = {name: value for name, value in wanted.items() if value}
    if len(body) != 1:
        raise CliError("Name assets, or a job by --job, or a folder by --folder.")
    if naming:
        body["naming"] = naming
    if files != "image":
        body["files"] = files
    console = new_console()
    with open_client(profile) as client:
        made = _packed(client, client.post("/v1/downloads", body), console)
        path = out or Path("out") / made["filename"]
        _fetch(client, made, path, console)
    console.print(f"{path}  {made['counts']['packed']} files  {made['bytes']:,} bytes")
    for asset_id in made["missing"]:
        console.print(f"missing: {asset_id}", style="yellow")
    if made["missing"]:
        raise typer.Exit(1)


def _packed(client: StudioClient, made: dict[str, Any], console: Console) -> dict[str, Any]:
    """Wait until an archive is packed.

    Raises:
        CliError: it could not be.
    """
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn())
    with Progress(
        *columns, console=console, disable=not console.is_terminal, transient=True
    ) as progress:
        # How many files an asset has, nobody says before.
        total = made["counts"]["assets"] if made["files"] == "image" else None
        task = progress.add_task("packing", total=total)
        while made["status"] in OPEN:
            time.sleep(POLL_SECONDS)
            made = client.get(f"/v1/downloads/{made['id']}")
            progress.update(task, completed=made["counts"]["packed"])
    if made["url"] is None:
        raise CliError(f"{made['id']} could not be packed ({made['status']}).", "order it again")
    return made


def _fetch(client: StudioClient, made: dict[str, Any], path: Path, console: Console) -> None:
    """Save an archive under its name only once it is whole.

    Raises:
        CliError: it did not come as a whole.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.part")
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn())
    try:
        with Progress(
            *columns, TransferSpeedColumn(), console=console, disable=not console.is_terminal,
            transient=True,
        ) as progress, draft.open("wb") as file:  # fmt: skip
            task = progress.add_task(path.name, total=made["bytes"])
            for data in client.stream(made["url"]):
                file.write(data)
                progress.advance(task, len(data))
        if draft.stat().st_size != made["bytes"]:
            raise CliError("The download stopped early.", "try again")
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
