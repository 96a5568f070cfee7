"""Ridges of hills in haze under a sun, with pines if the prompt is about woods."""

import math
from collections.abc import Callable
from random import Random

from studio_imaging.palette import Palette, mix
from studio_imaging.scenes.canvas import Canvas

_WOODS = frozenset({"forest", "woods", "woodland", "pine", "pines", "tree", "trees", "jungle"})


def paint(canvas: Canvas, palette: Palette, rng: Random, words: frozenset[str]) -> None:
    """Paint the sky, a sun with its glow, and five to seven ridges from far to near."""
    width, height, unit = canvas.width, canvas.height, canvas.unit
    canvas.gradient(palette.sky, 0, height * 0.72)
    canvas.gradient((palette.sky[2], palette.far), height * 0.72)
    sun_x, sun_y = width * rng.uniform(0.22, 0.78), height * rng.uniform(0.24, 0.40)
    radius = unit * rng.uniform(0.07, 0.11)
    canvas.glow(sun_x, sun_y, radius * 6.5, palette.light, 0.75)
    canvas.disc(sun_x, sun_y, radius, palette.light)

    count = rng.randrange(5, 8)
    peaks = rng.random() < 0.6
    wooded = bool(words & _WOODS) or rng.random() < 0.25
    for layer, colour in enumerate(palette.ramp(count)):
        depth = layer / (count - 1)
        base = height * (0.46 + 0.42 * depth**0.85)
        lift = height * (0.17 - 0.09 * depth)
        profile = _ridge(rng, width, unit, rough=peaks and depth < 0.45)
        step = max(1, width // 400)
        crest = [(float(x), base - lift * profile(x)) for x in range(0, width + step, step)]
        canvas.polygon([(0, height), *crest, (width, height)], colour)
        if wooded and depth > 0.45:
            _plant(canvas, rng, crest, unit * (0.035 + 0.075 * depth**2), palette, depth)
        if depth < 1:
            mist = mix(colour, palette.sky[2], 0.75 - 0.35 * depth)
            canvas.haze(base - lift * 0.4, base + height * 0.16, mist, 0.75)
    if not palette.dark:
        _birds(canvas, rng, palette)


def _ridge(rng: Random, width: int, unit: int, *, rough: bool) -> Callable[[float], float]:
    """Return the function of a ridge's height, about 0 to 1: smooth, or with peaks if rough."""
    waves = [
        (0.5**octave, rng.uniform(0.7, 1.2) * 1.9**octave, rng.uniform(0, math.tau))
        for octave in range(6 if rough else 3)
    ]
    length = max(unit * 1.1, width * 0.55)
    total = sum(weight for weight, _, _ in waves)

    def height_at(x: float) -> float:
        swell = 0.0
        for weight, rate, phase in waves:
            wave = math.sin(x / length * rate * math.tau + phase)
            swell += weight * (1 - 2 * abs(wave) if rough else wave)
        return 0.5 + 0.5 * swell / total

    return height_at


def _plant(
    canvas: Canvas,
    rng: Random,
    crest: list[tuple[float, float]],
    size: float,
    palette: Palette,
    depth: float,
) -> None:
    """Paint pines along a crest, slightly darker than their ridge."""
    colour = mix(mix(palette.far, palette.near, depth), palette.near, 0.35)
    spacing = size * 0.42
    x = rng.uniform(0, spacing)
    while x < canvas.width:
        index = min(int(x / canvas.width * (len(crest) - 1)), len(crest) - 1)
        foot = crest[index][1] + size * 0.12
        if rng.random() < 0.82:
            _pine(canvas, x, foot, size * rng.uniform(0.55, 1.15), colour)
        x += spacing * rng.uniform(0.6, 1.5)


def _pine(canvas: Canvas, x: float, foot: float, tall: float, colour: tuple[int, int, int]) -> None:
    for tier in range(4):
        top = foot - tall * (1 - 0.2 * tier)
        half = tall * (0.09 + 0.055 * tier)
        canvas.polygon(
            [(x, top), (x - half, top + tall * 0.38), (x + half, top + tall * 0.38)], colour
        )
    canvas.polygon(
        [
            (x - tall * 0.03, foot - tall * 0.1),
            (x + tall * 0.03, foot - tall * 0.1),
            (x, foot + tall * 0.1),
        ],
        colour,
    )


def _birds(canvas: Canvas, rng: Random, palette: Palette) -> None:
    colour = mix(palette.near, palette.sky[1], 0.25)
    centre_x, centre_y = (
        canvas.width * rng.uniform(0.3, 0.7),
        canvas.height * rng.uniform(0.12, 0.22),
    )
    for _ in range(rng.randrange(3, 7)):
        x = centre_x + canvas.unit * rng.uniform(-0.16, 0.16)
        y = centre_y + canvas.unit * rng.uniform(-0.06, 0.06)
        span = canvas.unit * rng.uniform(0.010, 0.020)
        wing = [(x - span, y - span * 0.35), (x - span * 0.45, y - span * 0.5), (x, y)]
        mirrored = [(2 * x - px, py) for px, py in reversed(wing)]
        canvas.line(wing + mirrored, colour, canvas.unit * 0.0028)
