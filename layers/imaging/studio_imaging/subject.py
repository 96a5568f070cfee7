"""Separation of a subject from a plain background.

A plain background may run from light to dark, as paper does under a lamp. It is modelled as a
smooth surface over the picture, fitted to the border without outliers.
"""

from collections.abc import Sequence
from typing import Final

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageOps

from studio_imaging.palette import Rgb

# The search for the background visits pixels in Python, so it uses a small copy.
_SEARCHED_SIDE: Final = 192
_GROUND_TOLERANCE: Final = 34
_PLAIN_SHARE: Final = 0.86
# Least share of background. A uniform border alone may be the rim of an object.
_LEAST_ROOM: Final = 0.1
_GRID: Final = 32
# Regularisation that keeps the fit stable for a border of one colour or one pixel.
_STIFFNESS: Final = 0.02


def cut_out(source: Image.Image) -> Image.Image | None:
    """Return the alpha of the subject, soft at its edge.

    Args:
        source: RGB, or RGBA with the alpha to return.

    Returns:
        A grey picture of the same size; None if there is no plain background.
    """
    if source.mode == "RGBA":
        alpha = source.getchannel("A")
        return alpha if alpha.getbbox() else None
    small = reduced(source, _SEARCHED_SIDE)
    ground = _ground(small)
    alike = _distance(small, ground).point(
        [255 if value <= _GROUND_TOLERANCE else 0 for value in range(256)]
    )
    if _border_share(alike) < _PLAIN_SHARE:
        return None
    room = _reached_from_outside(alike)
    around = room.histogram()[255] / (room.width * room.height)
    if not _LEAST_ROOM < around < 1 or min(small.size) < 8:
        return None
    return _edge(source, ground, room)


def reduced(image: Image.Image, side: int) -> Image.Image:
    """Return the image with a longest side of at most ``side`` pixels; never enlarge."""
    scale = min(1.0, side / max(image.size))
    if scale == 1:
        return image
    size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
    return image.resize(size, Image.Resampling.LANCZOS, reducing_gap=2.0)


def border_colour(image: Image.Image) -> Rgb:
    """Return the median colour of the outermost pixels of an RGB picture."""
    row = _border(reduced(image, _SEARCHED_SIDE))
    red, green, blue = (_median(channel) for channel in row.split())
    return red, green, blue


def _edge(source: Image.Image, ground: Image.Image, room: Image.Image) -> Image.Image:
    """Return the subject's alpha at full size, with a soft edge near its outline."""
    subject = ImageChops.invert(room)
    inner = subject.filter(ImageFilter.MinFilter(5)).resize(source.size, Image.Resampling.BILINEAR)
    outer = subject.filter(ImageFilter.MaxFilter(3)).resize(source.size, Image.Resampling.BILINEAR)
    ramp = [round(min(1.0, max(0.0, (value - 14) / 26)) * 255) for value in range(256)]
    wide = ground.resize(source.size, Image.Resampling.BILINEAR)
    fine = ImageChops.darker(_distance(source, wide).point(ramp), outer)
    alpha = ImageChops.lighter(fine, inner).filter(ImageFilter.GaussianBlur(0.7))
    return alpha.point([0 if value < 10 else value for value in range(256)])


def _reached_from_outside(alike: Image.Image) -> Image.Image:
    """Return white for background pixels that are connected to the border, else black."""
    framed = ImageOps.expand(alike, 1, 255)
    ImageDraw.floodfill(framed, (0, 0), 128)
    found = framed.point([255 if value == 128 else 0 for value in range(256)])
    return found.crop((1, 1, framed.width - 1, framed.height - 1))


def _distance(image: Image.Image, ground: Image.Image) -> Image.Image:
    """Return the largest difference of any channel for each pixel."""
    red, green, blue = ImageChops.difference(image, ground).split()
    return ImageChops.lighter(ImageChops.lighter(red, green), blue)


def _border_share(alike: Image.Image) -> float:
    row = _border(alike)
    return row.histogram()[255] / row.width


def _border(image: Image.Image) -> Image.Image:
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


def _ground(small: Image.Image) -> Image.Image:
    """Return the background as it would look without the subject."""
    surface = _ground_surface(small)
    grid = Image.new("RGB", (_GRID, _GRID))
    for y in range(_GRID):
        for x in range(_GRID):
            place = _features(2 * (x + 0.5) / _GRID - 1, 2 * (y + 0.5) / _GRID - 1)
            red, green, blue = (min(255, max(0, round(value))) for value in _at(surface, place))
            grid.putpixel((x, y), (red, green, blue))
    return grid.resize(small.size, Image.Resampling.BICUBIC)


def _ground_surface(small: Image.Image) -> list[list[float]]:
    """Return the coefficients of a smooth surface through the border, a row for each channel."""
    places = _border_places(*small.size)
    values = list(zip(*(channel.tobytes() for channel in _border(small).split()), strict=True))
    middle = border_colour(small)
    inliers = [i for i, value in enumerate(values) if _near(value, middle, 2 * _GROUND_TOLERANCE)]
    surface: list[list[float]] = [[float(value), 0, 0, 0, 0, 0] for value in middle]
    # The second fit leaves out pixels far from the first, such as a subject cut by the border.
    for _ in range(2):
        if len(inliers) < len(places) // 2:
            break
        surface = [
            _fit([places[i] for i in inliers], [values[i][channel] for i in inliers])
            for channel in range(3)
        ]
        inliers = [
            i for i in inliers if _near(values[i], _at(surface, places[i]), _GROUND_TOLERANCE)
        ]
    return surface


def _features(x: float, y: float) -> tuple[float, ...]:
    return 1.0, x, y, x * x, x * y, y * y


def _border_places(width: int, height: int) -> list[tuple[float, ...]]:
    """Return the places of the pixels of ``_border``, as features."""
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
