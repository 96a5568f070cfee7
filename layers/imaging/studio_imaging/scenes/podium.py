"""A product on a round plinth in front of an arch."""

import math
from random import Random

from studio_imaging.palette import Palette, Rgb, mix
from studio_imaging.scenes.canvas import Canvas, Point
from studio_imaging.scenes.objects import ball, choose_object, oval, turned


def paint(canvas: Canvas, palette: Palette, rng: Random, words: frozenset[str]) -> None:
    """Paint wall, floor, arch, plinth and the object that the prompt names, else a random one."""
    width, height, unit = canvas.width, canvas.height, canvas.unit
    floor = height * 0.60
    centre = width * 0.5
    wall = mix(palette.sky[1], palette.accents[1], 0.18)
    canvas.gradient((mix(wall, palette.ink, 0.06), wall, mix(wall, palette.light, 0.35)), 0, floor)
    canvas.gradient((mix(wall, palette.near, 0.20), mix(wall, palette.near, 0.05)), floor)
    canvas.glow(centre - unit * 0.35, height * 0.22, unit * 1.1, palette.light, 0.6)

    side = rng.choice((-1, 1))
    _alcove(canvas, palette, centre + side * unit * 0.14, floor, wall, rng.randrange(2))
    top = floor + unit * 0.03
    _plinth(canvas, palette, centre, top)
    ball_x = centre - side * unit * 0.33
    ball(canvas, palette, (ball_x, top + unit * 0.075), unit * 0.055, palette.accents[2])
    choose_object(words, rng)(canvas, palette, centre, top)


def _alcove(
    canvas: Canvas, palette: Palette, x: float, floor: float, wall: Rgb, accent: int
) -> None:
    """Paint two nested arches on the wall."""
    unit = canvas.unit
    crown = floor - unit * 0.26
    tone = mix(palette.accents[accent], wall, 0.25)
    canvas.shadow(_arch(x + unit * 0.02, crown, unit * 0.29, floor), unit * 0.03, 0.22, palette.ink)
    canvas.polygon(_arch(x, crown, unit * 0.29, floor), tone)
    canvas.polygon(_arch(x, crown, unit * 0.23, floor), mix(tone, palette.light, 0.22))


def _arch(x: float, crown: float, radius: float, floor: float) -> list[Point]:
    curve = [
        (x - radius * math.cos(math.pi * step / 60), crown - radius * math.sin(math.pi * step / 60))
        for step in range(61)
    ]
    return [(x - radius, floor), *curve, (x + radius, floor)]


def _plinth(canvas: Canvas, palette: Palette, x: float, top: float) -> None:
    radius, tall = canvas.unit * 0.23, canvas.unit * 0.11
    foot = top + tall
    shade = oval(x + radius * 0.3, foot + radius * 0.06, radius * 1.2, 0.24)
    canvas.shadow(shade, canvas.unit * 0.03, 0.45, palette.ink)
    colour = mix(palette.paper, palette.accents[1], 0.22)
    turned(canvas, palette, (x, foot), [(radius, 0), (radius, tall)], colour, squash=0.24)
    canvas.disc(x, top, radius, mix(colour, palette.light, 0.6), squash=0.24)
