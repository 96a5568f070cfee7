"""Filling of a hole in an image from its surroundings, coarse to fine.

Known colours go up a pyramid of smaller copies until no hole is left. Then they come down into the
hole and diffuse at each level. The result is close to a smooth surface over the hole.
"""

from typing import Final

from PIL import Image, ImageFilter

from studio_imaging.errors import OperationRefusedError

# Diffusion is fast on small levels and reaches far there.
_COARSE_ROUNDS: Final = 24
_FINE_ROUNDS: Final = 3
_COARSE_PIXELS: Final = 40_000
_MARGIN: Final = 24


def filled(picture: Image.Image, hole: Image.Image) -> Image.Image:
    """Return an image with its hole filled; every other pixel stays as it is.

    Args:
        picture: RGB.
        hole: Grey, of the same size; pixels that are not black are the hole.

    Raises:
        OperationRefusedError: ``mask-full``: the hole is the whole image.
    """
    box = hole.getbbox()
    if box is None:
        return picture.copy()
    if hole.getextrema()[0] != 0:
        raise OperationRefusedError("mask-full", "the mask leaves no pixels to fill from")
    around = (
        max(0, box[0] - _MARGIN),
        max(0, box[1] - _MARGIN),
        min(picture.width, box[2] + _MARGIN),
        min(picture.height, box[3] + _MARGIN),
    )
    known = hole.crop(around).point([255] + [0] * 255)
    if not known.getbbox():
        around = (0, 0, *picture.size)
        known = hole.point([255] + [0] * 255)
    part = picture.crop(around)
    result = picture.copy()
    result.paste(_diffused(part, known), around[:2])
    return result


def _diffused(part: Image.Image, known: Image.Image) -> Image.Image:
    levels = [_level(part, known)]
    while levels[-1].getchannel("A").getextrema()[0] == 0:
        # reduce() weights colours by their alpha, so unknown pixels do not count.
        smaller = levels[-1].reduce(2)
        weight = smaller.getchannel("A").point([0] + [255] * 255)
        levels.append(_level(smaller.convert("RGB"), weight))
    film = levels.pop().convert("RGB")
    while levels:
        level = levels.pop()
        film = _pulled(film, level)
    return film


def _level(colour: Image.Image, known: Image.Image) -> Image.Image:
    level = colour.copy()
    level.putalpha(known)
    return level


def _pulled(film: Image.Image, level: Image.Image) -> Image.Image:
    """Return the film at a finer level, diffused between the known colours."""
    known = level.getchannel("A")
    sharp = level.convert("RGB")
    film = film.resize(level.size, Image.Resampling.BICUBIC)
    rounds = _COARSE_ROUNDS if level.width * level.height <= _COARSE_PIXELS else _FINE_ROUNDS
    film.paste(sharp, mask=known)
    for _ in range(rounds):
        film = film.filter(ImageFilter.BoxBlur(1))
        film.paste(sharp, mask=known)
    return film
