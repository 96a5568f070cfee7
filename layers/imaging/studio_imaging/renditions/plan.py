"""What a rendition is: the order for one file, and the size that it comes to."""

import math
from dataclasses import dataclass
from typing import Final, Literal, get_args

from studio_imaging.decode import DEFAULT_LIMITS
from studio_imaging.formats import OutputFormat
from studio_imaging.safe import Safe

Fit = Literal["cover", "contain", "pad", "inside"]
Colour = tuple[int, int, int]
Problem = Literal["byte-limit", "too-large-for-format", "too-many-pixels"]

EVERYWHERE: Final = Safe()
"""Nothing is covered."""

LONGEST_SIDE: Final[dict[OutputFormat, int]] = {
    "webp": 16_383,
    "jpg": 65_500,
    "png": 65_535,
    "avif": 32_768,
}
"""Pixels that a side of each format can have.

WebP: 14 bits (RFC 9649). JPEG: what libjpeg writes, a little less than its 16 bits. AVIF: what
libavif reads unless told otherwise; it writes more. PNG has 31 bits; this is enough. The others
were tried with Pillow 13.0.0, 2026-11-21.
"""


@dataclass(frozen=True, slots=True)
class Rendition:
    """The order for one file.

    Attributes:
        name: Unique in its set.
        format: Of the file.
        quality: 1 to 100, the highest to use where ``max_bytes`` is given; PNG has none.
        width: In pixels. Both sides None: the picture's size; one None: from its shape.
        height: See ``width``.
        fit: ``cover`` fills the box and crops, ``contain`` shows the whole picture as large as the
            box allows, ``pad`` fills up what that leaves with the background, ``inside`` is
            ``contain`` that never enlarges.
        focus: The point to keep when something is cropped, as fractions of the upright picture, or
            ``smart`` to look for it. With ``pad`` it says where the picture lies in the box.
        safe: Where the point should be in the file.
        max_bytes: The most that the file may weigh.
        background: Red, green, blue; for ``pad``, and under alpha where the format has none.
        for_graphics: The format instead where the source is transparent or has few colours.
        full_colour: Keep one colour sample per pixel in a JPEG.
        xmp: A packet to be written into the file.

    Raises:
        ValueError: a field is out of its range.
    """

    name: str
    format: OutputFormat
    quality: int
    width: int | None = None
    height: int | None = None
    fit: Fit = "cover"
    focus: tuple[float, float] | Literal["smart"] = (0.5, 0.5)
    safe: Safe = EVERYWHERE
    max_bytes: int | None = None
    background: Colour = (255, 255, 255)
    for_graphics: OutputFormat | None = None
    full_colour: bool = False
    xmp: bytes | None = None

    def __post_init__(self) -> None:
        if self.format not in get_args(OutputFormat):
            raise ValueError(f"format must be one of {', '.join(get_args(OutputFormat))}")
        if self.fit not in get_args(Fit):
            raise ValueError(f"fit must be one of {', '.join(get_args(Fit))}")
        if not 1 <= self.quality <= 100:
            raise ValueError("quality must be 1 to 100")
        if not all(side is None or side >= 1 for side in (self.width, self.height)):
            raise ValueError("width and height must be at least 1 pixel")
        if self.max_bytes is not None and self.max_bytes < 1:
            raise ValueError("max_bytes must be at least 1")
        if self.focus != "smart" and not all(0 <= place <= 1 for place in self.focus):
            raise ValueError("focus must lie within the picture, 0 to 1")
        if not all(0 <= part <= 255 for part in self.background):
            raise ValueError("background must be three parts of 0 to 255")

    @property
    def flat(self) -> bool:
        """Whether transparency is laid on the background."""
        return self.format == "jpg" or self.fit == "pad"


@dataclass(frozen=True, slots=True)
class Size:
    """How large a rendition of one source becomes.

    Attributes:
        width: Of the file, in pixels.
        height: Likewise.
        shown_width: Of the picture in it; less than ``width`` only where it is padded.
        shown_height: Likewise.
        scale: Pixels of the file to one of the source; over 1 where pixels are invented.
        whole: Whether all of the source is shown.
        problem: Why it cannot be made; None where it can.
    """

    width: int
    height: int
    shown_width: int
    shown_height: int
    scale: float
    whole: bool
    problem: Problem | None

    @property
    def pixels(self) -> int:
        """How many pixels of the file show the picture."""
        return self.shown_width * self.shown_height


def size_of(rendition: Rendition, source: tuple[int, int]) -> Size:
    """Work out a rendition's size from its source's width and height."""
    width, height = source
    box = _box(rendition, source)
    if rendition.width is None or rendition.height is None:
        shown, whole = box, True
    elif rendition.fit == "cover":
        shown, whole = box, False
    else:
        scale = min(box[0] / width, box[1] / height)
        if rendition.fit == "inside":
            scale = min(scale, 1.0)
        shown = _scaled(source, scale, box)
        whole = True
        if rendition.fit != "pad":
            box = shown
    problem: Problem | None = None
    if max(box) > LONGEST_SIDE[rendition.format]:
        problem = "too-large-for-format"
    elif box[0] * box[1] > DEFAULT_LIMITS.max_pixels:
        problem = "too-many-pixels"
    scale = max(shown[0] / width, shown[1] / height)
    return Size(*box, *shown, scale, whole, problem)


def _box(rendition: Rendition, source: tuple[int, int]) -> tuple[int, int]:
    """The box that was asked for, what was left open taken from the source."""
    width, height = rendition.width, rendition.height
    if width is not None and height is not None:
        return width, height
    scale = 1.0
    if width is not None:
        scale = width / source[0]
    elif height is not None:
        scale = height / source[1]
    if rendition.fit == "inside":
        scale = min(scale, 1.0)
    return _scaled(source, scale, (math.inf, math.inf))


def _scaled(source: tuple[int, int], scale: float, most: tuple[float, float]) -> tuple[int, int]:
    """At least one pixel a side, whatever the shape, and no more than the box."""
    width, height = (
        int(min(max(1, round(side * scale)), limit))
        for side, limit in zip(source, most, strict=True)
    )
    return width, height
