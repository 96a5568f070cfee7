"""``studio social``: one picture in the formats of many platforms."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from studio_cli.client import StudioClient
from studio_cli.downloads import item_label
from studio_cli.files import slug
from studio_cli.follow import announce
from studio_cli.job_requests import source_of
from studio_cli.profiles import LOCAL
from studio_cli.session import ProfileOption, open_client
from studio_cli.terminal import new_console
from studio_cli.wanted_files import FocusOption, files_of, files_table, output, save_files
from studio_cli.watch import watch
from studio_cli.wire import Item


def social(
    pictures: Annotated[list[str], typer.Argument(metavar="PICTURE...", help="Files or assets.")],
    formats: Annotated[
        str, typer.Option(help="Formats or presets; studio platforms lists them.")
    ] = "essentials",
    focus: FocusOption = None,
    fit: Annotated[str | None, typer.Option(help="cover crops; pad shows all of a logo.")] = None,
    background: Annotated[str | None, typer.Option(help="Around what is padded: #ffffff.")] = None,
    safe_zones: Annotated[
        bool, typer.Option("--safe-zones", help="Also show what the platforms cover.")
    ] = False,
    contact_sheet: Annotated[bool, typer.Option(help="Also one page with all formats.")] = True,
    out: Annotated[Path, typer.Option(help="Folder for the files.")] = Path("out"),
    profile: ProfileOption = LOCAL,
) -> None:
    """Make a picture fit social platforms: exact size, under the limit, what matters in view."""
    console = new_console()
    with open_client(profile) as client:
        sources = [source_of(client, text, None, console) for text in pictures]
        names = [Path(text).stem for text in pictures]
        job = client.create_job(
            {
                "operation": "social.optimize",
                "items": [
                    {"sources": [source], "label": name}
                    for source, name in zip(sources, names, strict=True)
                ],
                "output": output(
                    formats=formats,
                    focus=focus,
                    fit=fit,
                    background=background,
                    safe_zones=safe_zones or None,
                    contact_sheet=contact_sheet or None,
                ),
            }
        )
        announce(job, console)
        ended = watch(client, job["id"], console)
        for item in client.items(job["id"]):
            show_files(client, item, out, console)
    if ended["state"] != "succeeded":
        raise typer.Exit(1)


def show_files(client: StudioClient, item: Item, out: Path, console: Console) -> list[Path]:
    """Download what was made of an image into a folder of its own, and list it."""
    if item["asset_id"] is None:
        problem = item["problem"]
        console.print(f"{item_label(item)}: {problem['detail'] if problem else item['status']}")
        return []
    made = files_of(client, item["asset_id"])
    folder = out / slug(item_label(item))
    paths = save_files(client, made, folder)
    console.print(files_table(made))
    console.print(f"{len(paths)} files in {folder}/")
    return paths
