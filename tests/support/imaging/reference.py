"""A floating-point resampler and measures of similarity, as references for fast code."""

import math
from collections.abc import Callable
from typing import Any

from PIL import Image, ImageMath

_BLOCK = 8


def resampled(
    source: Image.Image, size: tuple[int, int], window: tuple[float, float, float, float]
) -> Image.Image:
    """Luma of an RGB picture's window, LANCZOS from all of its pixels without any rounding.

    Args:
        source: At full size.
        size: In pixels.
        window: Left, top, right and bottom as fractions.
    """
    sides = source.size * 2
    box = tuple(part * side for part, side in zip(window, sides, strict=True))
    channels = [
        channel.convert("F").resize(size, Image.Resampling.LANCZOS, box=box)  # type: ignore[arg-type]
        for channel in source.split()
    ]
    return _math(lambda red, green, blue: red * 0.299 + green * 0.587 + blue * 0.114, *channels)


def luma(picture: Image.Image) -> Image.Image:
    """The same of a finished picture."""
    return resampled(picture.convert("RGB"), picture.size, (0, 0, 1, 1))


def ssim(one: Image.Image, other: Image.Image) -> float:
    """Structural similarity (Wang et al., 2004) of two lumas, over blocks of 8 half overlapping."""
    total, count = 0.0, 0
    for left in (0, _BLOCK // 2):
        for top in (0, _BLOCK // 2):
            right = left + (one.width - left) // _BLOCK * _BLOCK
            bottom = top + (one.height - top) // _BLOCK * _BLOCK
            values = _blocks(*(each.crop((left, top, right, bottom)) for each in (one, other)))
            total += sum(values)
            count += len(values)
    return total / count


def psnr(one: Image.Image, other: Image.Image) -> float:
    """Peak signal to noise in decibels of two lumas."""
    square = _math(lambda a, b: (a - b) * (a - b), one, other)
    mean = square.resize((1, 1), Image.Resampling.BOX).getpixel((0, 0))
    assert isinstance(mean, float)
    return 10 * math.log10(255**2 / max(mean, 1e-9))


def _blocks(one: Image.Image, other: Image.Image) -> list[float]:
    def mean(of: Image.Image) -> Image.Image:
        return of.reduce(_BLOCK)

    def product(a: Image.Image, b: Image.Image) -> Image.Image:
        return mean(_math(lambda x, y: x * y, a, b))

    found = _math(
        lambda a, b, ab, aa, bb: (
            ((a * b * 2 + 6.5) * ((ab - a * b) * 2 + 58.5))
            / ((a * a + b * b + 6.5) * (aa - a * a + bb - b * b + 58.5))
        ),
        *(mean(one), mean(other), product(one, other), product(one, one), product(other, other)),
    )
    return [float(value) for value in found.get_flattened_data()]  # type: ignore[arg-type]


def _math(function: Callable[..., Any], *pictures: Image.Image) -> Image.Image:
    names = [f"p{number}" for number in range(len(pictures))]
    done = ImageMath.lambda_eval(
        lambda given: function(*(given[name] for name in names)),
        **dict(zip(names, pictures, strict=True)),
    )
    assert isinstance(done, Image.Image)
    return done
