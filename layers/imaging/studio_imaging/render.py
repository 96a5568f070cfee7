"""Turn one source picture into the picture asked for and its thumbnail, with one decode."""

from dataclasses import dataclass
from typing import Final, get_args

from studio_imaging.decode import DEFAULT_LIMITS, SourceFacts
from studio_imaging.encode import EncodedImage
from studio_imaging.errors import ImageRejectedError
from studio_imaging.formats import OutputFormat
from studio_imaging.renditions.make import make
from studio_imaging.renditions.plan import Rendition

# WebP cannot hold a longer side (RFC 9649, 14-bit size); one limit for all keeps plans portable.
MAX_SIDE: Final = 16_383


@dataclass(frozen=True, slots=True)
class RenderPlan:
    """What to make. Sizes in pixels, quality 1 to 100 (it means nothing for PNG).

    Attributes:
        width, height: None for the size that the source has.
        longest_side: A larger picture is scaled down to it; None for no limit.

    Raises:
        ValueError: a field is out of its range.
    """

    width: int | None
    height: int | None
    format: OutputFormat
    quality: int
    longest_side: int | None = None

    def __post_init__(self) -> None:
        sides = [1 if side is None else side for side in (self.width, self.height)]
        if (self.width is None) != (self.height is None):
            raise ValueError("width and height go together")
        if not all(1 <= side <= MAX_SIDE for side in sides):
            raise ValueError(f"width and height must be 1 to {MAX_SIDE} pixels")
        if sides[0] * sides[1] > DEFAULT_LIMITS.max_pixels:
            raise ValueError(f"width x height must not pass {DEFAULT_LIMITS.max_pixels} pixels")
        if self.format not in get_args(OutputFormat):
            raise ValueError(f"format must be one of {', '.join(get_args(OutputFormat))}")
        if not 1 <= self.quality <= 100:
            raise ValueError("quality must be 1 to 100")


@dataclass(frozen=True, slots=True)
class Rendered:
    """The picture at exactly the planned size, its WebP thumbnail and facts of the source."""

    image: EncodedImage
    thumbnail: EncodedImage
    source: SourceFacts


def render(data: bytes, plan: RenderPlan) -> Rendered:
    """Decode, crop from the centre to the plan's shape if it has one, scale and encode.

    The thumbnail is made from the finished picture.

    Raises:
        ImageRejectedError: the source is too large, of another type, or broken.
    """
    if plan.width is None or plan.height is None:
        longest = min(plan.longest_side or MAX_SIDE, MAX_SIDE)
        order = Rendition("image", plan.format, plan.quality, longest, longest, "inside")
    else:
        order = Rendition("image", plan.format, plan.quality, plan.width, plan.height)
    done = make(data, [order])
    image = done.made[0].image
    if image is None:
        raise ImageRejectedError("image-too-large", f"made of it: {done.made[0].problem}")
    return Rendered(image=image, thumbnail=done.thumbnail, source=done.source)
