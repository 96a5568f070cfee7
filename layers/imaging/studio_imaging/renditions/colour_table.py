"""An image with a palette: few colours, without a change of what is opaque or clear.

Opaque pixels have their own part of the palette, and soft ones another. So an opaque pixel stays
opaque, and a shadow takes no colours from the subject.
"""

import re
from typing import Final

from PIL import Image, ImageChops, ImageStat

from studio_imaging.renditions.soft_colours import SOFT, SoftColours

# A soft pixel shows less of its colour, so the soft part gets less than its share of the image.
_SOFT_SHARE: Final = 0.75
_LEAST_SOFT: Final = 4
# Mean error of a channel from which flat areas show bands; then the colours are dithered.
_BANDS: Final = 4.0
_UNSETTLED: Final = 50
_MOST_REFINED: Final = 32_768
_RUN: Final = re.compile(b"\xff+")
_OPAQUE: Final = [0] * 255 + [255]
_CLEAR: Final = [255] + [0] * 255


def with_palette(picture: Image.Image, colours: int, *, dithered: bool = True) -> Image.Image:
    """Return an image with a palette (mode P) of at most so many colours.

    Args:
        picture: RGB or RGBA.
        colours: 4 to 256.
        dithered: Whether opaque colours may be dithered. A dithered file has more bytes.
    """
    if picture.mode == "RGB":
        return _opaque(picture, colours, dithered)
    alpha = picture.getchannel("A")
    levels = alpha.histogram()
    clear, opaque, soft = levels[0] > 0, levels[255], sum(levels[1:255])
    left = colours - clear
    filled = _filled(picture, alpha) if opaque else None
    chosen = SoftColours(picture, _soft_share(left, filled, opaque, soft)) if soft else None
    table = [*(chosen.colours if chosen else ()), *([(0, 0, 0, 0)] if clear else ())]
    indexes = Image.new("L", picture.size)
    if filled is not None:
        solid = _opaque(filled, left - (len(chosen.colours) if chosen else 0), dithered)
        shift = bytes(min(255, index + len(table)) for index in range(256))
        indexes = Image.frombytes("L", picture.size, solid.tobytes().translate(shift))
        own = solid.getpalette() or []
        table += [(*own[at : at + 3], 255) for at in range(0, len(own), 3)]
    if clear:
        indexes.paste(len(chosen.colours) if chosen else 0, mask=alpha.point(_CLEAR))
    data = bytearray(indexes.tobytes())
    if chosen is not None:
        _spread_out(data, alpha.point(SOFT).tobytes(), chosen.indexes)
    result = Image.frombytes("P", picture.size, bytes(data))
    result.putpalette(bytes(part for each in table for part in each), "RGBA")
    return result


def _soft_share(colours: int, filled: Image.Image | None, opaque: int, soft: int) -> int:
    """Return how many colours the soft pixels get, of those that the opaque ones may leave."""
    if filled is None:
        return colours
    wanted = round(colours * soft / (soft + opaque) * _SOFT_SHARE)
    wanted = max(1, min(max(wanted, _LEAST_SOFT), colours // 2))
    few = filled.getcolors(colours)
    return wanted if few is None else max(wanted, colours - len(few))


def _opaque(picture: Image.Image, colours: int, dithered: bool) -> Image.Image:
    """Return an RGB image with a palette, dithered if it would show bands and may be."""
    # A refinement by k-means makes up for the unequal boxes of the median cut. It ends when only
    # few pixels change their colour. For a photograph it would take seconds.
    simple = picture.getcolors(_MOST_REFINED) is not None
    enough = max(1, picture.width * picture.height // _UNSETTLED) if simple else 0
    few = picture.quantize(colours, Image.Quantize.MEDIANCUT, kmeans=enough)
    if not dithered:
        return few
    apart = ImageStat.Stat(ImageChops.difference(picture, few.convert("RGB"))).mean
    if sum(apart) / 3 < _BANDS:
        return few
    return picture.quantize(palette=few, dither=Image.Dither.FLOYDSTEINBERG)


def _filled(picture: Image.Image, alpha: Image.Image) -> Image.Image:
    """Return the colours with one of the opaque ones wherever the image is not opaque."""
    opaque = alpha.point(_OPAQUE)
    place = opaque.tobytes().index(255)
    colour = picture.convert("RGB")
    some = colour.getpixel((place % colour.width, place // colour.width))
    ground = Image.new("RGB", colour.size, some)
    ground.paste(colour, mask=opaque)
    return ground


def _spread_out(data: bytearray, places: bytes, values: bytes) -> None:
    """Write values one after the other to the places that are white."""
    at = 0
    for run in _RUN.finditer(places):
        length = run.end() - run.start()
        data[run.start() : run.end()] = values[at : at + length]
        at += length
