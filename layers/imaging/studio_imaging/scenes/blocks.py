"""An isometric town of plain blocks, each in three tones, lit from the left."""

from random import Random

from studio_imaging.palette import Palette, Rgb, mix
from studio_imaging.scenes.canvas import Canvas


def paint(canvas: Canvas, palette: Palette, rng: Random, words: frozenset[str]) -> None:
    """Paint columns of blocks from back to front; each row starts lower and further on."""
    width, height, unit = canvas.width, canvas.height, canvas.unit
    canvas.gradient(palette.sky)
    sun_x, sun_y = width * rng.uniform(0.2, 0.8), height * rng.uniform(0.12, 0.2)
    canvas.glow(sun_x, sun_y, unit * 0.5, palette.light, 0.6)
    canvas.disc(sun_x, sun_y, unit * 0.07, palette.light)
    half = unit * rng.uniform(0.055, 0.08)
    quarter = half / 2
    top = height * 0.34
    rows = int((height - top) / quarter) + 9
    for row in range(rows):
        y = top + row * quarter
        depth = min(1.0, row / max(1, (height - top) / quarter))
        offset = half if row % 2 else 0.0
        x = -2 * half + offset
        while x < width + 2 * half:
            # Front rows are low, so that the rows behind are visible.
            tall = half * rng.choice((0.3, 0.6, 1.0, 1.4, 2.0, 2.8)) * (1.15 - 0.55 * depth)
            base = palette.accents[rng.randrange(4)]
            colour = mix(mix(base, palette.sky[2], 0.45), base, depth)
            _block(canvas, x, y, half, tall, colour, palette)
            if rng.random() < 0.22:
                _windows(canvas, x, y, half, tall, mix(colour, palette.light, 0.7))
            x += 2 * half


def _block(
    canvas: Canvas, x: float, y: float, half: float, tall: float, colour: Rgb, palette: Palette
) -> None:
    """Paint one block with its ground tile centred on (x, y); ``half`` is half its width."""
    quarter = half / 2
    roof = y - tall
    deep = half * 12
    canvas.polygon(
        [(x - half, roof), (x, roof + quarter), (x, y + deep), (x - half, y + deep)],
        mix(colour, palette.light, 0.12),
    )
    canvas.polygon(
        [(x + half, roof), (x, roof + quarter), (x, y + deep), (x + half, y + deep)],
        mix(colour, palette.ink, 0.42),
    )
    canvas.polygon(
        [(x, roof - quarter), (x + half, roof), (x, roof + quarter), (x - half, roof)],
        mix(colour, palette.light, 0.52),
    )


def _windows(canvas: Canvas, x: float, y: float, half: float, tall: float, colour: Rgb) -> None:
    """Paint a column of skewed panes on the left face."""
    size = half * 0.24
    for level in range(int(tall / (size * 2))):
        foot = y - tall + half * 0.55 + level * size * 2
        for share in (0.24, 0.62):
            left = x - half + half * share
            rise = half * share / 2
            canvas.polygon(
                [
                    (left, foot + rise - size),
                    (left + size, foot + rise - size / 2),
                    (left + size, foot + rise + size / 2),
                    (left, foot + rise),
                ],
                colour,
            )
