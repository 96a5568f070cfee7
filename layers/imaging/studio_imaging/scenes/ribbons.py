"""Flowing layers like cut paper; each wave casts a soft shadow on the wave behind it."""

import math
from random import Random

from studio_imaging.palette import Palette, Rgb, mix
from studio_imaging.scenes.canvas import Canvas, Point


def paint(canvas: Canvas, palette: Palette, rng: Random, words: frozenset[str]) -> None:
    """Paint seven to nine waves that run across the image, tilted, from back to front."""
    width, height, unit = canvas.width, canvas.height, canvas.unit
    canvas.gradient(palette.sky)
    radius = unit * rng.uniform(0.11, 0.16)
    sun = (width * rng.uniform(0.25, 0.75), height * rng.uniform(0.16, 0.26))
    canvas.glow(*sun, radius * 4, palette.light, 0.6)
    canvas.disc(*sun, radius, palette.accents[1] if not palette.dark else palette.light)

    count = rng.randrange(7, 10)
    colours = _layers(palette, rng, count)
    tilt = rng.uniform(-0.16, 0.16) * min(height, width)
    phase, rate = rng.uniform(0, math.tau), rng.uniform(0.75, 1.15)
    for layer, colour in enumerate(colours):
        share = layer / (count - 1)
        middle = height * (0.30 + 0.62 * share)
        swing = unit * rng.uniform(0.05, 0.10)
        phase += rng.uniform(0.5, 1.3)
        crest = _crest(canvas, middle, swing, rate * (1 + 0.25 * share), phase, tilt)
        shape = [(0.0, float(height)), *crest, (float(width), float(height))]
        raised = [(x, y - unit * 0.012) for x, y in crest]
        canvas.shadow(
            [(0, height), *raised, (width, height)],
            unit * 0.020,
            0.34,
            mix(palette.ink, colour, 0.2),
        )
        canvas.polygon(shape, colour)
        canvas.line(crest, mix(colour, palette.light, 0.38), unit * 0.0035)
        if rng.random() < 0.45:
            for strand in range(1, 5):
                drop = unit * 0.013 * strand
                canvas.line(
                    [(x, y + drop) for x, y in crest],
                    mix(colour, palette.light, 0.20 - 0.04 * strand),
                    unit * 0.0022,
                )


def _layers(palette: Palette, rng: Random, count: int) -> list[Rgb]:
    """Return the colours of the layers: the landscape ramp with two accents."""
    colours = palette.ramp(count)
    for accent in rng.sample(range(4), 2):
        index = rng.randrange(1, count - 1)
        colours[index] = mix(colours[index], palette.accents[accent], 0.85)
    return colours


def _crest(
    canvas: Canvas, middle: float, swing: float, rate: float, phase: float, tilt: float
) -> list[Point]:
    length = max(canvas.unit * 1.2, canvas.width * 0.8)
    step = max(1, canvas.width // 300)
    return [
        (
            float(x),
            middle
            + tilt * (x / canvas.width - 0.5)
            + swing * math.sin(x / length * rate * math.tau + phase)
            + swing * 0.4 * math.sin(x / length * rate * 2.3 * math.tau + phase * 1.7),
        )
        for x in range(0, canvas.width + step, step)
    ]
