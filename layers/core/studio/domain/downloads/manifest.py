"""The list of an archive's files, as a table for people."""

import csv
import io
from collections.abc import Iterator, Sequence

from studio.csv_escape import escape_formula
from studio.domain.downloads.model import AssetFile
from studio.money import format_usd

_HEADINGS = (
    "file", "asset_id", "rendition", "label", "title", "prompt", "provider", "model", "cost",
    "width", "height", "sha256", "missing",
)  # fmt: skip
# The byte order mark tells spreadsheets that this is UTF-8.
_MARK = "\N{BYTE ORDER MARK}"


def manifest_lines(
    packed: Sequence[tuple[str, AssetFile]], missing: Sequence[str]
) -> Iterator[bytes]:
    """Yield the lines of the table: each packed file with its name, then each missing asset."""
    yield _MARK.encode() + _line(_HEADINGS)
    for name, file in packed:
        stored = file.stored
        size = (str(stored.width or ""), str(stored.height or ""))
        yield _line((name, *_facts(file), *size, stored.sha256, ""))
    for asset_id in missing:
        yield _line(("", asset_id, *[""] * (len(_HEADINGS) - 3), "missing"))


def _facts(file: AssetFile) -> tuple[str, ...]:
    asset = file.asset
    described = (asset.asset_id, file.rendition or "", asset.label or "", asset.title or "")
    recipe = (str(asset.recipe.get(name) or "") for name in ("prompt", "provider", "model"))
    return (*described, *recipe, _cost(file))


def _cost(file: AssetFile) -> str:
    """Return the cost in dollars for the image itself, so that the column can be summed.

    Other files of an image cost nothing. An upload has no cost.
    """
    cost = file.asset.cost
    if cost is None or file.rendition is not None:
        return ""
    return cost.basis if cost.micros is None else format_usd(cost.micros)


def _line(cells: Sequence[str]) -> bytes:
    buffer = io.StringIO(newline="")
    csv.writer(buffer).writerow([escape_formula(cell) for cell in cells])
    return buffer.getvalue().encode()
