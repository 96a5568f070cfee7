"""Photographs, and generated images that are as hard to resample and encode.

The same seed gives the same image.
"""

from collections.abc import Iterator
from io import BytesIO
from itertools import cycle
from random import Random
from typing import Final, Literal

from PIL import Image, ImageChops, ImageDraw

from tests.support.imaging.photographs import photograph

_PHOTOGRAPHS: Final = (
    ("scikit_image", "skimage/data/astronaut.png"),
    ("scikit_learn", "sklearn/datasets/images/china.jpg"),
    ("scikit_image", "skimage/data/motorcycle_left.png"),
    ("scikit_image", "skimage/data/coffee.png"),
    ("scikit_image", "skimage/data/chelsea.png"),
    ("scikit_image", "skimage/data/hubble_deep_field.jpg"),
    ("scikit_learn", "sklearn/datasets/images/flower.jpg"),
)
_JPEG_QUALITY = 92

_COARSEST = 4
_SHAPES = 60
_GRAIN = 0.06


def photo_like(side: int, seed: int = 1, height: int | None = None) -> Image.Image:
    """Return a generated image: colour noise of all sizes, edges and grain.

    Args:
        side: Width in pixels.
        seed: Another seed gives another image.
        height: In pixels; None for a square.
    """
    random = Random(seed)  # noqa: S311 - the same image each time is the point
    size = (side, height or side)
    picture = Image.new("RGB", size, (128, 128, 128))
    octave, strength = _COARSEST, 0.5
    while octave < max(size):
        noise = _noise(random, (octave, octave))
        picture = Image.blend(picture, noise.resize(size, Image.Resampling.BICUBIC), strength)
        octave, strength = octave * 2, strength * 0.72
    pen = ImageDraw.Draw(picture)
    for _ in range(_SHAPES):
        x, y, reach = random.random(), random.random(), random.uniform(0.01, 0.12)
        corners = [
            ((x + random.uniform(-reach, reach)) * side, (y + random.uniform(-reach, reach)) * side)
            for _ in range(random.randint(3, 6))
        ]
        pen.polygon(corners, tuple(random.randbytes(3)))
    return Image.blend(picture, _noise(random, size), _GRAIN)


def _noise(random: Random, size: tuple[int, int]) -> Image.Image:
    """Return noise with a triangular distribution, from two random values for each pixel."""
    one, other = (
        Image.frombytes("RGB", size, random.randbytes(size[0] * size[1] * 3)) for _ in range(2)
    )
    return ImageChops.add(one, other, scale=2)


def collage(side: int) -> Image.Image:
    """Return photographs next to each other, not scaled, with all their detail."""
    picture = Image.new("RGB", (side, side))
    photographs = cycle([photograph(*where).convert("RGB") for where in _PHOTOGRAPHS])
    top = 0
    while top < side:
        left = height = 0
        while left < side:
            tile = next(photographs)
            picture.paste(tile, (left, top))
            left, height = left + tile.width, max(height, tile.height)
        top += height
    return picture


def file_of(picture: Image.Image, kind: Literal["JPEG", "PNG"]) -> bytes:
    """Return the image as a file like that of a camera or a provider."""
    file = BytesIO()
    if kind == "JPEG":
        picture.save(file, "JPEG", quality=_JPEG_QUALITY)
    else:
        picture.save(file, "PNG", compress_level=3)
    return file.getvalue()


def sources(sides: tuple[int, ...] = (1024, 4096)) -> Iterator[tuple[str, bytes]]:
    """Yield name and file of each source of the goals: photographs and generated images."""
    for side in sides:
        for kind, picture in (("photographs", collage(side)), ("generated", photo_like(side))):
            yield f"{side} JPEG, {kind}", file_of(picture, "JPEG")
            yield f"{side} PNG, {kind}", file_of(picture, "PNG")
