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
from studio_cli.files import file_name
from studio_cli.job_requests import given
from studio_cli.options import OutOption
from studio_cli.profiles import LOCAL
from studio_cli.session import ProfileOption, open_client
from studio_cli.terminal import new_console, printable

POLL_SECONDS = 0.5
MAX_ASSETS = 500
"""The most images of one archive."""
OPEN = ("queued", "running")


def download(
    asset_ids: Annotated[
        list[str] | None, typer.Argument(metavar="ASSET", help="Ids of assets: ast_...")
    ] = None,
    job: Annotated[str | None, typer.Option(help="The finished images of a job.")] = None,
    folder: Annotated[str | None, typer.Option(help="The results in a folder (SKU).")] = None,
    batch: Annotated[str | None, typer.Option(help="The finished images of a batch.")] = None,
    naming: Annotated[
        str | None, typer.Option(help="Pattern of the names: '{date}/{index:03}-{label}'.")
    ] = None,
    files: Annotated[
        Literal["image", "renditions", "all"],
        typer.Option(help="The images, their renditions, or both."),
    ] = "image",
    out: OutOption = Path("out"),
    profile: ProfileOption = LOCAL,
) -> None:
    """Download many images as one zip file with a list of its contents.

    A batch of more than 500 images becomes several zip files. The exit code is 1 if an image no
    longer exists.
    """
    wanted = given(job_id=job, folder=folder)
    chosen: dict[str, object] = {**({"asset_ids": asset_ids} if asset_ids else {}), **wanted}
    if len(chosen) + (batch is not None) != 1:
        raise CliError("Give either asset ids, --job, --folder or --batch.")
    how = given(naming=naming, files=None if files == "image" else files)
    console, missing = new_console(), False
    with open_client(profile) as client:
        parts = {"": chosen} if batch is None else batch_parts(client, batch, console)
        for name, part in parts.items():
            made = _packed(client, client.post("/v1/downloads", part | how), console)
            path = out / (name or file_name(made["filename"]))
            _fetch(client, made, path, console)
            console.print(f"{path}  {made['counts']['packed']} files  {made['bytes']:,} bytes")
            for asset_id in made["missing"]:
                console.print(f"missing: {asset_id}", style="yellow")
            missing = missing or bool(made["missing"])
    if missing:
        raise typer.Exit(1)


def batch_parts(client: StudioClient, batch: str, console: Console) -> dict[str, dict[str, object]]:
    """Return the requests for the archives of a batch, in the order of its rows, by file name.

    Raises:
        CliError: The batch has no finished image.
    """
    with console.status("reading the jobs of the batch ..."):
        rows = client.pages(f"/v1/batches/{batch}/jobs")
        items = (item for row in rows if row["job_id"] for item in client.items(row["job_id"]))
        found = [item["asset_id"] for item in items if item["asset_id"]]
    if not found:
        raise CliError(f"{batch} has no finished image.", f"watch it: studio batch watch {batch}")
    parts = [found[start : start + MAX_ASSETS] for start in range(0, len(found), MAX_ASSETS)]
    if len(parts) == 1:
        return {f"{batch}.zip": {"asset_ids": found}}
    return {f"{batch}-{number}.zip": {"asset_ids": part} for number, part in enumerate(parts, 1)}


def _packed(client: StudioClient, made: dict[str, Any], console: Console) -> dict[str, Any]:
    """Wait until an archive is packed and return its document.

    Raises:
        CliError: The archive cannot be packed.
    """
    columns = (TextColumn("{task.description}", markup=False), BarColumn(), TaskProgressColumn())
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
    columns = (TextColumn("{task.description}", markup=False), BarColumn(), DownloadColumn())
    try:
        with Progress(
            *columns, TransferSpeedColumn(), console=console, disable=not console.is_terminal,
            transient=True,
        ) as progress, draft.open("wb") as file:  # fmt: skip
            task = progress.add_task(printable(path.name), total=made["bytes"])
            for data in client.stream(made["url"]):
                file.write(data)
                progress.advance(task, len(data))
        if draft.stat().st_size != made["bytes"]:
            raise CliError("The download stopped early.", "try again")
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
