"""``studio platforms``: the formats and presets of social platforms."""

from typing import Annotated, Any

import typer

from studio_cli.profiles import LOCAL
from studio_cli.session import ProfileOption, open_client
from studio_cli.tables import Listing
from studio_cli.terminal import new_console

_EDGES = ("top", "bottom", "left", "right")
_UNITS = ((1024 * 1024, "MB"), (1024, "KB"))


def platforms(
    platform: Annotated[
        str | None, typer.Argument(metavar="PLATFORM", help="Show the formats of this platform.")
    ] = None,
    profile: ProfileOption = LOCAL,
) -> None:
    """List the platforms, or the formats and presets of one."""
    path = "/v1/platforms" if platform is None else f"/v1/platforms/{platform}"
    with open_client(profile) as client:
        found = client.get(path)
    console = new_console()
    if platform is None:
        console.print(_all(found["data"]))
        return
    console.print(_formats(found["formats"]))
    console.print()
    for preset in found["presets"]:
        console.print(f"{preset['id']}: {', '.join(preset['format_ids'])}")
    console.print(
        f"Checked {found['checked_at']}. Certainty A: official or without contradiction. "
        "C: uncertain.",
        style="dim",
    )


def _all(found: list[dict[str, Any]]) -> Listing:
    table = Listing("platform", "name", "formats", "presets", right=("formats",))
    for one in found:
        count = str(len(one["format_ids"]))
        table.add_row(one["id"], one["name"], count, ", ".join(one["preset_ids"]))
    return table


def _formats(formats: list[dict[str, Any]]) -> Listing:
    table = Listing(
        "format", "size", "ratio", "types", "at most", "keep free", "certainty", whole=("format",)
    )
    for one in formats:
        table.add_row(
            f"{one['id']} (ad)" if one["kind"] == "ad" else one["id"],
            f"{one['width']}x{one['height']}",
            one["aspect_ratio"],
            ", ".join(one["types"]),
            _bytes(one["max_bytes"]),
            _kept_free(one["safe_zone"]),
            one["certainty"],
        )
    return table


def _bytes(most: int | None) -> str:
    if most is None:
        return "unknown"
    size, unit = next(one for one in _UNITS if most >= one[0])
    return f"{most // size} {unit}"


def _kept_free(zone: dict[str, Any]) -> str:
    """Return the edges to keep free in pixels, and the source of these numbers."""
    if zone["shape"] == "circle":
        return "outside the circle"
    edges = [f"{edge} {zone['pixels'][edge]}" for edge in _EDGES if zone["pixels"][edge]]
    return f"{', '.join(edges)} ({zone['basis']})" if edges else ""
