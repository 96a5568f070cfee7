"""Objects for a plinth: cup, bottle, vase, box and sphere, with light from the left."""

import math
from collections.abc import Callable
from random import Random

from studio_imaging.palette import Palette, Rgb, mix
from studio_imaging.scenes.canvas import Canvas, Point

# Paints an object with its foot at (x, foot).
PlacedObject = Callable[[Canvas, Palette, float, float], None]

_CUP = frozenset({"coffee", "cup", "mug", "tea", "espresso", "latte", "cappuccino"})
_BOTTLE = frozenset({"bottle", "perfume", "serum", "wine", "cosmetic", "skincare", "shampoo"})
_VASE = frozenset({"vase", "flower", "plant", "bouquet", "ceramic", "pottery"})
_BOX = frozenset({"box", "carton", "package", "packaging"})


def choose_object(words: frozenset[str], rng: Random) -> PlacedObject:
    """Return the object that the prompt names, else a random one."""
    for names, paint in ((_CUP, _cup), (_BOTTLE, _bottle), (_VASE, _vase), (_BOX, _box)):
        if words & names:
            return paint
    return rng.choice((_bottle, _vase, _box, _sphere))


def ball(canvas: Canvas, palette: Palette, centre: Point, radius: float, colour: Rgb) -> None:
    """Paint a shaded ball with its shadow on the floor."""
    x, y = centre
    _contact_shadow(canvas, palette, x + radius * 0.3, y + radius * 0.95, radius)
    canvas.shaded(oval(x, y, radius, 1), _tones(colour, palette))
    canvas.glow(x - radius * 0.35, y - radius * 0.4, radius * 0.75, palette.light, 0.75)


def turned(
    canvas: Canvas,
    palette: Palette,
    foot: Point,
    outline: list[Point],
    colour: Rgb,
    *,
    squash: float = 0.2,
) -> None:
    """Paint a round body, such as a vase.

    Args:
        canvas: Where to paint.
        palette: Its light and ink give the lit and the shaded side.
        foot: The middle of the body's lower edge.
        outline: (radius, height above the foot) from the foot to the top, joined by a curve.
        colour: Colour of the body between light and shade.
        squash: How round its ends look; 0 is the view from the side.
    """
    x, y = foot
    curve = _smooth(outline)
    right = [(x + radius, y - rise) for radius, rise in curve]
    left = [(x - radius, y - rise) for radius, rise in reversed(curve)]
    base = oval(x, y, outline[0][0], squash, 0.5, 0)
    canvas.shaded([*right, *left, *base], _tones(colour, palette))
    top = outline[-1]
    canvas.disc(x, y - top[1], top[0], mix(colour, palette.light, 0.35), squash=squash)


def oval(
    x: float, y: float, radius: float, squash: float, start: float = 0, end: float = 1
) -> list[Point]:
    """Return points on an ellipse between two shares of a turn, clockwise from three o'clock."""
    turns = [math.tau * (start + (end - start) * step / 72) for step in range(73)]
    return [(x + radius * math.cos(turn), y + radius * squash * math.sin(turn)) for turn in turns]


def _tones(colour: Rgb, palette: Palette) -> tuple[Rgb, ...]:
    """Return tones for light from the left, with a core shade and some reflected light."""
    return (
        mix(colour, palette.light, 0.22),
        mix(colour, palette.light, 0.40),
        mix(colour, palette.light, 0.12),
        mix(colour, palette.ink, 0.18),
        mix(colour, palette.ink, 0.42),
        mix(colour, palette.ink, 0.34),
    )


def _smooth(outline: list[Point]) -> list[Point]:
    """Return a Catmull-Rom curve through the points; two points give a straight line."""
    if len(outline) < 3:
        return outline
    ends = [outline[0], *outline, outline[-1]]
    curve = []
    for before, start, end, after in zip(ends, ends[1:], ends[2:], ends[3:], strict=False):
        for step in range(12):
            t = step / 12
            curve.append(
                (
                    _spline(before[0], start[0], end[0], after[0], t),
                    _spline(before[1], start[1], end[1], after[1], t),
                )
            )
    return [*curve, outline[-1]]


def _spline(before: float, start: float, end: float, after: float, t: float) -> float:
    return 0.5 * (
        2 * start
        + (end - before) * t
        + (2 * before - 5 * start + 4 * end - after) * t**2
        + (3 * start - before - 3 * end + after) * t**3
    )


def _contact_shadow(canvas: Canvas, palette: Palette, x: float, y: float, radius: float) -> None:
    canvas.shadow(oval(x, y, radius, 0.24), canvas.unit * 0.013, 0.5, palette.ink)


def _sphere(canvas: Canvas, palette: Palette, x: float, foot: float) -> None:
    radius = canvas.unit * 0.125
    ball(canvas, palette, (x, foot - radius * 0.92), radius, palette.accents[0])


def _box(canvas: Canvas, palette: Palette, x: float, foot: float) -> None:
    half, tall = canvas.unit * 0.11, canvas.unit * 0.2
    low = half * 0.32
    colour = palette.accents[0]
    _contact_shadow(canvas, palette, x + half * 0.3, foot, half * 1.2)
    top = foot - tall
    for side, shade in ((-1, mix(colour, palette.light, 0.15)), (1, mix(colour, palette.ink, 0.4))):
        edge = x + side * half
        canvas.polygon([(edge, top), (x, top + low), (x, foot + low), (edge, foot)], shade)
    lid = [(x, top - low), (x + half, top), (x, top + low), (x - half, top)]
    canvas.polygon(lid, mix(colour, palette.light, 0.5))


