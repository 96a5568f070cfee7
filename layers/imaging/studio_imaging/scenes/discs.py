"""Overlapping translucent discs on a table line, with thin rings and a few solid dots."""

import math
from random import Random

from PIL import Image, ImageChops, ImageDraw

from studio_imaging.palette import Palette, Rgb, mix
from studio_imaging.scenes.canvas import Canvas


def paint(canvas: Canvas, palette: Palette, rng: Random, words: frozenset[str]) -> None:
    """Paint discs whose colours multiply on a light background and add up on a dark one."""
    width, height, unit = canvas.width, canvas.height, canvas.unit
    canvas.gradient(palette.sky)
    table = height * rng.uniform(0.62, 0.70)
    canvas.gradient(
        (mix(palette.sky[2], palette.far, 0.55), mix(palette.far, palette.near, 0.2)), table
    )
    canvas.glow(width * 0.5, table - unit * 0.25, unit * 0.75, palette.light, 0.45)

    count = min(40, rng.randrange(4, 6) + round(2 * width / unit))
    spread = width * 0.84 / count
    order = list(range(count))
    rng.shuffle(order)
    for place in order:
        radius = unit * rng.choice((0.09, 0.13, 0.18, 0.24))
        x = width * 0.08 + spread * (place + 0.5) + spread * rng.uniform(-0.3, 0.3)
        y = table + unit * rng.uniform(0.0, 0.08) - radius
        _shade(canvas, x, y + radius, radius, palette.ink)
        _glass(canvas, x, y, radius, palette.accents[place % 4], adds=palette.dark)
        if rng.random() < 0.5:
            _ring(canvas, x, y, radius * 1.22, mix(palette.ink, palette.light, 0.9 * palette.dark))
    for _ in range(rng.randrange(3, 6)):
        x, y = width * rng.uniform(0.08, 0.92), table - unit * rng.uniform(0.35, 0.55)
        canvas.disc(x, y, unit * rng.uniform(0.008, 0.022), palette.accents[rng.randrange(4)])


def _shade(canvas: Canvas, x: float, foot: float, radius: float, colour: Rgb) -> None:
    points = [
        (x + radius * 0.8 * math.cos(turn), foot + radius * 0.1 * math.sin(turn))
        for turn in (math.tau * step / 24 for step in range(24))
    ]
    canvas.shadow(points, canvas.unit * 0.016, 0.4, colour)


def _glass(canvas: Canvas, x: float, y: float, radius: float, colour: Rgb, *, adds: bool) -> None:
    """Paint a translucent disc with a soft highlight."""
    box = (round(x - radius), round(y - radius), round(x + radius), round(y + radius))
    under = canvas.image.crop(box)
    tint = Image.new(
        "RGB", under.size, mix(colour, *((0, 0, 0), 0.4) if adds else ((255, 255, 255), 0.18))
    )
    blended = ImageChops.screen(under, tint) if adds else ImageChops.multiply(under, tint)
    mask = Image.new("L", under.size)
    ImageDraw.Draw(mask).ellipse((0, 0, mask.width - 1, mask.height - 1), fill=235)
    canvas.image.paste(blended, box, mask)
    canvas.glow(x - radius * 0.3, y - radius * 0.36, radius * 0.62, (255, 255, 255), 0.42)


def _ring(canvas: Canvas, x: float, y: float, radius: float, colour: Rgb) -> None:
    points = [
        (x + radius * math.cos(math.tau * step / 90), y + radius * math.sin(math.tau * step / 90))
        for step in range(91)
    ]
    canvas.line(points, colour, canvas.unit * 0.0028)
