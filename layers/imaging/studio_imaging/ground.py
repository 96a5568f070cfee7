"""The plain background of an image, as it would look without the subject.

It may run from light to dark, as paper does under a lamp. It is a smooth surface over the image,
fitted to the border without outliers.
"""

from collections.abc import Sequence
from typing import Final

from PIL import Image

from studio_imaging.palette import Rgb

TOLERANCE: Final = 34
"""The largest difference of a channel between a plain background and its model."""

_GRID: Final = 32
# Regularisation that keeps the fit stable for a border of one colour or one pixel.
_STIFFNESS: Final = 0.02


def ground_of(small: Image.Image) -> Image.Image:
    """Return the background as it would look without the subject."""
    surface = _ground_surface(small)
    grid = Image.new("RGB", (_GRID, _GRID))
    for y in range(_GRID):
        for x in range(_GRID):
            place = _features(2 * (x + 0.5) / _GRID - 1, 2 * (y + 0.5) / _GRID - 1)
            red, green, blue = (min(255, max(0, round(value))) for value in _at(surface, place))
            grid.putpixel((x, y), (red, green, blue))
    return grid.resize(small.size, Image.Resampling.BICUBIC)


def median_colour(row: Image.Image) -> Rgb:
    """Return the median colour of an RGB image."""
    red, green, blue = (_median(channel) for channel in row.split())
    return red, green, blue


def border_of(image: Image.Image) -> Image.Image:
    """Return the outermost pixels as one row."""
    width, height = image.size
    row = Image.new(image.mode, (2 * (width + height), 1))
    row.paste(image.crop((0, 0, width, 1)), (0, 0))
    row.paste(image.crop((0, height - 1, width, height)), (width, 0))
    for left, at in ((0, 2 * width), (width - 1, 2 * width + height)):
        column = image.crop((left, 0, left + 1, height))
        row.paste(column.transpose(Image.Transpose.TRANSPOSE), (at, 0))
    return row


def _median(channel: Image.Image) -> int:
    counts, half, seen = channel.histogram(), channel.width / 2, 0
    for value, count in enumerate(counts):
        seen += count
        if seen >= half:
            return value
    return 255


def _ground_surface(small: Image.Image) -> list[list[float]]:
    """Return the coefficients of a smooth surface through the border, a row for each channel."""
    places = _border_places(*small.size)
    values = list(zip(*(channel.tobytes() for channel in border_of(small).split()), strict=True))
    middle = median_colour(border_of(small))
    inliers = [i for i, value in enumerate(values) if _near(value, middle, 2 * TOLERANCE)]
    surface: list[list[float]] = [[float(value), 0, 0, 0, 0, 0] for value in middle]
    # The second fit leaves out pixels far from the first, such as a subject cut by the border.
    for _ in range(2):
        if len(inliers) < len(places) // 2:
            break
        surface = [
            _fit([places[i] for i in inliers], [values[i][channel] for i in inliers])
            for channel in range(3)
        ]
        inliers = [i for i in inliers if _near(values[i], _at(surface, places[i]), TOLERANCE)]
    return surface


def _features(x: float, y: float) -> tuple[float, ...]:
    return 1.0, x, y, x * x, x * y, y * y


def _border_places(width: int, height: int) -> list[tuple[float, ...]]:
    """Return the places of the pixels of ``border_of``, as features."""
    across = [2 * (x + 0.5) / width - 1 for x in range(width)]
    down = [2 * (y + 0.5) / height - 1 for y in range(height)]
    return [
        *(_features(x, -1) for x in across),
        *(_features(x, 1) for x in across),
        *(_features(-1, y) for y in down),
        *(_features(1, y) for y in down),
    ]


def _at(surface: list[list[float]], place: Sequence[float]) -> tuple[float, ...]:
    return tuple(sum(a * b for a, b in zip(row, place, strict=True)) for row in surface)


def _near(colour: Sequence[float], other: Sequence[float], tolerance: float) -> bool:
    return all(abs(a - b) <= tolerance for a, b in zip(colour, other, strict=True))


def _fit(places: Sequence[Sequence[float]], values: Sequence[int]) -> list[float]:
    """Return the coefficients of the least-squares fit, by the normal equations."""
    count = len(places[0])
    rows = [
        [sum(place[i] * place[j] for place in places) for j in range(count)]
        + [float(sum(place[i] * value for place, value in zip(places, values, strict=True)))]
        for i in range(count)
    ]
    for i in range(1, count):
        rows[i][i] += _STIFFNESS * len(places)
    return _solved(rows)


def _solved(rows: list[list[float]]) -> list[float]:
    """Solve linear equations by elimination; the last column is the right-hand side."""
    count = len(rows)
    for i in range(count):
        for j in range(count):
            if j != i:
                share = rows[j][i] / rows[i][i]
                rows[j] = [a - share * b for a, b in zip(rows[j], rows[i], strict=True)]
    return [rows[i][count] / rows[i][i] for i in range(count)]
