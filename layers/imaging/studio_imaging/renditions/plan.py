"""A rendition: the settings of one file, and the size that results from them."""

import math
from dataclasses import dataclass
from typing import Final, Literal, get_args

from studio_imaging.decode import MOST_PIXELS
from studio_imaging.formats import OutputFormat
from studio_imaging.safe import Safe

Fit = Literal["cover", "contain", "pad", "inside"]
Colour = tuple[int, int, int]
Problem = Literal["byte-limit", "too-large-for-format", "too-many-pixels"]

EVERYWHERE: Final = Safe()
"""A safe zone without covered edges."""

LONGEST_SIDE: Final[dict[OutputFormat, int]] = {
    "webp": 16_383,
    "jpg": 65_500,
    "png": 65_535,
    "avif": 32_768,
}
"""The longest side of each format in pixels.

WebP: 14 bits (RFC 9649). JPEG: the limit of libjpeg, slightly below 16 bits. AVIF: the default
limit of libavif for reading. PNG allows 31 bits; this value is enough. All but PNG were measured
with Pillow 13.0.0 on 2026-11-21.
"""

MOST_IN_FILE: Final[dict[OutputFormat, int]] = {
    "webp": MOST_PIXELS,
    "jpg": MOST_PIXELS,
    "png": MOST_PIXELS,
    "avif": 50_000_000,
}
"""The most pixels of one file. The encoder of AVIF takes 2.1 GB for 64 million pixels with alpha,
the others at most 1.8 GB (peak of the process, 2026-11-30)."""


@dataclass(frozen=True, slots=True)
class Rendition:
    """The settings of one file.

    Attributes:
        name: Unique name in its set.
        format: Format of the file.
        quality: 1 to 100; with ``max_bytes`` the highest quality. PNG ignores it.
        width: In pixels. Without both sides the image keeps its size; without one side, its
            shape.
        height: See ``width``.
        fit: ``cover`` fills the box and crops. ``contain`` shows the whole image as large as
            possible. ``pad`` also fills the rest of the box with the background. ``inside`` is
            ``contain`` without enlargement.
        focus: The point to keep in a crop, as fractions of the upright image; ``smart`` detects
            it. With ``pad`` it places the image in the box.
        safe: The part of the file where the point should be.
        max_bytes: Largest file in bytes.
        background: Red, green, blue of the padding and, in formats without alpha, under
            transparent pixels.
        for_graphics: Format for a source with transparency or few colours.
        full_colour: Keep one colour sample per pixel in a JPEG.
        xmp: A packet to write into the file.

    Raises:
        ValueError: A field is out of range.
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
            raise ValueError("focus must lie within the image, 0 to 1")
        if not all(0 <= part <= 255 for part in self.background):
            raise ValueError("background must be three parts of 0 to 255")

    @property
    def flat(self) -> bool:
        """True if the background replaces transparency."""
        return self.format == "jpg" or self.fit == "pad"


@dataclass(frozen=True, slots=True)
class Size:
    """The size of a rendition of one source.

    Attributes:
        width: Width of the file in pixels.
        height: Height of the file in pixels.
        shown_width: Width of the image in it; less than ``width`` only with padding.
        shown_height: Height of the image in it; less than ``height`` only with padding.
        scale: Pixels of the file for one pixel of the source; over 1 for an enlarged image.
        whole: Whether the file shows the whole source.
        problem: Why the file cannot be made; None if it can.
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
        """The number of pixels that show the image."""
        return self.shown_width * self.shown_height


def size_of(rendition: Rendition, source: tuple[int, int]) -> Size:
    """Return the size of a rendition for the width and height of its source."""
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
    elif box[0] * box[1] > MOST_IN_FILE[rendition.format]:
        problem = "too-many-pixels"
    scale = max(shown[0] / width, shown[1] / height)
    return Size(*box, *shown, scale, whole, problem)


def _box(rendition: Rendition, source: tuple[int, int]) -> tuple[int, int]:
    """Return the box of a rendition; a missing side follows from the source's shape."""
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
    """Return the scaled size, at least one pixel a side and at most the box."""
    width, height = (
        int(min(max(1, round(side * scale)), limit))
        for side, limit in zip(source, most, strict=True)
    )
    return width, height
