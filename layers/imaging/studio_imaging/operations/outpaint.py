"""edit.outpaint: the image continues as its mirror image, which gets softer with distance."""

from typing import Final

from PIL import Image, ImageChops, ImageFilter

from studio_imaging.errors import OperationRefusedError
from studio_imaging.operations.fill import filled
from studio_imaging.operations.pictures import (
    MAX_PIXELS,
    coloured,
    grained,
    grown,
    opened,
    png,
)
from studio_imaging.subject import cut_out

_SIDES: Final = 16_383
_RIM: Final = 3


def outpaint(data: bytes, *, left: int = 0, right: int = 0, up: int = 0, down: int = 0) -> bytes:
    """Return a larger picture; its own pixels are identical.

    Args:
        data: The picture.
        left: Pixels to add on the left.
        right: Pixels to add on the right.
        up: Pixels to add at the top.
        down: Pixels to add at the bottom.

    Returns:
        A PNG, larger by the added pixels.

    Raises:
        ImageRejectedError: The picture is too large, of another type, or broken.
        OperationRefusedError: ``picture-too-large``: the result would pass its limit.
    """
    picture = opened(data)
    size = (picture.width + left + right, picture.height + up + down)
    if size[0] * size[1] > MAX_PIXELS or max(size) > _SIDES:
        raise OperationRefusedError(
            "picture-too-large",
            f"the result would have {size[0]} x {size[1]} pixels, the limit is {MAX_PIXELS}",
        )
    wide = _mirrored(_ground_of(picture), size, left, up)
    far = _farness(size, (left, up, left + picture.width, up + picture.height))
    colour, alpha = coloured(wide)
    reach = max(left, right, up, down)
    # Three blurs, each stronger than the one before and farther from the image.
    for radius, start in ((reach / 60, 10), (reach / 22, 50), (reach / 8, 110)):
        soft = grained(_blurred(colour, radius), 1.2, "outpaint")
        ramp = [min(255, max(0, round((value - start) * 255 / 70))) for value in range(256)]
        colour.paste(soft, mask=far.point(ramp))
    if alpha is not None:
        colour.putalpha(alpha)
    colour.paste(picture, (left, up))
    return png(colour)


def _ground_of(picture: Image.Image) -> Image.Image:
    """Return the image without its subject, if it has a plain background.

    The mirror image would show the subject twice.
    """
    alpha = cut_out(picture) if picture.mode == "RGB" else None
    if alpha is None:
        return picture
    return filled(picture, grown(alpha, _RIM))


def _mirrored(picture: Image.Image, size: tuple[int, int], left: int, up: int) -> Image.Image:
    """Return a canvas filled with the image and its mirror images, in turn."""
    strip = Image.new(picture.mode, (size[0], picture.height))
    flipped = picture.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    for turn, at in _turns(size[0], left, picture.width):
        strip.paste(flipped if turn % 2 else picture, (at, 0))
    canvas = Image.new(picture.mode, size)
    flipped = strip.transpose(Image.Transpose.FLIP_TOP_BOTTOM)
    for turn, at in _turns(size[1], up, picture.height):
        canvas.paste(flipped if turn % 2 else strip, (0, at))
    return canvas


def _turns(length: int, start: int, step: int) -> list[tuple[int, int]]:
    """Return number and place of each tile along an axis; tile 0 is at ``start``."""
    first = -(-start // step)
    last = -(-(length - start) // step)
    return [(turn, start + turn * step) for turn in range(-first, last)]


def _farness(size: tuple[int, int], box: tuple[int, int, int, int]) -> Image.Image:
    """Return the distance of each pixel from the image: 0 inside, 255 at the farthest side."""
    reach = max(box[0], box[1], size[0] - box[2], size[1] - box[3], 1)
    across = Image.frombytes("L", (size[0], 1), _run(size[0], box[0], box[2], reach))
    down = Image.frombytes("L", (1, size[1]), _run(size[1], box[1], box[3], reach))
    return ImageChops.lighter(across.resize(size), down.resize(size))


def _run(length: int, start: int, end: int, reach: int) -> bytes:
    return bytes(min(255, 255 * max(start - at, at - end + 1, 0) // reach) for at in range(length))


def _blurred(picture: Image.Image, radius: float) -> Image.Image:
    """Return a blurred image; a wide blur uses a smaller copy to save time."""
    shrink = max(1, int(radius / 3))
    if shrink == 1:
        return picture.filter(ImageFilter.GaussianBlur(radius))
    small = picture.reduce(shrink).filter(ImageFilter.GaussianBlur(radius / shrink))
    return small.resize(picture.size, Image.Resampling.BICUBIC)
