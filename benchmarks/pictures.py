"""Pictures as hard to resample and to encode as photographs, the same for the same seed."""

from random import Random

from PIL import Image, ImageChops, ImageDraw

_COARSEST = 4
_SHAPES = 60
_GRAIN = 0.06


def photo_like(side: int, seed: int = 1, height: int | None = None) -> Image.Image:
    """Colour noise of all sizes, each octave half as strong as the one before, edges and grain.

    Args:
        side: Width in pixels.
        seed: Another one gives another picture.
        height: In pixels; as wide as high without it.
    """
    random = Random(seed)  # noqa: S311 - the same picture each time is the point
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
    """Two dice a pixel, so that the middle is more likely than the ends."""
    one, other = (
        Image.frombytes("RGB", size, random.randbytes(size[0] * size[1] * 3)) for _ in range(2)
    )
    return ImageChops.add(one, other, scale=2)
