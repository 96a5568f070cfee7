"""Untrusted images made ready for a provider: upright pixels without metadata."""

from collections.abc import Collection
from dataclasses import dataclass
from math import isqrt
from typing import Final

from PIL import Image

from studio_imaging.decode import Limits, decode
from studio_imaging.encode import EncodedImage, encode
from studio_imaging.errors import ImageRejectedError

LIMITS: Final = Limits(max_bytes=25 * 1024 * 1024, max_pixels=64_000_000)
"""The largest source, the same as for an upload."""

_QUALITY: Final = 95
_WHITE_FROM: Final = 128
# Shares of a side and of the pixels from which a mask is odd. Soft edges are less.
_SHAPE: Final = 0.03
_PHOTOGRAPH: Final = 0.3
_NEARLY_BLACK: Final = 40
_NEARLY_WHITE: Final = 216
_JPEG: Final = "image/jpeg"


@dataclass(frozen=True, slots=True)
class SourcePlan:
    """The sources that a provider accepts.

    Attributes:
        media_types: Accepted media types.
        max_bytes: Largest file in bytes.
        max_side: Longest side in pixels; None for no limit.
        max_pixels: Most pixels; None for no limit.
        min_side: Shortest side in pixels.
        shrink: Whether to shrink a larger image; otherwise it is refused.
    """

    media_types: Collection[str]
    max_bytes: int
    max_side: int | None = None
    max_pixels: int | None = None
    min_side: int = 1
    shrink: bool = True


def prepare(data: bytes, plan: SourcePlan) -> EncodedImage:
    """Return an image as a new file within a plan: upright, sRGB, smaller if necessary.

    An opaque image becomes a JPEG if the provider accepts JPEG. Otherwise the result is a PNG.

    Raises:
        ImageRejectedError: The image is too large or too small, of another type, or broken.
    """
    side = plan.max_side
    decoded = decode(data, LIMITS, target=None if side is None else (side, side))
    picture, facts = decoded.image, decoded.source
    fitting = _fitting(facts.width, facts.height, plan)
    if not plan.shrink and fitting < max(facts.width, facts.height):
        limit = f"{plan.max_pixels} pixels" if plan.max_pixels else f"{side} pixels a side"
        raise ImageRejectedError(
            "image-too-large", f"it has {facts.width} x {facts.height} pixels, the limit is {limit}"
        )
    picture = _shrunk(picture, fitting)
    if min(picture.size) < plan.min_side:
        raise ImageRejectedError(
            "image-too-small",
            f"its short side has {min(picture.size)} pixels, the least is {plan.min_side}",
        )
    written = _write(picture, plan)
    while len(written.data) > plan.max_bytes and max(picture.size) > 1:
        # Three quarters of the side are about half of the bytes.
        picture = _shrunk(picture, max(picture.size) * 3 // 4)
        written = _write(picture, plan)
    return written


def prepare_mask(data: bytes, size: tuple[int, int]) -> tuple[EncodedImage, str | None]:
    """Return a mask as a PNG of black and white pixels, in the size of its image, and a remark.

    Transparent pixels count as black: that part of the image does not change.

    Raises:
        ImageRejectedError: The mask is too large, of another type, or broken.
    """
    mask = decode(data, LIMITS).image
    if mask.mode == "RGBA":
        black = Image.new("RGBA", mask.size, "black")
        mask = Image.alpha_composite(black, mask)
    grey = mask.convert("L")
    remark = _remark(mask, grey, size)
    grey = grey.resize(size, Image.Resampling.BILINEAR)
    return encode(grey.point(lambda value: 255 if value >= _WHITE_FROM else 0), "png"), remark


def _remark(mask: Image.Image, grey: Image.Image, size: tuple[int, int]) -> str | None:
    """Return what is odd about a mask, in a sentence without its end; None for nothing."""
    width, height = mask.size
    if abs(width * size[1] - height * size[0]) > _SHAPE * width * size[1]:
        return (
            f"The mask of {width} x {height} pixels has another shape than its image of "
            f"{size[0]} x {size[1]}: it was stretched"
        )
    levels = grey.histogram()
    between = sum(levels[_NEARLY_BLACK:_NEARLY_WHITE])
    if between > _PHOTOGRAPH * width * height:
        share = round(100 * between / (width * height))
        return (
            f"The mask looks like a photograph: {share} % of its pixels are neither black nor white"
        )
    return None


def _fitting(width: int, height: int, plan: SourcePlan) -> int:
    """Return the longest side that an image of this shape may have."""
    longest = max(width, height)
    if plan.max_side is not None:
        longest = min(longest, plan.max_side)
    if plan.max_pixels is not None and width * height > plan.max_pixels:
        longest = min(longest, isqrt(plan.max_pixels * max(width, height) // min(width, height)))
    return longest


def _write(picture: Image.Image, plan: SourcePlan) -> EncodedImage:
    if picture.mode == "RGB" and _JPEG in plan.media_types:
        return encode(picture, "jpg", _QUALITY)
    return encode(picture, "png")


def _shrunk(picture: Image.Image, side: int) -> Image.Image:
    """Return the image with a longest side of at most ``side``; never enlarge."""
    scale = side / max(picture.size)
    if scale >= 1:
        return picture
    size = (max(1, round(picture.width * scale)), max(1, round(picture.height * scale)))
    return picture.resize(size, Image.Resampling.LANCZOS, reducing_gap=2.0)
