"""Concentric arches on a common ground line, like mid-century prints."""

import math
from random import Random

from studio_imaging.palette import Palette, Rgb, mix
from studio_imaging.scenes.canvas import Canvas


def paint(canvas: Canvas, palette: Palette, rng: Random, words: frozenset[str]) -> None:
    """Paint a back row and a front row of arches, a sun behind them, and bands of ground."""
    width, height, unit = canvas.width, canvas.height, canvas.unit
    canvas.gradient(palette.sky)
    radius = unit * rng.uniform(0.12, 0.16)
    sun_x, sun_y = width * rng.uniform(0.2, 0.8), height * rng.uniform(0.24, 0.32)
    canvas.glow(sun_x, sun_y, radius * 4, palette.light, 0.7)
    canvas.disc(sun_x, sun_y, radius, mix(palette.accents[1], palette.light, 0.35))

    # All arches have the colours in the same order, from different starts.
    bands: list[Rgb] = [*palette.accents]
    rng.shuffle(bands)
    ground = height * 0.74
    for row, size in ((0, 0.36), (1, 0.25)):
        base = ground + unit * (-0.03, 0.05)[row]
        outer = unit * size
        x = -outer * rng.uniform(0.1, 0.8)
        while x < width + outer * 0.4:
            reach = outer * rng.uniform(0.68, 1.1)
            start = rng.randrange(4)
            fade = 0.30 if row == 0 else 0.0
            tones = [mix(colour, palette.sky[2], fade) for colour in bands[start:] + bands[:start]]
            paper = mix(palette.paper, palette.sky[2], fade)
            _arch(canvas, rng, (x + reach, base, reach), tones, paper)
            x += 2 * reach * rng.uniform(0.9, 1.05)
        tone = mix(palette.far, palette.near, 0.35 + 0.3 * row)
        canvas.bar(0, base, width, height, tone)
    _ground(canvas, rng, palette, ground + unit * 0.05)


def _arch(
    canvas: Canvas, rng: Random, place: tuple[float, float, float], tones: list[Rgb], paper: Rgb
) -> None:
    """Paint one arch on straight feet: bands with thin lines of paper between them."""
    x, base, reach = place
    feet = reach * rng.uniform(0.05, 0.45)
    crown = base - feet
    curve = [
        (x - reach * math.cos(math.pi * step / 20), crown - reach * math.sin(math.pi * step / 20))
        for step in range(21)
    ]
    canvas.shadow([(x - reach, base), *curve, (x + reach, base)], canvas.unit * 0.018, 0.26)
    count = rng.randrange(4, 7)
    line = canvas.unit * 0.006
    for band in range(count):
        radius = reach * (1 - band / (count + 0.4))
        for size, colour in ((radius, paper), (radius - line, tones[band % len(tones)])):
            if size > 0:
                canvas.pie(x, crown, size, 180, 360, colour)
                canvas.bar(x - size, crown - 1, x + size, base, colour)


def _ground(canvas: Canvas, rng: Random, palette: Palette, top: float) -> None:
    """Paint bands of soil, darker and thicker towards the viewer."""
    y, tone = top, 0.55
    while y < canvas.height:
        thick = canvas.unit * rng.uniform(0.03, 0.07)
        colour = mix(palette.far, palette.near, min(1.0, tone))
        canvas.bar(0, y, canvas.width, canvas.height, colour)
        y += thick
        tone += 0.11
