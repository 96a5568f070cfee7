"""Options that say which files of a picture are wanted, and the files that were made."""

import hashlib
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from studio_cli.client import StudioClient
from studio_cli.downloads import suffix_of
from studio_cli.errors import CliError

FormatsOption = Annotated[
    str | None,
    typer.Option("--formats", help="Platforms' formats or presets: essentials,ig_story."),
]
RenditionOption = Annotated[
    list[str] | None,
    typer.Option("--rendition", metavar="NAME=WxH", help="Another file: mobile=640x960."),
]
FocusOption = Annotated[
    str | None, typer.Option(metavar="X,Y", help="What matters, from 0 to 1: 0.5,0.3.")
]

_RENDITION = re.compile(r"(?:([a-z0-9][a-z0-9_-]*)=)?([0-9]+)?x([0-9]+)?")


def output(
    format_: str | None = None,
    formats: str | None = None,
    renditions: list[str] | None = None,
    focus: str | None = None,
    **members: object,
) -> dict[str, object] | None:
    """Build the output of a job's body; None where nothing was said of it.

    Raises:
        CliError: an option cannot be read.
    """
    said: dict[str, object | None] = {
        "format": format_,
        "formats": [name.strip() for name in formats.split(",")] if formats else None,
        "renditions": [_rendition(text) for text in renditions] if renditions else None,
        "focal_point": point(focus) if focus else None,
        **members,
    }
    return {name: value for name, value in said.items() if value is not None} or None


def point(text: str) -> dict[str, float]:
    """Read a point of a picture.

    Raises:
        CliError: it is none.
    """
    try:
        x, y = (float(part) for part in text.split(","))
    except ValueError as error:
        raise CliError(f"{text!r} is no point.", "write it as 0.5,0.3") from error
    return {"x": x, "y": y}


def _rendition(text: str) -> dict[str, object]:
    match = _RENDITION.fullmatch(text)
    if match is None or not (match[2] or match[3]):
        raise CliError(f"{text!r} is no size.", "write it as mobile=640x960, or wide=1600x")
    name, width, height = match.groups()
    members = {
        "name": name,
        "width": int(width) if width else None,
        "height": int(height) if height else None,
    }
    return {key: value for key, value in members.items() if value is not None}


def files_of(client: StudioClient, asset_id: str) -> list[dict[str, Any]]:
    """List what was made of an asset."""
    found: list[dict[str, Any]] = client.get(f"/v1/assets/{asset_id}/renditions")["data"]
    return found


def save_file(client: StudioClient, made: dict[str, Any], folder: Path) -> Path:
    """Download a file that was made of an asset.

    Raises:
        CliError: it is not the one that its record describes.
    """
    data = client.file(made["links"]["content"])
    if hashlib.sha256(data).hexdigest() != made["file"]["sha256"]:
        raise CliError(f"The file {made['name']} differs from its record.", "try again")
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{made['name']}.{suffix_of(made['file']['media_type'])}"
    path.write_bytes(data)
    return path


def save_files(client: StudioClient, made: Sequence[dict[str, Any]], folder: Path) -> list[Path]:
    """Download those files that could be made.

    Raises:
        CliError: one is not the one that its record describes.
    """
    return [save_file(client, one, folder) for one in made if one["file"]]


def files_table(made: Sequence[dict[str, Any]]) -> Table:
    """Build the table of files: what each is, and which rules it keeps."""
    table = Table(box=None, pad_edge=False)
    for heading in ("file", "size"):
        table.add_column(heading, no_wrap=True)
    for heading in ("bytes", "quality"):
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("type", no_wrap=True)
    table.add_column("rules", overflow="fold")
    for one in made:
        file = one["file"]
        table.add_row(
            one["name"],
            f"{file['width']}x{file['height']}" if file else "",
            f"{file['bytes']:,}" if file else "",
            str(one["quality"] or ""),
            file["media_type"].removeprefix("image/") if file else "",
            _rules(one),
        )
    return table


def _rules(made: dict[str, Any]) -> str:
    if made["problem"]:
        return f"not made: {made['problem']}"
    rules = made["rules"]
    broken = [f"{one['rule']}: {one['detail']}" for one in rules if one["holds"] is False]
    if broken:
        return "; ".join(broken)
    return f"all {sum(one['holds'] is True for one in rules)} kept" if rules else ""
