"""The salience of an image, as a small grey map.

The map is a sum of features. Each feature responds to another kind of subject, and to few kinds of
background. The weights were chosen on one half of a labelled set (benchmarks/crop_cases.py). They
are robust: a change of one weight by a quarter changes one case in a hundred.
"""

import math
from collections.abc import Callable
from functools import cache
from typing import Final

from PIL import Image, ImageChops, ImageFilter

# Longest side in pixels of the map, and of the image it is made from.
MAP_SIDE: Final = 96
SIDE: Final = 160

# Weights of the features.
_CONTRAST: Final = 1.0
_COLOUR: Final = 1.5
_WIDE_CONTRAST: Final = 1.0
_SHARPNESS: Final = 1.5
_SKIN: Final = 0.5
# Exponent that lowers weak salience compared with strong salience.
_POWER: Final = 3.0
# How much the weight falls away from the centre.
_MIDDLE: Final = 1.0

# Radii in pixels of the map: an object, and its surroundings.
_SMALL_THINGS: Final = (1.5, 6.0)
_LARGE_THINGS: Final = (4.0, 16.0)
_SHARP_THINGS: Final = (3.0, 24.0)
# Pixels are skipped down to this multiple of the wanted size, which is fast and loses little.
_OVERSAMPLED: Final = 4
# A feature weaker than this is noise and is not stretched to full strength.
_LEAST_PEAK: Final = 24


def _table(value: Callable[[float], float]) -> list[int]:
    return [max(0, min(255, round(value(level)))) for level in range(256)]


def _bell(middle: float, width: float) -> list[int]:
    return _table(lambda level: 255 * math.exp(-(((level - middle) / width) ** 2)))


# Cb and Cr of skin of any tone.
_SKIN_CB: Final = _bell(105, 14)
_SKIN_CR: Final = _bell(152, 12)
_SHARPER: Final = _table(lambda level: 6 * level)
_STEEPER: Final = _table(lambda level: 255 * (level / 255) ** _POWER)


def shrunk(image: Image.Image, side: int) -> Image.Image:
    """Return a small copy, RGB or RGBA, with a longest side of at most ``side`` pixels."""
    scale = min(1.0, side / max(image.size))
    size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
    rough = (
        min(image.width, size[0] * _OVERSAMPLED),
        min(image.height, size[1] * _OVERSAMPLED),
    )
    if rough != image.size:
        image = image.resize(rough, Image.Resampling.NEAREST)
    if image.mode not in {"RGB", "RGBA"}:
        image = image.convert("RGBA" if image.has_transparency_data else "RGB")
    return image if image.size == size else image.resize(size, Image.Resampling.BOX)


def salience(picture: Image.Image) -> Image.Image:
    """Return the salience map of an RGB image, 0 to 255; black if nothing is salient.

    Args:
        picture: At most ``SIDE`` pixels a side.
    """
    small = shrunk(picture, MAP_SIDE)
    contrast = _contrast(small, *_SMALL_THINGS)
    _, saturation, value = small.convert("HSV").split()
    colourful = ImageChops.multiply(saturation, value)
    parts = (
        (contrast, _CONTRAST),
        (ImageChops.multiply(contrast, colourful), _COLOUR),
        (_contrast(small, *_LARGE_THINGS), _WIDE_CONTRAST),
        (_sharper_than_around(picture, small.size), _SHARPNESS),
        (_skin(small), _SKIN),
    )
    found, total = Image.new("L", small.size, 0), 0.0
    for part, weight in parts:
        total += weight
        found = Image.blend(found, _raised(part), weight / total)
    found = _raised(found.filter(ImageFilter.GaussianBlur(0.7))).point(_STEEPER)
    return ImageChops.multiply(found, _central().resize(found.size))


@cache
def _central() -> Image.Image:
    """Return a map that is white in the middle and darker at the edges."""
    return Image.radial_gradient("L").point(
        _table(lambda level: 255 * math.exp(-_MIDDLE * (level / 510) ** 2))
    )


def _raised(part: Image.Image) -> Image.Image:
    """Return a feature stretched to full strength, unless it is noise."""
    peak = max(_LEAST_PEAK, highest(part))
    return part.point([min(255, level * 255 // peak) for level in range(256)])


def highest(part: Image.Image) -> int:
    """Return the largest value of a grey image."""
    return int(max(part.tobytes()))


def _contrast(small: Image.Image, near: float, far: float) -> Image.Image:
    """Return the difference of each colour from its surroundings."""
    apart = ImageChops.difference(
        small.filter(ImageFilter.GaussianBlur(near)), small.filter(ImageFilter.GaussianBlur(far))
    )
    red, green, blue = apart.split()
    return ImageChops.add(ImageChops.add(red, green), blue)


def _sharper_than_around(picture: Image.Image, size: tuple[int, int]) -> Image.Image:
    """Return fine detail without uniform texture."""
    grey = picture.convert("L")
    detail = ImageChops.difference(grey, grey.filter(ImageFilter.GaussianBlur(1)))
    detail = detail.resize(size, Image.Resampling.BOX).point(_SHARPER)
    near, far = (detail.filter(ImageFilter.GaussianBlur(radius)) for radius in _SHARP_THINGS)
    return ImageChops.subtract(near, far)


def _skin(small: Image.Image) -> Image.Image:
    """Return how near each colour is to skin."""
    _, blue, red = small.convert("YCbCr").split()
    alike = ImageChops.multiply(blue.point(_SKIN_CB), red.point(_SKIN_CR))
    return alike.filter(ImageFilter.GaussianBlur(2))
