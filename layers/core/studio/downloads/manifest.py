"""The list of what an archive holds, as a table for people."""

import csv
import io
from collections.abc import Iterator, Sequence

from studio.assets.model import Asset
from studio.downloads.model import AssetFile
from studio.formulas import guarded
from studio.money import format_usd

_HEADINGS = (
    "file", "asset_id", "label", "title", "prompt", "provider", "model", "cost", "width",
    "height", "sha256", "missing",
)  # fmt: skip
# Tells spreadsheets that this is UTF-8.
_MARK = "\N{BYTE ORDER MARK}"


def manifest_lines(
    packed: Sequence[tuple[str, AssetFile]], missing: Sequence[str]
) -> Iterator[bytes]:
    """Yield the lines of the table: each packed file with its name, then each missing asset."""
    yield _MARK.encode() + _line(_HEADINGS)
    for name, file in packed:
        stored = file.stored
        size = (str(stored.width or ""), str(stored.height or ""))
        yield _line((name, *_facts(file.asset), *size, stored.sha256, ""))
    for asset_id in missing:
        yield _line(("", asset_id, *[""] * (len(_HEADINGS) - 3), "missing"))


def _facts(asset: Asset) -> tuple[str, ...]:
    recipe = [str(asset.recipe.get(name) or "") for name in ("prompt", "provider", "model")]
    return (asset.asset_id, asset.label or "", asset.title or "", *recipe, _cost(asset))


def _cost(asset: Asset) -> str:
    """Write dollars; nothing for a picture that was not made here."""
    if asset.cost is None:
        return ""
    return asset.cost.basis if asset.cost.micros is None else format_usd(asset.cost.micros)


def _line(cells: Sequence[str]) -> bytes:
    buffer = io.StringIO(newline="")
    csv.writer(buffer).writerow([guarded(cell) for cell in cells])
    return buffer.getvalue().encode()
