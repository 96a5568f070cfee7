"""A contact sheet: all images of a job on one page, with captions."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PIL import Image, ImageDraw

from studio_imaging.decode import Limits, decode
from studio_imaging.encode import EncodedImage, encode
from studio_imaging.typography import font, printable, wrap

_PAGE: Final = (247, 246, 243)
_MAT: Final = (236, 234, 229)
_INK: Final = (33, 33, 38)
_QUIET: Final = (112, 110, 116)
_RULE: Final = (214, 211, 204)

_MARGIN: Final = 64
_GAP: Final = 40
_CELL_WIDTH: Final = 460
_TITLE_SIZE: Final = 40
_CAPTION_SIZE: Final = 22
_SUB_SIZE: Final = 17
_HEAD: Final = 104
_CAPTION_BLOCK: Final = 74


@dataclass(frozen=True, slots=True)
class Tile:
    """One image (a file of a supported format), its caption and a smaller second line."""

    data: bytes
    caption: str
    sub_caption: str = ""


def compose(
    tiles: Sequence[Tile], *, columns: int | None = None, title: str = "Contact sheet"
) -> EncodedImage:
    """Return a light page with the tiles in reading order, a PNG file in opaque RGB.

    Every image is shown whole. A row is as high as its highest image.

    Args:
        tiles: At least one.
        columns: 1 or more; None to choose by the number of tiles.
        title: The line at the head.

    Raises:
        ImageRejectedError: A tile cannot be decoded.
        ValueError: There is no tile, or ``columns`` is below 1.
    """
    if not tiles:
        raise ValueError("a contact sheet needs at least one tile")
    if columns is None:
        columns = _columns_for(len(tiles))
    if columns < 1:
        raise ValueError("columns must be 1 or more")
    pictures = [_fitted(tile.data) for tile in tiles]
    rows = [
        range(first, min(first + columns, len(tiles))) for first in range(0, len(tiles), columns)
    ]
    cell_heights = [max(pictures[index].height for index in row) for row in rows]
    width = 2 * _MARGIN + columns * _CELL_WIDTH + (columns - 1) * _GAP
    height = 2 * _MARGIN + _HEAD + sum(cell_heights) + len(rows) * (_CAPTION_BLOCK + _GAP) - _GAP

    page = Image.new("RGB", (width, height), _PAGE)
    _head(page, title, len(tiles))
    top = _MARGIN + _HEAD
    for row, cell_height in zip(rows, cell_heights, strict=True):
        for column, index in enumerate(row):
            left = _MARGIN + column * (_CELL_WIDTH + _GAP)
            _place(page, pictures[index], (left, top, left + _CELL_WIDTH, top + cell_height))
            _caption(page, left, top + cell_height + 14, tiles[index])
        top += cell_height + _CAPTION_BLOCK + _GAP
    return encode(page, "png")


def _columns_for(count: int) -> int:
    """Return the columns for a number of tiles: about as many as rows, at most six."""
    return count if count <= 3 else min(6, math.ceil(math.sqrt(count)))


def _fitted(data: bytes) -> Image.Image:
    """Return the whole image on white, as wide as a cell if the height allows it."""
    room = (_CELL_WIDTH, round(_CELL_WIDTH * 1.25))
    # The caller limits the size of files; the contact sheet shows all of them.
    image = decode(data, Limits(max_bytes=len(data)), target=room).image
    scale = min(room[0] / image.width, room[1] / image.height)
    size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
    resample = Image.Resampling.LANCZOS if scale < 1 else Image.Resampling.BICUBIC
    fitted = image.resize(size, resample, reducing_gap=2.0)
    if fitted.mode == "RGB":
        return fitted
    flat = Image.new("RGB", fitted.size, "white")
    flat.paste(fitted, mask=fitted.getchannel("A"))
    return flat


def _head(page: Image.Image, title: str, count: int) -> None:
    pen = ImageDraw.Draw(page)
    right = page.width - _MARGIN
    number = f"{count} image{'' if count == 1 else 's'}"
    room = right - _MARGIN - font(_SUB_SIZE).getlength(number) - _GAP
    baseline = _MARGIN + _TITLE_SIZE
    for line in wrap(printable(title), _TITLE_SIZE, room, 1):
        pen.text((_MARGIN, baseline), line, _INK, font(_TITLE_SIZE), anchor="ls")
    pen.text((right, baseline), number, _QUIET, font(_SUB_SIZE), anchor="rs")
    pen.rectangle((_MARGIN, baseline + 24, right - 1, baseline + 25), fill=_RULE)


def _place(page: Image.Image, picture: Image.Image, cell: tuple[int, int, int, int]) -> None:
    """Paste an image in the middle of its cell."""
    left, top, right, bottom = cell
    page.paste(_MAT, cell)
    page.paste(
        picture,
        ((left + right - picture.width) // 2, (top + bottom - picture.height) // 2),
    )


def _caption(page: Image.Image, left: int, top: int, tile: Tile) -> None:
    pen = ImageDraw.Draw(page)
    y = top
    for text, size, colour in (
        (tile.caption, _CAPTION_SIZE, _INK),
        (tile.sub_caption, _SUB_SIZE, _QUIET),
    ):
        for line in wrap(printable(text), size, _CELL_WIDTH, 1):
            pen.text((left, y), line, colour, font(size))
        y += round(size * 1.45)
