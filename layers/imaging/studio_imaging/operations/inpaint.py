"""edit.inpaint: the masked part is filled from its surroundings."""

from typing import Final

from PIL import Image, ImageChops, ImageFilter, ImageStat

from studio_imaging.operations.fill import filled
from studio_imaging.operations.pictures import (
    coloured,
    grained,
    grown,
    opened,
    opened_mask,
    png,
    softened,
    with_alpha,
)

_RING: Final = 12
# Stronger noise than that of a sensor is texture, which cannot be generated here.
_MOST_GRAIN: Final = 4.0


def inpaint(data: bytes, mask: bytes, *, grow: int = 0) -> bytes:
    """Return the image with the masked part filled from its border.

    A prompt has no effect: the surroundings replace the masked part. Pixels outside the grown mask
    are identical.

    Args:
        data: The image.
        mask: Grey, of the image's size, white where the image changes.
        grow: Pixels to grow the mask by; its edge blends over this distance.

    Returns:
        A PNG of the image's size.

    Raises:
        ImageRejectedError: A file is too large, of another type, or broken.
        OperationRefusedError: ``mask-size``, ``mask-empty`` or ``mask-full``.
    """
    picture = opened(data)
    marked = opened_mask(mask, picture.size)
    hole = grown(marked, grow)
    share = softened(marked, grow)
    colour, alpha = coloured(picture)
    result = _closed(colour, hole, share)
    if alpha is not None:
        film = filled(Image.merge("RGB", (alpha, alpha, alpha)), hole).getchannel(0)
        alpha = Image.composite(film, alpha, share)
    return png(with_alpha(result, alpha))


def _closed(colour: Image.Image, hole: Image.Image, share: Image.Image) -> Image.Image:
    film = grained(filled(colour, hole), _roughness(colour, hole), "inpaint")
    return Image.composite(film, colour, share)


def _roughness(colour: Image.Image, hole: Image.Image) -> float:
    """Return the grain around the hole: the deviation of its pixels from their blur."""
    ring = ImageChops.subtract(grown(hole, _RING), hole)
    if not ring.getbbox():
        return 0.0
    box = ring.getbbox()
    grey = colour.crop(box).convert("L")
    detail = ImageChops.difference(grey, grey.filter(ImageFilter.GaussianBlur(1.2)))
    # The median ignores an edge that runs into the hole; 1.48 turns it into a deviation.
    return min(_MOST_GRAIN, 1.48 * ImageStat.Stat(detail, ring.crop(box)).median[0])
