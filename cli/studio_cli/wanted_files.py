"""The files of an image: options to request them, downloads and the table of files."""

import hashlib
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from studio_cli.client import StudioClient
from studio_cli.downloads import suffix_of
from studio_cli.errors import CliError
from studio_cli.tables import Listing

FormatsOption = Annotated[
    str | None,
    typer.Option("--formats", help="Formats or presets of platforms: essentials,ig_story."),
]
RenditionOption = Annotated[
    list[str] | None,
    typer.Option("--rendition", metavar="NAME=WxH", help="Also make this size: mobile=640x960."),
]
FocusOption = Annotated[
    str | None, typer.Option(metavar="X,Y", help="Point to keep in view, 0 to 1: 0.5,0.3.")
]

_RENDITION = re.compile(r"(?:([a-z0-9][a-z0-9_-]*)=)?([0-9]+)?x([0-9]+)?")


def output(
    format_: str | None = None,
    formats: str | None = None,
    renditions: list[str] | None = None,
    focus: str | None = None,
    **members: object,
) -> dict[str, object] | None:
    """Return the output member of a request; None if no option is given.

    Raises:
        CliError: An option has the wrong form.
    """
    values: dict[str, object | None] = {
        "format": format_,
        "formats": [name.strip() for name in formats.split(",")] if formats else None,
        "renditions": [_rendition(text) for text in renditions] if renditions else None,
        "focal_point": point(focus) if focus else None,
        **members,
    }
    return {name: value for name, value in values.items() if value is not None} or None


def point(text: str) -> dict[str, float]:
    """Return the point of a text such as ``0.5,0.3``.

    Raises:
        CliError: The text is not a point.
    """
    try:
        x, y = (float(part) for part in text.split(","))
    except ValueError as error:
        raise CliError(f"{text!r} is not a point.", "write it as 0.5,0.3") from error
    return {"x": x, "y": y}


def _rendition(text: str) -> dict[str, object]:
    match = _RENDITION.fullmatch(text)
    if match is None or not (match[2] or match[3]):
        raise CliError(f"{text!r} is not a size.", "write it as mobile=640x960, or wide=1600x")
    name, width, height = match.groups()
    members = {
        "name": name,
        "width": int(width) if width else None,
        "height": int(height) if height else None,
    }
    return {key: value for key, value in members.items() if value is not None}


def files_of(client: StudioClient, asset_id: str) -> list[dict[str, Any]]:
    """Return the renditions of an asset."""
    found: list[dict[str, Any]] = client.get(f"/v1/assets/{asset_id}/renditions")["data"]
    return found


def save_file(client: StudioClient, made: dict[str, Any], folder: Path) -> Path:
    """Download a rendition and return the path of its file.

    Raises:
        CliError: The hash of the file differs from the record.
    """
    data = client.file(made["links"]["content"])
    if hashlib.sha256(data).hexdigest() != made["file"]["sha256"]:
        raise CliError(f"The file {made['name']} differs from its record.", "try again")
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{made['name']}.{suffix_of(made['file']['media_type'])}"
    path.write_bytes(data)
    return path


def save_files(client: StudioClient, made: Sequence[dict[str, Any]], folder: Path) -> list[Path]:
    """Download the renditions that have a file, and return the paths.

    Raises:
        CliError: The hash of a file differs from its record.
    """
    return [save_file(client, one, folder) for one in made if one["file"]]


def files_table(made: Sequence[dict[str, Any]]) -> Listing:
    """Return a table of renditions: size, bytes, quality, type and platform rules."""
    numbers = ("bytes", "quality")
    table = Listing("file", "size", *numbers, "type", "rules", right=numbers)
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
