"""``studio assets``: the finished pictures."""

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from studio_cli.archives import download
from studio_cli.downloads import fetch
from studio_cli.files import slug
from studio_cli.profiles import LOCAL
from studio_cli.session import ProfileOption, open_client
from studio_cli.terminal import new_console

app = typer.Typer(no_args_is_help=True, help="Assets: the finished pictures.")
app.command()(download)


@app.command("list")
def list_assets(
    limit: Annotated[int, typer.Option(min=1, max=100)] = 25,
    profile: ProfileOption = LOCAL,
) -> None:
    """List the newest assets."""
    with open_client(profile) as client:
        assets = client.assets(limit=limit)
    table = Table(box=None, pad_edge=False)
    for heading in ("asset", "size", "bytes", "type", "created", "label"):
        table.add_column(heading, no_wrap=heading != "label")
    for asset in assets:
        table.add_row(
            asset["id"],
            f"{asset['width']}x{asset['height']}",
            f"{asset['bytes']:,}",
            asset["media_type"],
            asset["created_at"],
            asset["label"] or "",
        )
    new_console().print(table if assets else "No assets yet.")


@app.command()
def get(
    asset_id: Annotated[str, typer.Argument(metavar="ASSET", help="Id of the asset: ast_...")],
    out: Annotated[Path, typer.Option(help="Folder for the file.")] = Path("out"),
    profile: ProfileOption = LOCAL,
) -> None:
    """Download one picture."""
    with open_client(profile) as client:
        asset, data = fetch(client, asset_id)
    suffix = asset["media_type"].removeprefix("image/").replace("jpeg", "jpg")
    name = f"{slug(asset['label'])}-{asset_id}" if asset["label"] else asset_id
    out.mkdir(parents=True, exist_ok=True)
    path = out / f"{name}.{suffix}"
    path.write_bytes(data)
    typer.echo(f"{path}  {asset['width']}x{asset['height']}  {asset['bytes']:,} bytes")
