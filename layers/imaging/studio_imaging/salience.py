"""What stands out in a picture, as a small grey map.

Four features are added up. None of them knows what it sees; each of them answers to another kind
of subject, and to few kinds of ground.
"""

import math
from collections.abc import Callable
from typing import Final

from PIL import Image, ImageChops, ImageFilter

# Longest side of the map. Larger ones cost more and find no more.
SIDE: Final = 96

# Radii in pixels of the map: small things, and what is around them.
_SCALES: Final = ((1.5, 6.0), (4.0, 16.0))
_EDGE_RADII: Final = (2.0, 12.0)
_COLOURS: Final = 16
# Outermost part of a picture that is taken for ground.
_BORDER: Final = 0.04
_SMOOTH: Final = 1.5
# How much a feature counts.
_CONTRAST: Final = 1.0
_EDGES: Final = 0.5
_FOREIGN: Final = 1.0
_SKIN: Final = 0.5
_POWER: Final = 2.0
# A feature weaker than this is noise and is not raised to full strength.
_LEAST_PEAK: Final = 24


def _table(value: Callable[[float], float]) -> list[int]:
    return [max(0, min(255, round(value(level)))) for level in range(256)]


def _bell(middle: float, width: float) -> list[int]:
    return _table(lambda level: 255 * math.exp(-(((level - middle) / width) ** 2)))


# Where skin of any tone lies in Cb and Cr; brightness says nothing about it.
_SKIN_CB: Final = _bell(105, 14)
_SKIN_CR: Final = _bell(152, 12)
_SHARPEN: Final = _table(lambda level: 255 * (level / 255) ** _POWER)


def shrunk(image: Image.Image, side: int) -> Image.Image:
    """Return a small copy, RGB or RGBA, whose longest side is ``side`` pixels at most."""
    scale = min(1.0, side / max(image.size))
    size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
    if image.mode not in {"RGB", "RGBA"}:
        image = image.convert("RGBA" if image.has_transparency_data else "RGB")
    # Skipping pixels first reads a sixteenth of a large picture and changes nothing that counts.
    rough = (min(image.width, size[0] * 4), min(image.height, size[1] * 4))
    if rough != image.size:
        image = image.resize(rough, Image.Resampling.NEAREST)
    return image.resize(size, Image.Resampling.BOX)


def salience(small: Image.Image) -> Image.Image:
    """Return how much each pixel of a small RGB picture stands out, 0 to 255.

    A picture in which nothing does is black all over.
    """
    parts = (
        (_contrast(small), _CONTRAST),
        (_busier_than_around(small), _EDGES),
        (_unlike_the_border(small), _FOREIGN),
        (_skin(small), _SKIN),
    )
    total = 0.0
    found = Image.new("L", small.size, 0)
    for part, weight in parts:
        total += weight
        found = Image.blend(found, _raised(part), weight / total)
    return _raised(found.filter(ImageFilter.GaussianBlur(1))).point(_SHARPEN)


def _raised(part: Image.Image) -> Image.Image:
    """Stretch to full strength, unless there is hardly anything."""
    peak = max(_LEAST_PEAK, _highest(part))
    return part.point([min(255, level * 255 // peak) for level in range(256)])


def _highest(part: Image.Image) -> int:
    counts = part.histogram()
    return max(level for level in range(256) if counts[level])


def _contrast(small: Image.Image) -> Image.Image:
    """Colour against what is around it, at two scales; strong colours count for more."""
    found = Image.new("L", small.size, 0)
    for near, far in _SCALES:
        apart = ImageChops.difference(
            small.filter(ImageFilter.GaussianBlur(near)),
            small.filter(ImageFilter.GaussianBlur(far)),
        )
        for channel in apart.split():
            found = ImageChops.add(found, channel)
    _, saturation, value = small.convert("HSV").split()
    colourful = ImageChops.multiply(saturation, value)
    return Image.blend(found, ImageChops.multiply(found, colourful), 0.5)


def _busier_than_around(small: Image.Image) -> Image.Image:
    """Edges, less those of a texture that is everywhere."""
    edges = small.convert("L").filter(ImageFilter.FIND_EDGES)
    inner = Image.new("L", small.size, 0)
    if min(small.size) > 2:
        # The filter leaves the outermost pixels as they were.
        inner.paste(edges.crop((1, 1, small.width - 1, small.height - 1)), (1, 1))
    near, far = (inner.filter(ImageFilter.GaussianBlur(radius)) for radius in _EDGE_RADII)
    return ImageChops.subtract(near, far)


def _unlike_the_border(small: Image.Image) -> Image.Image:
    """How far each colour is from those at the picture's edge, which mostly are the ground's."""
    indexed = small.quantize(_COLOURS, method=Image.Quantize.FASTOCTREE)
    flat = indexed.getpalette() or []
    colours = [_opponents(*flat[at : at + 3]) for at in range(0, len(flat), 3)]
    counts = _border_counts(indexed, len(colours))
    total = sum(counts)
    levels = [
        min(255, round(2.55 * sum(
            count / total * min(100.0, math.dist(colour, other))
            for other, count in zip(colours, counts, strict=True)
            if count
        )))
        for colour in colours
    ]  # fmt: skip
    apart = indexed.point(levels + [0] * (256 - len(levels)), "L")
    return apart.filter(ImageFilter.GaussianBlur(_SMOOTH))


def _opponents(red: int, green: int, blue: int) -> tuple[float, float, float]:
    """A colour in a space where distances are about as large as they look."""
    light = 0.299 * red + 0.587 * green + 0.114 * blue
    return 0.7 * light, 0.8 * (red - green), 0.6 * (blue - light)


def _border_counts(indexed: Image.Image, colours: int) -> list[int]:
    width, height = indexed.size
    across, down = max(1, round(_BORDER * width)), max(1, round(_BORDER * height))
    counts = indexed.histogram()[:colours]
    if width > 2 * across and height > 2 * down:
        inner = indexed.crop((across, down, width - across, height - down)).histogram()
        counts = [all_ - inside for all_, inside in zip(counts, inner[:colours], strict=True)]
    return counts


def _skin(small: Image.Image) -> Image.Image:
    """How near a colour is to skin."""
    _, blue, red = small.convert("YCbCr").split()
    alike = ImageChops.multiply(blue.point(_SKIN_CB), red.point(_SKIN_CR))
    return alike.filter(ImageFilter.GaussianBlur(2))
