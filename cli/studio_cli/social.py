"""``studio social``: images in the formats of social platforms."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from studio_cli.client import StudioClient
from studio_cli.downloads import item_label
from studio_cli.files import slug
from studio_cli.follow import announce
from studio_cli.job_requests import source_items
from studio_cli.options import OutOption, YesOption
from studio_cli.prices import agree, price_job
from studio_cli.profiles import LOCAL
from studio_cli.session import ProfileOption, open_client
from studio_cli.terminal import new_console
from studio_cli.wanted_files import FocusOption, files_of, files_table, output, save_files
from studio_cli.watch import watch
from studio_cli.wire import Item

FormatsOption = Annotated[
    str, typer.Option(help="Formats or presets. List: studio platforms PLATFORM.")
]
FitOption = Annotated[str | None, typer.Option(help="cover crops; pad shows the whole image.")]
BackgroundOption = Annotated[str | None, typer.Option(help="Colour of the padding: #ffffff.")]
SafeZonesOption = Annotated[
    bool, typer.Option("--safe-zones", help="Also preview what each platform covers.")
]
ContactSheetOption = Annotated[bool, typer.Option(help="Also make a page with all formats.")]


def social(
    sources: Annotated[
        list[str], typer.Argument(metavar="SOURCE", help="Files, https URLs or assets.")
    ],
    formats: FormatsOption = "essentials",
    focus: FocusOption = None,
    fit: FitOption = None,
    background: BackgroundOption = None,
    safe_zones: SafeZonesOption = False,
    contact_sheet: ContactSheetOption = True,
    yes: YesOption = False,
    out: OutOption = Path("out"),
    profile: ProfileOption = LOCAL,
) -> None:
    """Make images fit social platforms: exact size, within the byte limit, subject in view."""
    files = output(
        formats=formats,
        focus=focus,
        fit=fit,
        background=background,
        safe_zones=safe_zones or None,
        contact_sheet=contact_sheet or None,
    )
    console = new_console()
    with open_client(profile) as client:
        items = source_items(client, sources, None, console)
        body = {"operation": "social.optimize", "items": items, "output": files}
        agree(price_job(client, body), yes)
        job = client.create_job(body)
        announce(job, console)
        ended = watch(client, job["id"], console)
        for item in client.items(job["id"]):
            show_files(client, item, out, console)
    if ended["state"] != "succeeded":
        raise typer.Exit(1)


def show_files(client: StudioClient, item: Item, out: Path, console: Console) -> list[Path]:
    """Download the renditions of an image into their own folder, list them, return their paths."""
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
