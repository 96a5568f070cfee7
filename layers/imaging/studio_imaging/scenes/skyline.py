"""A city at night: stars, a moon, three rows of towers with lit windows, and their reflection."""

from random import Random

from PIL import Image, ImageFilter

from studio_imaging.palette import Palette, Rgb, mix
from studio_imaging.scenes.canvas import Canvas


def paint(canvas: Canvas, palette: Palette, rng: Random, words: frozenset[str]) -> None:
    """Paint the towers on a waterline, with stars if the sky is dark enough."""
    width, height, unit = canvas.width, canvas.height, canvas.unit
    shore = height * 0.74
    canvas.gradient(palette.sky, 0, shore)
    if palette.dark:
        _stars(canvas, rng, palette, shore)
    moon_x, moon_y = width * rng.uniform(0.18, 0.82), height * rng.uniform(0.16, 0.28)
    radius = unit * rng.uniform(0.055, 0.085)
    canvas.glow(moon_x, moon_y, radius * 5.5, palette.light, 0.5)
    canvas.disc(moon_x, moon_y, radius, palette.light)
    for dx, dy, size in ((-0.3, -0.2, 0.24), (0.28, 0.3, 0.17), (0.15, -0.38, 0.11)):
        crater = mix(palette.light, palette.sky[1], 0.14)
        canvas.disc(moon_x + radius * dx, moon_y + radius * dy, radius * size, crater)

    canvas.haze(shore - height * 0.34, shore, mix(palette.sky[2], palette.accents[0], 0.35), 0.55)
    rows = ((0.20, 0.46, 0.05), (0.16, 0.36, 0.065), (0.08, 0.25, 0.085))
    for row, (low, high, broad) in enumerate(rows):
        colour = mix(palette.far, palette.near, row / 2)
        lit = mix(colour, palette.accents[0], (0.35, 0.7, 1.0)[row])
        x = -unit * broad * rng.random()
        while x < width:
            wide = unit * broad * rng.uniform(0.7, 1.5)
            tall = height * rng.uniform(low, high)
            _tower(canvas, rng, (x, shore - tall, x + wide, shore), colour, lit)
            x += wide + unit * rng.uniform(-0.004, 0.02)
        canvas.haze(shore - height * 0.16, shore, mix(colour, palette.sky[2], 0.7), 0.4)
    _reflect(canvas, palette, round(shore))


def _stars(canvas: Canvas, rng: Random, palette: Palette, shore: float) -> None:
    for _ in range(170):
        x, y = canvas.width * rng.random(), shore * 0.85 * rng.random() ** 1.3
        size = canvas.unit * rng.choice((0.0010, 0.0010, 0.0014, 0.0022))
        canvas.disc(x, y, max(0.8, size), mix(palette.sky[0], palette.light, rng.uniform(0.3, 1)))


def _tower(
    canvas: Canvas, rng: Random, box: tuple[float, float, float, float], colour: Rgb, lit: Rgb
) -> None:
    left, top, right, bottom = box
    wide = right - left
    canvas.bar(left, top, right, bottom, colour)
    roof = rng.randrange(5)
    if roof == 0:
        canvas.bar(left + wide * 0.2, top - wide * 0.3, right - wide * 0.2, top + 1, colour)
    elif roof == 1:
        canvas.polygon([(left, top + 1), (left, top - wide * 0.5), (right, top + 1)], colour)
    elif roof == 2:
        canvas.polygon(
            [(left, top + 1), ((left + right) / 2, top - wide * 0.8), (right, top + 1)], colour
        )
    mast = canvas.unit * 0.003
    if roof in {0, 2, 3}:
        middle = (left + right) / 2
        canvas.bar(middle - mast, top - wide * 1.3, middle + mast, top, colour)
    columns = max(2, round(wide / (canvas.unit * 0.014)))
    pitch = wide / (columns + 0.5)
    pane = pitch * 0.5
    y = top + pitch * 0.8
    while y < bottom - pitch:
        for column in range(columns):
            if rng.random() < 0.34:
                x = left + pitch * (0.5 + column)
                canvas.bar(x, y, x + pane, y + pane * 1.35, mix(colour, lit, rng.uniform(0.45, 1)))
        y += pitch * 1.25


def _reflect(canvas: Canvas, palette: Palette, shore: int) -> None:
    """Paint the reflection of the town in the water: squeezed, blurred and darkened."""
    depth = canvas.height - shore
    if depth < 1:
        return
    small = (max(1, canvas.width // 6), max(1, depth // 3))
    source = canvas.image.crop((0, max(0, shore - 2 * depth), canvas.width, shore))
    mirror = source.resize(small, reducing_gap=2.0).transpose(Image.Transpose.FLIP_TOP_BOTTOM)
    soft = mirror.filter(ImageFilter.BoxBlur((1, 4)))
    water = Image.blend(soft, Image.new("RGB", soft.size, palette.near), 0.45)
    canvas.image.paste(water.resize((canvas.width, depth)), (0, shore))
    canvas.bar(
        0, shore - canvas.unit * 0.002, canvas.width, shore + canvas.unit * 0.002, palette.near
    )