def _bottle(canvas: Canvas, palette: Palette, x: float, foot: float) -> None:
    unit, colour = canvas.unit, palette.accents[0]
    half, tall = unit * 0.085, unit * 0.27
    _contact_shadow(canvas, palette, x + half * 0.35, foot, half * 1.2)
    outline = [
        (half, 0.0),
        (half, tall * 0.30),
        (half, tall * 0.60),
        (half * 0.78, tall * 0.76),
        (half * 0.36, tall * 0.82),
        (half * 0.36, tall * 0.90),
    ]
    turned(canvas, palette, (x, foot), outline, colour)
    cap = [(half * 0.46, 0.0), (half * 0.46, tall * 0.2)]
    turned(
        canvas, palette, (x, foot - tall * 0.89), cap, mix(palette.ink, palette.accents[1], 0.25)
    )
    label = half * 0.62
    canvas.bar(
        x - label,
        foot - tall * 0.48,
        x + label,
        foot - tall * 0.16,
        palette.paper,
        radius=unit * 0.006,
        opacity=0.92,
    )
    for rise, share, ink in ((0.385, 0.36, palette.ink), (0.31, 0.22, colour)):
        y = foot - tall * rise
        canvas.bar(x - half * share, y, x + half * share, y + unit * 0.005, ink)


def _vase(canvas: Canvas, palette: Palette, x: float, foot: float) -> None:
    half, tall = canvas.unit * 0.10, canvas.unit * 0.2
    for lean, long in ((-0.45, 0.21), (0.05, 0.26), (0.48, 0.19)):
        _twig(canvas, palette, (x, foot - tall), canvas.unit * long, lean)
    _contact_shadow(canvas, palette, x + half * 0.3, foot, half * 0.9)
    outline = [
        (half * 0.55, 0.0),
        (half * 0.93, tall * 0.22),
        (half, tall * 0.45),
        (half * 0.72, tall * 0.70),
        (half * 0.40, tall * 0.86),
        (half * 0.48, tall),
    ]
    turned(canvas, palette, (x, foot), outline, palette.accents[0])
    canvas.disc(x, foot - tall, half * 0.36, mix(palette.accents[0], palette.ink, 0.6), squash=0.2)


def _twig(canvas: Canvas, palette: Palette, foot: Point, long: float, lean: float) -> None:
    """Paint a stem that bends outwards, with pairs of pointed leaves."""
    colour = mix(palette.accents[3], palette.near, 0.45)
    path = [
        (
            foot[0] + lean * long * (step / 12) ** 1.4,
            foot[1] + canvas.unit * 0.02 - long * step / 12,
        )
        for step in range(13)
    ]
    canvas.line(path, colour, canvas.unit * 0.004)
    for index, at in enumerate(range(4, 13, 2)):
        size = canvas.unit * (0.046 - 0.005 * index)
        for side in (-1, 1):
            tone = mix(colour, palette.accents[3], 0.35 + 0.3 * side)
            _leaf(canvas, path[at], size, math.radians(-90 + side * (62 - 7 * index)), tone)


def _leaf(canvas: Canvas, stem: Point, size: float, angle: float, colour: Rgb) -> None:
    """Paint a pointed leaf from the stem outwards."""
    along = (math.cos(angle), math.sin(angle))
    edge = [(size * step / 8, size * 0.2 * math.sin(math.pi * step / 8)) for step in range(9)]
    outline = edge + [(way, -bulge) for way, bulge in reversed(edge)]
    canvas.polygon(
        [
            (
                stem[0] + way * along[0] - bulge * along[1],
                stem[1] + way * along[1] + bulge * along[0],
            )
            for way, bulge in outline
        ],
        colour,
    )


def _cup(canvas: Canvas, palette: Palette, x: float, foot: float) -> None:
    unit = canvas.unit
    half, tall = unit * 0.125, unit * 0.145
    colour = mix(palette.paper, palette.accents[0], 0.14)
    _contact_shadow(canvas, palette, x + half * 0.25, foot + unit * 0.012, half * 1.25)
    canvas.disc(x, foot + unit * 0.008, half * 1.3, mix(colour, palette.ink, 0.22), squash=0.2)
    canvas.disc(x, foot, half * 1.3, mix(colour, palette.light, 0.45), squash=0.2)
    canvas.disc(x + half * 0.1, foot, half * 0.72, mix(colour, palette.ink, 0.16), squash=0.2)
    handle = oval(x + half * 1.0, foot - tall * 0.60, half * 0.36, 0.95)
    canvas.line([*handle, handle[1]], mix(colour, palette.ink, 0.26), unit * 0.021)
    outline = [
        (half * 0.46, 0.0),
        (half * 0.74, tall * 0.14),
        (half * 0.92, tall * 0.48),
        (half, tall),
    ]
    turned(canvas, palette, (x, foot - unit * 0.003), outline, colour)
    rim = foot - unit * 0.003 - tall
    canvas.disc(x, rim, half, mix(colour, palette.light, 0.65), squash=0.22)
    drink = mix(palette.accents[2], palette.ink, 0.35)
    canvas.disc(x, rim + unit * 0.003, half * 0.91, drink, squash=0.205)
    foam = mix(palette.accents[1], palette.paper, 0.35)
    canvas.disc(x, rim + unit * 0.005, half * 0.62, foam, squash=0.19)
    for shift in (-0.35, 0.05, 0.42):
        steam = [
            (
                x + half * (shift + 0.13 * math.sin(step * 0.14 + shift * 5)),
                rim - unit * (0.03 + 0.0028 * step),
            )
            for step in range(52)
        ]
        canvas.line(steam, mix(palette.light, palette.sky[1], 0.25), unit * 0.006)
