"""``studio assets``: the finished images."""

from pathlib import Path
from typing import Annotated

import typer

from studio_cli.archives import download
from studio_cli.downloads import fetch, suffix_of
from studio_cli.files import slug
from studio_cli.options import FormatOption, OutOption, OutOrNoneOption
from studio_cli.profiles import LOCAL
from studio_cli.session import ProfileOption, open_client
from studio_cli.tables import Listing, minute
from studio_cli.terminal import new_console, say
from studio_cli.wanted_files import (
    FocusOption,
    files_of,
    files_table,
    point,
    save_file,
    save_files,
)

AssetArgument = Annotated[str, typer.Argument(metavar="ASSET", help="Id of the asset: ast_...")]

app = typer.Typer(
    no_args_is_help=True, help="List and download finished images, and make renditions."
)
app.command()(download)


@app.command("list")
def list_assets(
    limit: Annotated[int, typer.Option(min=1, max=100, help="How many to list.")] = 25,
    profile: ProfileOption = LOCAL,
) -> None:
    """List the newest assets."""
    with open_client(profile) as client:
        assets = client.assets(limit=limit)
    table = Listing("asset", "size", "bytes", "type", "created (UTC)", "label", right=("bytes",))
    for asset in assets:
        table.add_row(
            asset["id"],
            f"{asset['width']}x{asset['height']}",
            f"{asset['bytes']:,}",
            suffix_of(asset["media_type"]),
            minute(asset["created_at"]),
            asset["label"] or "",
        )
    new_console().print(table if assets else "No assets yet.")


@app.command()
def get(
    asset_id: AssetArgument,
    out: OutOption = Path("out"),
    profile: ProfileOption = LOCAL,
) -> None:
    """Download one image."""
    with open_client(profile) as client:
        asset, data = fetch(client, asset_id)
    name = f"{slug(asset['label'])}-{asset_id}" if asset["label"] else asset_id
    out.mkdir(parents=True, exist_ok=True)
    path = out / f"{name}.{suffix_of(asset['media_type'])}"
    path.write_bytes(data)
    say(f"{path}  {asset['width']}x{asset['height']}  {asset['bytes']:,} bytes")


@app.command()
def files(
    asset_id: AssetArgument,
    out: OutOrNoneOption = None,
    profile: ProfileOption = LOCAL,
) -> None:
    """List the renditions of an image and the platform rules that each one keeps or breaks."""
    with open_client(profile) as client:
        made = files_of(client, asset_id)
        if out:
            save_files(client, made, out)
    new_console().print(files_table(made) if made else "No renditions yet.")


@app.command()
def render(
    asset_id: AssetArgument,
    export: Annotated[str | None, typer.Option(help="Format of a platform: ig_story.")] = None,
    name: Annotated[str | None, typer.Option(help="Name of the rendition.")] = None,
    width: Annotated[int | None, typer.Option(help="Pixels.")] = None,
    height: Annotated[int | None, typer.Option(help="Pixels.")] = None,
    fit: Annotated[str | None, typer.Option(help="cover, contain, pad or inside.")] = None,
    gravity: Annotated[str | None, typer.Option(help="smart, centre, north, ...")] = None,
    focus: FocusOption = None,
    format_: FormatOption = None,
    quality: Annotated[int | None, typer.Option(help="Encoder quality, 1 to 100.")] = None,
    max_bytes: Annotated[int | None, typer.Option(help="Largest file size in bytes.")] = None,
    background: Annotated[str | None, typer.Option(help="Colour, such as #ffffff.")] = None,
    out: OutOption = Path("out"),
    profile: ProfileOption = LOCAL,
) -> None:
    """Make one rendition of an image and download it: a size, a crop, a type or a format."""
    body = {
        "export": export,
        "name": name,
        "width": width,
        "height": height,
        "fit": fit,
        "gravity": gravity,
        "focal_point": point(focus) if focus else None,
        "format": format_,
        "quality": quality,
        "max_bytes": max_bytes,
        "background": background,
    }
    wanted = {member: value for member, value in body.items() if value is not None}
    with open_client(profile) as client:
        made = client.post(f"/v1/assets/{asset_id}/renditions", wanted)
        path = save_file(client, made, out)
    new_console().print(files_table([made]))
    say(str(path))
