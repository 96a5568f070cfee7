"""A calm sea: low sun, clouds, a path of light on the water, a sail or a headland."""

import math
from random import Random

from studio_imaging.palette import Palette, mix
from studio_imaging.scenes.canvas import Canvas


def paint(canvas: Canvas, palette: Palette, rng: Random, words: frozenset[str]) -> None:
    """Paint sky and water with a horizon slightly below the middle."""
    width, height, unit = canvas.width, canvas.height, canvas.unit
    horizon = height * rng.uniform(0.50, 0.56)
    sun_x = width * rng.uniform(0.3, 0.7)
    radius = unit * rng.uniform(0.10, 0.14)
    sun_y = horizon - radius * rng.uniform(0.25, 1.3)

    canvas.gradient(palette.sky, 0, horizon)
    canvas.glow(sun_x, sun_y, radius * 6, palette.light, 0.85)
    canvas.disc(sun_x, sun_y, radius, palette.light)
    _clouds(canvas, rng, palette, horizon)
    canvas.gradient((mix(palette.far, palette.sky[2], 0.25), palette.far, palette.near), horizon)
    canvas.haze(horizon - unit * 0.05, horizon, mix(palette.sky[2], palette.light, 0.4), 0.5)
    if rng.random() < 0.6:
        _headland(canvas, rng, palette, horizon)
    _ripples(canvas, rng, palette, horizon)
    _light_path(canvas, rng, palette, sun_x, radius, horizon)
    if rng.random() < 0.55 or words & {"boat", "sail", "sailing", "ship", "yacht"}:
        side = -1 if sun_x > width / 2 else 1
        _sail(canvas, palette, sun_x + side * width * rng.uniform(0.16, 0.26), horizon, rng)


def _clouds(canvas: Canvas, rng: Random, palette: Palette, horizon: float) -> None:
    colour = mix(palette.sky[2], palette.light, 0.6)
    for _ in range(rng.randrange(4, 8)):
        x, y = canvas.width * rng.uniform(-0.1, 0.9), horizon * rng.uniform(0.15, 0.82)
        for _ in range(rng.randrange(2, 5)):
            long = canvas.unit * rng.uniform(0.14, 0.42)
            thick = canvas.unit * rng.uniform(0.008, 0.020)
            left = x + canvas.unit * rng.uniform(-0.14, 0.14)
            canvas.bar(left, y, left + long, y + thick, colour, radius=thick / 2, opacity=0.5)
            y += thick * 0.95


def _headland(canvas: Canvas, rng: Random, palette: Palette, horizon: float) -> None:
    """Paint one or two soft capes from the side; distant ones are paler."""
    from_left = rng.random() < 0.5
    for reach, tall, tone in ((0.55, 0.10, 0.25), (0.34, 0.15, 0.55)):
        colour = mix(palette.far, palette.near, tone)
        phase = rng.uniform(0, math.tau)
        crest = []
        for step in range(61):
            share = step / 60
            bump = 0.75 + 0.25 * math.sin(share * 9 + phase)
            fall = math.cos(share * math.pi / 2) ** 1.2
            x = canvas.width * reach * share
            crest.append(
                (x if from_left else canvas.width - x, horizon - canvas.unit * tall * fall * bump)
            )
        edge = 0 if from_left else canvas.width
        canvas.polygon([(edge, horizon), *crest], colour)


def _ripples(canvas: Canvas, rng: Random, palette: Palette, horizon: float) -> None:
    """Paint short strokes over the water, larger and fewer towards the viewer."""
    depth = canvas.height - horizon
    for _ in range(150):
        near = rng.random() ** 1.6
        y = horizon + depth * (0.02 + 0.98 * near)
        x = canvas.width * rng.random()
        long = canvas.unit * (0.02 + 0.13 * near) * rng.uniform(0.4, 1.2)
        thick = canvas.unit * (0.0015 + 0.006 * near)
        bright = rng.random() < 0.6
        colour = mix(palette.far, palette.light, 0.5) if bright else palette.near
        canvas.bar(x - long, y, x + long, y + thick, colour, radius=thick / 2, opacity=0.28)


def _light_path(
    canvas: Canvas, rng: Random, palette: Palette, sun_x: float, radius: float, horizon: float
) -> None:
    depth = canvas.height - horizon
    y = horizon + canvas.unit * 0.004
    while y < canvas.height:
        near = (y - horizon) / depth
        thick = canvas.unit * (0.0035 + 0.011 * near)
        half = radius * (0.95 - 0.35 * near) * rng.uniform(0.45, 1.15)
        x = sun_x + radius * rng.uniform(-0.35, 0.35) * (0.3 + near)
        canvas.bar(
            x - half,
            y,
            x + half,
            y + thick,
            palette.light,
            radius=thick / 2,
            opacity=0.85 - 0.4 * near,
        )
        y += thick * rng.uniform(1.6, 2.4)


def _sail(canvas: Canvas, palette: Palette, x: float, horizon: float, rng: Random) -> None:
    tall = canvas.unit * rng.uniform(0.08, 0.13)
    foot = horizon + tall * 0.35
    canvas.polygon([(x, foot - tall), (x, foot), (x + tall * 0.42, foot)], palette.paper)
    canvas.polygon(
        [(x - tall * 0.04, foot - tall * 0.86), (x - tall * 0.04, foot), (x - tall * 0.28, foot)],
        palette.accents[0],
    )
    hull = foot + tall * 0.05
    canvas.polygon(
        [
            (x - tall * 0.36, hull),
            (x + tall * 0.5, hull),
            (x + tall * 0.34, hull + tall * 0.13),
            (x - tall * 0.24, hull + tall * 0.13),
        ],
        palette.ink,
    )
    for step in range(4):
        half = tall * (0.34 - 0.06 * step)
        y = hull + tall * (0.19 + 0.09 * step)
        canvas.bar(x - half, y, x + half, y + tall * 0.035, palette.ink, radius=2, opacity=0.35)
