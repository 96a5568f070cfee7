"""``studio assets download``: many images as one zip file."""

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
        list[str] | None, typer.Argument(metavar="ASSET", help="Ids of assets: ast_...")
    ] = None,
    job: Annotated[str | None, typer.Option(help="The finished images of a job.")] = None,
    folder: Annotated[str | None, typer.Option(help="The results in a folder (SKU).")] = None,
    naming: Annotated[
        str | None, typer.Option(help="Pattern of the names: '{date}/{index:03}-{label}'.")
    ] = None,
    files: Annotated[
        Literal["image", "renditions", "all"],
        typer.Option(help="The images, their renditions, or both."),
    ] = "image",
    out: Annotated[Path | None, typer.Option(help="The zip file. Default: a file in out/.")] = None,
    profile: ProfileOption = LOCAL,
) -> None:
    """Download many images as one zip file with a list of its contents.

    The exit code is 1 if an image no longer exists.
    """
    wanted = {"asset_ids": asset_ids, "job_id": job, "folder": folder}
    body: dict[str, object] = {name: value for name, value in wanted.items() if value}
    if len(body) != 1:
        raise CliError("Give either asset ids, --job or --folder.")
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
    """Wait until an archive is packed and return its document.

    Raises:
        CliError: The archive cannot be packed.
    """
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn())
    with Progress(
        *columns, console=console, disable=not console.is_terminal, transient=True
    ) as progress:
        # The number of renditions is not known in advance.
        total = made["counts"]["assets"] if made["files"] == "image" else None
        task = progress.add_task("packing", total=total)
        while made["status"] in OPEN:
            time.sleep(POLL_SECONDS)
            made = client.get(f"/v1/downloads/{made['id']}")
            progress.update(task, completed=made["counts"]["packed"])
    if made["url"] is None:
        raise CliError(f"{made['id']} was not packed ({made['status']}).", "request it again")
    return made


def _fetch(client: StudioClient, made: dict[str, Any], path: Path, console: Console) -> None:
    """Download an archive; only a complete file gets the final name.

    Raises:
        CliError: The download stops early.
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
