"""A grid of geometric tiles in Bauhaus style: quarter circles, halves, stripes, dots."""

from collections.abc import Callable
from random import Random

from studio_imaging.palette import Palette, Rgb
from studio_imaging.scenes.canvas import Canvas

Motif = Callable[[Canvas, Random, float, float, float, Rgb, Rgb], None]


def paint(canvas: Canvas, palette: Palette, rng: Random, words: frozenset[str]) -> None:
    """Fill the canvas with square tiles; neighbours have different background colours."""
    rows = rng.randrange(3, 6)
    side = canvas.unit / rows
    columns = -int(-canvas.width // side)
    lines = -int(-canvas.height // side)
    left = (canvas.width - columns * side) / 2
    top = (canvas.height - lines * side) / 2
    colours: list[Rgb] = [*palette.accents, palette.paper, palette.ink, palette.far]
    above: list[Rgb | None] = [None] * columns
    last_motif = -1
    for line in range(lines):
        beside: Rgb | None = None
        for column in range(columns):
            grounds = [colour for colour in colours if colour not in (beside, above[column])]
            ground = rng.choice(grounds)
            shape, detail = rng.sample([colour for colour in colours if colour != ground], 2)
            x, y = left + column * side, top + line * side
            canvas.bar(round(x), round(y), round(x + side), round(y + side), ground)
            motif = rng.choice([index for index in range(len(_MOTIFS)) if index != last_motif])
            _MOTIFS[motif](canvas, rng, x, y, side, shape, detail)
            beside = above[column] = ground
            last_motif = motif


def _quarter(
    canvas: Canvas, rng: Random, x: float, y: float, side: float, shape: Rgb, detail: Rgb
) -> None:
    corner = rng.randrange(4)
    cx, cy = x + side * (corner in {1, 2}), y + side * (corner >= 2)
    start = (0, 90, 180, 270)[corner]
    for scale, colour in ((1.0, shape), (0.62, detail), (0.30, shape)):
        canvas.pie(cx, cy, side * scale, start, start + 90, colour)


def _half(
    canvas: Canvas, rng: Random, x: float, y: float, side: float, shape: Rgb, detail: Rgb
) -> None:
    half = side / 2
    if rng.random() < 0.5:
        canvas.pie(x + half, y + half, half, 180, 360, shape)
        canvas.pie(x + half, y + side, half, 180, 360, detail)
    else:
        canvas.pie(x + half, y + half, half, 90, 270, shape)
        canvas.pie(x + side, y + half, half, 90, 270, detail)


def _disc(
    canvas: Canvas, rng: Random, x: float, y: float, side: float, shape: Rgb, detail: Rgb
) -> None:
    canvas.disc(x + side / 2, y + side / 2, side * 0.40, shape)
    canvas.disc(x + side / 2, y + side / 2, side * rng.choice((0.14, 0.24)), detail)


def _leaf(
    canvas: Canvas, rng: Random, x: float, y: float, side: float, shape: Rgb, detail: Rgb
) -> None:
    """Paint a square whose two opposite corners are quarter circles."""
    half = side / 2
    canvas.pie(x + half, y + half, half, 0, 360, shape)
    if rng.random() < 0.5:
        canvas.bar(x, y, x + half, y + half, shape)
        canvas.bar(x + half, y + half, x + side, y + side, shape)
    else:
        canvas.bar(x + half, y, x + side, y + half, shape)
        canvas.bar(x, y + half, x + half, y + side, shape)
    canvas.disc(x + half, y + half, side * 0.13, detail)


def _stripes(
    canvas: Canvas, rng: Random, x: float, y: float, side: float, shape: Rgb, detail: Rgb
) -> None:
    band = side / 8
    upright = rng.random() < 0.5
    for index in range(4):
        at = band * (2 * index + 0.5)
        if upright:
            canvas.bar(x + at, y, x + at + band, y + side, shape)
        else:
            canvas.bar(x, y + at, x + side, y + at + band, shape)


def _triangles(
    canvas: Canvas, rng: Random, x: float, y: float, side: float, shape: Rgb, detail: Rgb
) -> None:
    if rng.random() < 0.5:
        canvas.polygon([(x, y), (x + side, y), (x, y + side)], shape)
    else:
        canvas.polygon([(x, y), (x + side, y + side), (x, y + side)], shape)
    canvas.disc(x + side / 2, y + side / 2, side * 0.16, detail)


def _dots(
    canvas: Canvas, rng: Random, x: float, y: float, side: float, shape: Rgb, detail: Rgb
) -> None:
    count = rng.choice((3, 4))
    pitch = side / count
    for row in range(count):
        for column in range(count):
            colour = detail if row == column else shape
            canvas.disc(x + pitch * (column + 0.5), y + pitch * (row + 0.5), pitch * 0.26, colour)


_MOTIFS: tuple[Motif, ...] = (_quarter, _half, _disc, _leaf, _stripes, _triangles, _dots)
