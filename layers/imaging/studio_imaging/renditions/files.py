"""From a part of the source to the finished pixels of one rendition."""

from collections.abc import Sequence

from PIL import Image

from studio_imaging.renditions.plan import Colour, Rendition, Size
from studio_imaging.renditions.scale import Cut, flattened


def finished(cut: Cut, size: Size, order: Rendition, left: int, top: int) -> Image.Image:
    """Cut a rendition out of its sheet and lay it on its background; RGB or RGBA.

    Args:
        cut: Where its pixels are.
        size: Of the file and of the picture in it.
        order: What was asked for.
        left: Pixels of background to the left of the picture.
        top: Pixels of background above it.
    """
    shown = size.shown_width, size.shown_height
    picture = cut.sheet.take(cut.left, cut.top, shown)
    if picture.mode == "RGBa":
        picture = picture.convert("RGBA")
    box = size.width, size.height
    if shown != box:
        ground = Image.new("RGB", box, order.background)
        ground.paste(picture, (left, top), picture if picture.mode == "RGBA" else None)
        return ground
    return flattened(picture, order.background) if order.flat else picture


def common_ground(renditions: Sequence[Rendition]) -> Colour | None:
    """The background on which every rendition would be flattened; None where they differ."""
    grounds = {order.background if order.flat else None for order in renditions}
    return grounds.pop() if len(grounds) == 1 else None
